"""Recommendations as their viewers may see them: one, those of a meeting, and what their actions say together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import marks, references
from app.domain.errors import NotFound
from app.domain.marks import Flag, Marks
from app.domain.messages import Message
from app.domain.permissions import PUBLIC, Role, Viewer, may
from app.domain.progress import Status
from app.domain.schedule import Schedule
from app.domain.sentences.progress import verified_of
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.domain.workflow import LIVE, State
from app.models.actions import Action, AlsoServes
from app.models.base import table_of
from app.models.recommendations import Recommendation
from app.queries.followup.actions import ActionRow
from app.queries.scope import locks, visible


def get(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Recommendation:
    """The recommendation behind a reference, if the viewer may know of it."""
    known = references.canonical(ref)
    query = sa.select(Recommendation).where(col(Recommendation.ref) == known)
    condition = col(Recommendation.is_public) if viewer is PUBLIC else visible.recommendations(viewer)
    if lock:
        locks.with_served(session, known)
        query = query.with_for_update(**locks.ROW).execution_options(**locks.FRESH)
    found = session.scalars(query.where(condition)).first()
    if found is None:
        raise NotFound
    return found


def ref_of(session: Session, viewer: Viewer, recommendation_id: int | None) -> str:
    """Its reference, empty where there is none that the viewer may know of."""
    query = sa.select(col(Recommendation.ref)).where(
        col(Recommendation.id) == recommendation_id, visible.recommendations(viewer)
    )
    return session.scalars(query).first() or ""


def own(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Recommendation:
    """For the secretariat of its programme alone: to everybody else its forms do not exist."""
    item = get(session, viewer, ref, lock=lock)
    if not may(viewer, item.programme_id, Role.SECRETARIAT):
        raise NotFound
    return item


PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """One line of the public list of a meeting: columns, not objects."""

    id: int
    ref: str
    position: int
    titles: Titles
    status: Status
    source_text: str
    source_lang: str
    source_start: int | None
    source_end: int | None
    is_priority: bool
    responded_at: dt.datetime | None
    created_at: dt.datetime
    made_of: dict[str, MadeOf]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the public actions of one recommendation say together on a day."""

    marks: Marks
    awaited: int  # days since the response, else since it was taken in
    late: int  # days, of the latest
    silence: int
    live: int
    verified: int
    next_on: dt.date | None  # the nearest deadline that has not passed
    last_word_at: dt.datetime | None

    @property
    def says(self) -> Message:
        """How many of its actions are verified."""
        return verified_of(self.verified, self.live)


_REC = table_of(Recommendation)
ROW = tuple(_REC.c["public_status" if name == "status" else name] for name in RecommendationRow.__dataclass_fields__)


def of_meeting(session: Session, meeting_id: int, after: tuple[int, int] | None = None) -> list[RecommendationRow]:
    """The public ones, in the order of the report; one row more than a page tells that there is another."""
    given = {"meeting_id": meeting_id} | ({"position": after[0], "id": after[1]} if after else {})
    return [RecommendationRow(*row) for row in session.execute(_of_meeting(is_after=after is not None), given)]


@cache
def _of_meeting(*, is_after: bool) -> Any:
    query: Any = sa.select(*ROW).where(_REC.c.meeting_id == sa.bindparam("meeting_id"), _REC.c.is_public)
    if is_after:
        place = (sa.bindparam(name, type_=sa.Integer()) for name in ("position", "id"))
        query = query.where(sa.tuple_(_REC.c.position, _REC.c.id) > sa.tuple_(*place))
    return query.order_by(_REC.c.position, _REC.c.id).limit(PER_PAGE + 1)


def listed(
    session: Session, rows: Sequence[RecommendationRow], today: dt.date
) -> list[tuple[RecommendationRow, Standing]]:
    """Each with how it stands today by its public actions."""
    owned: dict[int, list[ActionRow]] = {}
    for item in session.execute(_BELOW, {"ids": [row.id for row in rows]}):
        action = ActionRow(*item)
        owned.setdefault(action.recommendation_id, []).append(action)
    return [
        (row, standing(row.status, row.responded_at or row.created_at, owned.get(row.id, []), today)) for row in rows
    ]


_ACT = table_of(Action)
_IDS: Any = sa.bindparam("ids", expanding=True)
_SHOWN = _ACT.c.is_public, _ACT.c.state != State.DRAFT
_ALSO = table_of(AlsoServes)


def _columns(home: Any) -> list[Any]:
    return [home if name == "recommendation_id" else _ACT.c[name] for name in ActionRow.__dataclass_fields__]


# Those at home there, and those that also serve it, under its id.
_BELOW: Any = sa.union_all(
    sa.select(*_columns(_ACT.c.recommendation_id)).where(_ACT.c.recommendation_id.in_(_IDS), *_SHOWN),
    sa.select(*_columns(_ALSO.c.recommendation_id))
    .join(_ALSO, _ALSO.c.action_id == _ACT.c.id)
    .where(_ALSO.c.recommendation_id.in_(_IDS), *_SHOWN),
)


def standing(status: Status, since: dt.datetime, owned: Sequence[ActionRow], today: dt.date) -> Standing:
    """`since`: from when its waiting is counted; `owned`: its public actions."""
    live = [row for row in owned if row.state in LIVE]
    judged = [(row, row.judged(today), row.marks(today)) for row in live]
    late = [judgement.days_late for _, judgement, _ in judged if judgement.schedule == Schedule.OVERDUE]
    silent = [row.silence(today) or 0 for row, _, mark in judged if Flag.SILENT in mark.flags]
    coming = [row.due_on for row, judgement, _ in judged if judgement.schedule in _COMING and row.due_on]
    return Standing(
        marks=marks.for_recommendation(status, {flag for _, _, mark in judged for flag in mark.flags}),
        awaited=max(0, (today - clock.day(since, settings().zone)).days),
        late=max(late, default=0),
        silence=max(silent, default=0),
        live=len(live),
        verified=sum(row.state == State.VERIFIED for row in live),
        next_on=min(coming, default=None),
        last_word_at=max((row.last_word_at for row in live if row.last_word_at), default=None),
    )


_COMING = frozenset({Schedule.ON_TRACK, Schedule.DUE_SOON, Schedule.DUE_TODAY})
