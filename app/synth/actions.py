"""The actions below a recommendation, from the lives they are dealt; what was said on the way stands in acts."""

import datetime as dt
import random
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from app import clock
from app.config import settings
from app.domain import references
from app.domain.texts import Titles
from app.domain.workflow import OWED, Verb
from app.models.actions import Action, ActionSupport
from app.services.kernel.statuses import StatusFacts
from app.synth import lifecycles, words
from app.synth.acts import ActionSubject, Acts
from app.synth.bulk import InventedRows
from app.synth.foundations import Foundations, Owner, instant
from app.synth.lifecycles import LifecycleStep
from app.synth.sheets import Row

_rested_on: Any = itemgetter(*StatusFacts._fields)


@dataclass(frozen=True)
class Parent:
    """What an action takes over from its recommendation."""

    recommendation_id: int
    ref: str
    meeting_id: int
    held_on: dt.date
    titles: Titles
    is_priority: bool
    is_published: bool
    is_public: bool


class Actions:
    def __init__(self, rows: InventedRows, ground: Foundations, chance: random.Random, today: dt.date) -> None:
        self.rows, self.ground, self.chance, self.today = rows, ground, chance, today
        self.acts = Acts(rows, ground, chance)

    def do(self, parent: Parent, number: int, life: tuple[Verb, ...]) -> StatusFacts:
        """One action and all that happened to it; what its recommendation's status rests on."""
        owner = self.chance.choice(self.ground.owners)
        steps = lifecycles.live(self.ground, owner, life, self._instants(parent.held_on, len(life)))
        has_evidence = Verb.SUBMIT in life and (parent.is_priority or self.chance.random() < 0.5)
        is_published = bool(steps) and parent.is_published and self.chance.random() < 0.95
        created_at, dates = instant(parent.held_on + dt.timedelta(days=9), 9), self._dates(steps)
        left = lifecycles.columns(steps, owner, self.chance, has_evidence=has_evidence)
        shown = {
            "published_at": steps[0].at if is_published else None,
            "is_public": is_published and parent.is_public,
        }
        left |= dates | shown
        action_id = self._action(parent, number, owner, left | {"created_at": created_at})
        self._support(action_id, owner)
        ref = references.for_action(parent.ref, number)
        subject = ActionSubject(action_id, ref, parent.recommendation_id, owner, created_at)
        self.acts.tell(subject, steps, dates, is_published=is_published, has_evidence=has_evidence)
        return StatusFacts(*_rested_on(left))

    def _action(self, parent: Parent, number: int, owner: Owner, left: Row) -> int:
        return self.rows.add(
            Action,
            ref=references.for_action(parent.ref, number),
            recommendation_id=parent.recommendation_id,
            number=number,
            meeting_id=parent.meeting_id,
            programme_id=self.ground.programme_id,
            titles=parent.titles if number == 1 else self._titles(),
            lead_organisation_id=owner.organisation_id,
            owner_post_id=owner.post_id,
            is_priority=parent.is_priority,
            **left,
        )

    def _titles(self) -> Titles:
        return words.titles(*(self.chance.choice(part) for part in (words.ACTS, words.OBJECTS, words.BENEFICIARIES)))

    def _instants(self, held_on: dt.date, count: int) -> list[dt.datetime]:
        """Rising instants in office hours: first the assignment, the last one mostly within the last two months."""
        first, last = held_on + dt.timedelta(days=10), self.today - dt.timedelta(days=1)
        recent = max(first, last - dt.timedelta(days=60)) if self.chance.random() < 0.7 else first
        span = (last - recent).days
        days = sorted(recent + dt.timedelta(days=self.chance.randint(0, span)) for _ in range(count))
        rising = enumerate([first, *days[1:]][:count])
        return [instant(day, 9 + place, self.chance.randrange(60)) for place, day in rising]

    def _dates(self, steps: list[LifecycleStep]) -> Row:
        """The baseline lies around the end of what is finished, and around today for the others."""
        if not steps:
            due_on = self.today + dt.timedelta(days=self.chance.randint(30, 300))
            return {"baseline_on": None, "due_on": due_on, "deadline_version": 0, "extensions": 0}
        is_open = steps[-1].after in OWED
        centre = self.today + dt.timedelta(days=90) if is_open else clock.day(steps[-1].at, settings().zone)
        wide = 150 if is_open else 45
        day = centre + dt.timedelta(days=self.chance.randint(-wide, wide))
        baseline_on = max(day, clock.day(steps[0].at, settings().zone) + dt.timedelta(days=14))
        extensions = int(is_open and self.chance.random() < 0.15)
        return {
            "baseline_on": baseline_on,
            "due_on": baseline_on + dt.timedelta(days=60 * extensions),
            "deadline_version": 1 + extensions,
            "extensions": extensions,
        }

    def _support(self, action_id: int, owner: Owner) -> None:
        """Three in ten are supported by another organisation."""
        if self.chance.random() < 0.3:
            other = self.chance.choice(self.ground.owners)
            if other.organisation_id != owner.organisation_id:
                self.rows.tie(
                    ActionSupport,
                    action_id=action_id,
                    organisation_id=other.organisation_id,
                    post_id=other.post_id,
                )
