"""What is said at each act of an action: the update with its words and their release, the evidence, the record."""

import datetime as dt
import random
from dataclasses import dataclass

from app.domain.workflow import Verb
from app.models.evidence import EvidenceItem
from app.models.updates import Update, Via
from app.synth import words
from app.synth.bulk import InventedRows, Told
from app.synth.foundations import Foundations, Owner
from app.synth.lifecycles import LifecycleStep
from app.synth.sheets import Row

V = Verb
_PUBLIC = frozenset({V.REPORT, V.CANCEL, V.NOT_APPLICABLE})
_INTERNAL = frozenset({V.REPORT, V.DECLINE, V.SUBMIT, V.RETURN})


@dataclass(frozen=True)
class ActionSubject:
    """The action that is spoken of."""

    action_id: int
    ref: str
    recommendation_id: int
    owner: Owner
    created_at: dt.datetime


class Acts:
    def __init__(self, rows: InventedRows, ground: Foundations, chance: random.Random) -> None:
        self.rows, self.ground, self.chance = rows, ground, chance
        self.secretariat = ground.secretariat_id, Via.WORKSPACE

    def tell(
        self, subject: ActionSubject, steps: list[LifecycleStep], dates: Row, *, is_published: bool, has_evidence: bool
    ) -> None:
        """The story of the action, and the record of it."""
        self._event(subject, subject.created_at, self.secretariat, V.CREATE, ref=subject.ref)
        for step in steps:
            if step.verb == V.SUBMIT and has_evidence:
                self._evidence(subject, step)
            self._update(subject, step, dates)
        if is_published:
            self._event(subject, steps[0].at, self.secretariat, "publish")
        if dates["extensions"]:
            moved_at = steps[0].at + dt.timedelta(minutes=30)
            before, after = (str(dates[name]) for name in ("baseline_on", "due_on"))
            self._event(subject, moved_at, self.secretariat, "move_deadline", before=before, after=after)

    def _evidence(self, subject: ActionSubject, step: LifecycleStep) -> None:
        evidence_id = self.rows.add(
            EvidenceItem,
            action_id=subject.action_id,
            title=words.say(words.DOCUMENT, subject.owner.lang),
            location=f"{subject.action_id}/{step.at.year}",
            person_id=step.person_id,
            created_at=step.at,
            released_at=step.at if self.chance.random() < 0.5 else None,
        )
        self._event(subject, step.at, (step.person_id, Via.WORKSPACE), "attach", evidence_id=evidence_id)

    def _update(self, subject: ActionSubject, step: LifecycleStep, dates: Row) -> None:
        is_holder = step.post_id is not None
        lang = subject.owner.lang if is_holder else "ar"
        via = Via.MAIL_LINK if is_holder and self.chance.random() < 0.4 else Via.WORKSPACE
        summary = self._words(step.verb, lang) if step.verb in _PUBLIC else ""
        released_at = self._released_at(step, via) if summary else None
        update_id = self._told(subject, step, (lang, via, summary), released_at)
        facts: dict[str, Told] = {
            "owner_post_id": subject.owner.post_id,
            "due_on": str(dates["baseline_on"]),
        }
        self._event(
            subject,
            step.at,
            (step.person_id, via),
            step.verb,
            update_id=update_id,
            before=str(step.before),
            after=str(step.after),
            **(facts if step.verb == V.ASSIGN else {}),
        )
        if released_at and via == Via.MAIL_LINK:
            about = "update", update_id, self.ground.programme_id
            self.rows.event(released_at, self.secretariat, "release", about)

    def _told(
        self, subject: ActionSubject, step: LifecycleStep, said: tuple[str, Via, str], released_at: dt.datetime | None
    ) -> int:
        """The act as the story tells it; `said` is in which language, by which door, and the public words."""
        lang, via, summary = said
        return self.rows.add(
            Update,
            action_id=subject.action_id,
            recommendation_id=subject.recommendation_id,
            programme_id=self.ground.programme_id,
            verb=step.verb,
            state_after=step.after,
            at=step.at,
            person_id=step.person_id,
            post_id=step.post_id,
            via=via,
            note=self._words(step.verb, lang) if step.verb in _INTERNAL else "",
            public_summary=summary,
            lang=lang,
            percent=None,
            released_at=released_at,
            released_by_id=self.ground.secretariat_id if released_at and via == Via.MAIL_LINK else None,
        )

    def _released_at(self, step: LifecycleStep, via: Via) -> dt.datetime | None:
        """What came by a mail link waits for the secretariat, which has read half of it."""
        if via != Via.MAIL_LINK:
            return step.at
        return step.at + dt.timedelta(hours=2) if self.chance.random() < 0.5 else None

    def _words(self, verb: Verb, lang: str) -> str:
        said = {V.REPORT: self.chance.choice(words.SAID), V.SUBMIT: words.DONE}
        return words.say(said.get(verb, words.REASON), lang)

    def _event(self, subject: ActionSubject, at: dt.datetime, who: tuple[int, Via], verb: str, **data: Told) -> None:
        self.rows.event(at, who, verb, ("action", subject.action_id, self.ground.programme_id), **data)
