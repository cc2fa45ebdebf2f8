"""Everybody's list of actions in the workspace: one statement for fifty rows, filtered, by deadline, by cursor."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.domain import schedule
from app.domain.marks import Flag, Marks, for_action
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.domain.workflow import BlockReason, Evidence, State
from app.models.actions import Action, ActionSupport
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.people import Organisation
from app.queries.followup.filters import ALL, Filters
from app.queries.followup.list_ranges import COUNTED, Business, ListIndex, business_of, scopes, states_of
from app.queries.scope import cursors, observed, ranges, visible
from app.queries.scope.observed import ObservedShape
from app.statements import Statement

PER_PAGE = 50


@dataclass(slots=True)
class Listed:
    """One line: columns, not objects."""

    id: int
    ref: str
    titles: Titles
    state: State
    evidence: Evidence
    due_on: dt.date | None
    submitted_at: dt.datetime | None
    heard_at: dt.datetime | None  # the last word, else the assignment
    block_reason: BlockReason | None
    organisation: Titles | None

    def marks(self, today: dt.date, zone: dt.tzinfo) -> tuple[Marks, int, int]:
        """The marks, with the days late and silent that two of them count."""
        submitted_on = clock.day(self.submitted_at, zone)
        judged = schedule.judge(
            self.state, baseline_on=None, due_on=self.due_on, submitted_on=submitted_on, today=today
        )
        heard_on = clock.day(self.heard_at, zone)
        silence = schedule.silence_days(heard_on, None, today) or 0
        marks = for_action(self.state, judged, self.evidence, is_stale=schedule.is_stale(heard_on, None, today))
        return marks, judged.days_late, silence if Flag.SILENT in marks.flags else 0


def page(session: Session, viewer: Viewer, filters: Filters, after: str, today: dt.date) -> list[Listed]:
    """A page and one line more, which tells that there are others; by deadline, what has none last."""
    return _run(session, *asked_for(session, viewer, filters, after, today), PER_PAGE + 1)


def first(session: Session, viewer: Viewer, filters: Filters, today: dt.date, limit: int) -> list[Listed]:
    """So many lines from the beginning."""
    return _run(session, *asked_for(session, viewer, filters, "", today), limit)


class Asked(NamedTuple):
    """All by which the statements of two pages differ, but for the values that they are run with."""

    counts: tuple[int, ...]
    observed: tuple[ObservedShape, ...]
    state: str
    is_of_body: bool
    is_of_meeting: bool
    is_overdue: bool
    is_of_region: bool
    kind: str  # behind which row: one with a date ("key") or without ("none")


def asked_for(
    session: Session, viewer: Viewer, filters: Filters, after: str, today: dt.date
) -> tuple[Asked, dict[str, object]]:
    point = cursors.day(after, **filters.chosen)
    values: dict[str, object] = {"today": today, "organisation": filters.organisation, "meeting": filters.meeting}
    values |= {"region": filters.region}
    if point:
        values |= {"after_key": point[0], "after_id": point[1]}
    kind = "" if point is None else "none" if point[0] == ranges.LAST else "key"
    business = business_of(viewer, visible.programme_ids(session, viewer))
    for name, ids in zip(COUNTED, business, strict=False):
        values |= ranges.put(name, ids)
    values |= observed.given(business.observed)
    chosen = bool(filters.organisation), bool(filters.meeting), bool(filters.overdue), bool(filters.region)
    counts = tuple(map(len, business[:-1]))
    return Asked(counts, observed.shapes(business.observed), filters.state, *chosen, kind), values


def _run(session: Session, asked: Asked, values: dict[str, object], limit: int) -> list[Listed]:
    query = _query(asked, limit)
    return [Listed(*row) for row in query.rows(session, values)] if query else []


def line(action: Action) -> Listed:
    """One action that is at hand already, as a line."""
    heard_at = action.last_word_at or action.assigned_at
    return Listed(
        action.id,
        action.ref,
        action.titles,
        action.state,
        action.evidence,
        action.due_on,
        action.submitted_at,
        heard_at,
        action.block_reason,
        None,
    )


def following(rows: Sequence[Listed]) -> str:
    """The cursor of the page after this one, empty at the end."""
    return cursors.following(rows, PER_PAGE, lambda last: (last.due_on or ranges.LAST, last.id))


@lru_cache(maxsize=256)
def _query(asked: Asked, limit: int) -> Statement | None:
    """Made once for whoever's business is as much, and a choice of filters: making it costs more than running it.

    None: nobody's list.
    """
    picked = picked_of(asked, limit)
    return None if picked is None else Statement(lines_of(picked))


def lines_of(picked: sa.Subquery) -> Any:
    return (
        sa.select(*_COLUMNS)
        .join(picked, picked.c.id == _ACT.c.id)
        .outerjoin(_BODY, _BODY.c.id == _ACT.c.lead_organisation_id)
        .order_by(*ranges.order(picked))
    )


def picked_of(asked: Asked, limit: int) -> sa.Subquery | None:
    """The ids and dates of so many."""
    programmes, posts, bodies = map(ranges.places, COUNTED, asked.counts)
    business = Business(programmes, posts, bodies, observed.places(asked.observed))
    narrowed = []
    if asked.is_of_body:
        narrowed.append(_ACT.c.lead_organisation_id == _of(_BODY, "organisation"))
    if asked.is_of_meeting:
        narrowed.append(_ACT.c.meeting_id == _of(_MEET, "meeting"))
    if asked.is_of_region:
        there = sa.select(_MEET.c.id).where(_MEET.c.region == sa.bindparam("region"))
        narrowed.append(ranges.unindexed(_ACT.c.meeting_id).in_(there))
    parts = [
        scope.where(which, further)
        for scope, index in scopes(business, narrowed, is_of_body=asked.is_of_body, is_of_meeting=asked.is_of_meeting)
        for which in states_of(asked.state, index, overdue=asked.is_overdue)
        for further in _within(index, asked.kind, overdue=asked.is_overdue)
    ]
    return ranges.first(parts, limit) if parts else None


def _within(index: ListIndex, kind: str, *, overdue: bool) -> list[Any]:
    """Before today, and behind the cursor."""
    key, row_id = _KEY
    if index is ListIndex.SUPPORT:
        key, row_id = _SUP.c.action_due_on, _SUP.c.action_id
    late = key < sa.bindparam("today", type_=sa.Date()) if overdue else sa.true()
    return [sa.and_(late, one) for one in ranges.after(key, row_id, is_none=kind == "none")] if kind else [late]


_ACT, _SUP, _MEET, _BODY = table_of(Action), table_of(ActionSupport), table_of(Meeting), table_of(Organisation)
_COLUMNS: tuple[Any, ...] = (
    *(_ACT.c[name] for name in ("id", "ref", "titles", "state", "evidence", "due_on", "submitted_at")),
    sa.func.coalesce(_ACT.c.last_word_at, _ACT.c.assigned_at),
    _ACT.c.block_reason,
    _BODY.c.titles,
)
_KEY: tuple[Any, Any] = (_ACT.c.due_on, _ACT.c.id)


def _of(table: sa.Table, name: str) -> Any:
    return sa.select(table.c.id).where(table.c.slug == sa.bindparam(name)).scalar_subquery()


def scope(viewer: Viewer, programmes: tuple[int, ...], limit: int) -> Any:
    """The ids of the first actions of the viewer's business in whatever state; None: there is none."""
    mine = business_of(viewer, programmes)
    parts = [keys.where(which) for keys, index in scopes(mine) for which in states_of(ALL, index)]
    return sa.select(ranges.first(parts, limit).c.id) if parts else None
