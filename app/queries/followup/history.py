"""What was done to an item, from the record, with the names of those who did it: for the house alone, never public."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.messages import N_
from app.domain.workflow import Verb
from app.i18n import labels
from app.models.audit import AuditEvent
from app.models.people import Person
from app.models.updates import Via

PAGE = 50
# Beside the verbs of an action's workflow, which have their words already.
_WORDS = {
    "publish": N_("Published"),
    "withdraw": N_("Withdrawn from the public pages"),
    "respond": N_("Response recorded"),
    "close": N_("Closed"),
    "themes": N_("Themes changed"),
    "link": N_("Linked to the same recommendation of another meeting"),
    "unlink": N_("Link to another meeting removed"),
    "name_outcome": N_("Outcome named"),
    "take_back_outcome": N_("Outcome taken back"),
    "outcome_lapsed": N_("Outcome taken back: it is no longer implemented"),
    "also_serve": N_("Also serves another recommendation"),
    "cease_to_serve": N_("Serves another recommendation no more"),
    "also_serve_here": N_("Served by an action of another recommendation"),
    "cease_to_serve_here": N_("No longer served by an action of another recommendation"),
    "correct": N_("Corrected"),
    "release": N_("Released to the public"),
    "withhold": N_("Withheld from the public"),
    "attach": N_("Evidence added"),
    "release_evidence": N_("Document released to the public"),
    "withhold_evidence": N_("Document withheld from the public"),
    "add_milestone": N_("Milestone added"),
    "reach_milestone": N_("Milestone reached"),
    "add_report": N_("Report taken in"),
    "replace_report": N_("Report replaced"),
    "open_report": N_("Full report opened to the public"),
    "shut_report": N_("Full report closed to the public"),
    "accept": N_("Proposal accepted"),
    "drop": N_("Proposal dropped"),
    "restore": N_("Proposal restored"),
    "split": N_("Proposal split"),
    "merge": N_("Proposals merged"),
    "add": N_("Proposal added"),
    "undo": N_("Step undone"),
    "undo_answer": N_("Answer undone"),
    "take_back_response": N_("Response taken back"),
    "ask_question": N_("Question asked"),
    "answer_question": N_("Question answered"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One act; no name: the service itself did it."""

    id: int
    at: dt.datetime
    verb: str
    kind: str
    subject_id: int
    via: Via
    name: str | None
    data: dict[str, object]

    @property
    def word(self) -> str:
        """The message id of the verb; one that has no word yet is shown as it is."""
        if self.verb in Verb.__members__.values():
            return labels.msgid(Verb(self.verb))
        return _WORDS.get(self.verb, self.verb)


def of(session: Session, *items: tuple[str, int], limit: int = PAGE) -> list[Deed]:
    """The latest acts on these items (kind and id), newest first."""
    kinds: dict[str, list[int]] = {}
    for kind, subject_id in items:
        kinds.setdefault(kind, []).append(subject_id)
    found: list[Deed] = []
    for kind, ids in kinds.items():  # one statement a kind: joined by OR they would be looked for in the whole record
        query = _LATEST.where(col(AuditEvent.subject_kind) == kind, col(AuditEvent.subject_id).in_(ids))
        found += [_deed(row) for row in session.execute(query.limit(limit)).all()]
    return sorted(found, key=lambda deed: deed.id, reverse=True)[:limit]


_COLUMNS = (
    col(AuditEvent.id),
    col(AuditEvent.at),
    col(AuditEvent.verb),
    col(AuditEvent.subject_kind),
    col(AuditEvent.subject_id),
    col(AuditEvent.via),
)


_LATEST = (
    sa.select(*_COLUMNS, col(Person.name), col(AuditEvent.data))
    .outerjoin(Person, col(Person.id) == col(AuditEvent.actor_id))
    .order_by(col(AuditEvent.id).desc())
)


def _deed(row: Sequence[object]) -> Deed:
    number, at, verb, kind, subject_id, via, name, data = row
    return Deed(number, at, verb, kind, subject_id, Via(str(via)), name, data)  # type: ignore[arg-type]
