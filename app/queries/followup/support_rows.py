"""The parts of supporting posts of some actions, as rows: organisation and post, never a person."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.messages import Message
from app.domain.sentences import parts
from app.domain.sentences.parts import PartSituation
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.domain.workflow import PartState
from app.models.actions import ActionSupport
from app.models.base import table_of
from app.models.people import Organisation, Post
from app.statements import Statement

_SUP, _ORG, _POST = (table_of(model) for model in (ActionSupport, Organisation, Post))
_OF_PART = ("titles", "part_state", "due_on", "baseline_on", "extensions", "asked_at", "last_word_at", "made_of")


@dataclass(frozen=True, slots=True)
class SupportRow:
    action_id: int
    organisation_id: int
    slug: str
    organisation: Titles
    post_id: int | None
    post: Titles | None
    titles: Titles
    state: PartState
    due_on: dt.date | None
    baseline_on: dt.date | None
    extensions: int
    asked_at: dt.datetime | None
    last_word_at: dt.datetime | None
    made_of: dict[str, MadeOf]

    @property
    def situation(self) -> PartSituation:
        zone = settings().zone
        return PartSituation(
            self.state, self.due_on, clock.day(self.asked_at, zone), clock.day(self.last_word_at, zone)
        )

    def days_late(self, today: dt.date) -> int:
        return self.situation.days_late(today)

    def says(self, today: dt.date) -> Message:
        return parts.of_one(self.situation, today)

    @property
    def afterwards(self) -> Message:
        return parts.afterwards(self.situation)


def of(session: Session, action_ids: Collection[int]) -> dict[int, list[SupportRow]]:
    """By action, in the order of their organisations; one statement, none for no action."""
    found: dict[int, list[SupportRow]] = {action_id: [] for action_id in action_ids}
    for row in _OF.rows(session, {"ids": tuple(action_ids)}) if action_ids else ():
        found[row[0]].append(SupportRow(*row))
    return found


_OF: Any = Statement(
    sa.select(
        *(_SUP.c.action_id, _SUP.c.organisation_id, _ORG.c.slug, _ORG.c.titles, _SUP.c.post_id, _POST.c.titles),
        *(_SUP.c[name] for name in _OF_PART),
    )
    .join(_ORG, _ORG.c.id == _SUP.c.organisation_id)
    .outerjoin(_POST, _POST.c.id == _SUP.c.post_id)
    .where(_SUP.c.action_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_SUP.c.action_id, _ORG.c.slug)
)
