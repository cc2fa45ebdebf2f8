"""Everybody's list of actions in the workspace: one statement for fifty rows, filtered, by deadline, by cursor."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.domain import schedule
from app.domain.marks import Flag, Marks, for_action
from app.domain.permissions import Viewer, managed
from app.domain.texts import Titles
from app.domain.workflow import OPEN, OWED, BlockReason, Evidence, State
from app.models.actions import IS_OPEN, Action, ActionSupport
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.people import Organisation
from app.queries.followup.filters import ALL, OPEN_ONES, Filters
from app.queries.scope import cursors, ranges, visible

PER_PAGE = 50
_marks = lru_cache(maxsize=2048)(for_action)  # a few hundred answers, asked for thousands of times


class _Index(Enum):
    """What the index of a range begins with."""

    PROGRAMME = auto()
    FILTER = auto()
    OWN = auto()
    SUPPORT = auto()


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
        marks = _marks(self.state, judged, self.evidence, is_stale=schedule.is_stale(heard_on, None, today))
        return marks, judged.days_late, silence if Flag.SILENT in marks.flags else 0


def page(session: Session, viewer: Viewer, filters: Filters, after: str, today: dt.date) -> list[Listed]:
    """A page and one line more, which tells that there are others; by deadline, what has none last."""
    point = cursors.day(after, **filters.chosen)
    values: dict[str, object] = {"today": today, "organisation": filters.organisation, "meeting": filters.meeting}
    if point:
        values |= {"after_key": point[0], "after_id": point[1]}
    kind = "" if point is None else "none" if point[0] == ranges.LAST else "key"
    business = _business(viewer, visible.programme_ids(session, viewer))
    for name, ids in zip(_Business._fields, business, strict=True):
        values |= ranges.put(name, ids)
    chosen = bool(filters.organisation), bool(filters.meeting), bool(filters.overdue)
    query = _query(tuple(map(len, business)), filters.state, *chosen, kind)
    return [Listed(*row) for row in session.execute(query, values).all()] if query is not None else []


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
def _query(counts: tuple[int, ...], state: str, organisation: bool, meeting: bool, overdue: bool, kind: str) -> Any:
    """Made once for whoever's business is as much, and a choice of filters: making it costs more than running it.

    None: nobody's list.
    """
    business = _Business(*map(ranges.places, _Business._fields, counts))
    narrowed = []
    if organisation:
        narrowed.append(_ACT.c.lead_organisation_id == _of(_BODY, "organisation"))
    if meeting:
        narrowed.append(_ACT.c.meeting_id == _of(_MEET, "meeting"))
    parts = [
        scope.where(which, further)
        for scope, index in _scopes(business, narrowed, is_of_meeting=meeting)
        for which in _states(state, index, overdue=overdue)
        for further in _within(index, kind, overdue=overdue)
    ]
    if not parts:
        return None
    picked = ranges.first(parts, PER_PAGE + 1)
    return (
        sa.select(*_COLUMNS)
        .join(picked, picked.c.id == _ACT.c.id)
        .outerjoin(_BODY, _BODY.c.id == _ACT.c.lead_organisation_id)
        .order_by(*ranges.order(picked))
    )


def _within(index: _Index, kind: str, *, overdue: bool) -> list[Any]:
    """Before today, and behind the cursor."""
    key, row_id = _KEY
    if index is _Index.SUPPORT:
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
_KEYS: Any = sa.select(_ACT.c.id.label("id"), _ACT.c.due_on.label("key"))
_SUPPORTED: Any = sa.select(_SUP.c.action_id.label("id"), _SUP.c.action_due_on.label("key"))


def _of(table: sa.Table, name: str) -> Any:
    return sa.select(table.c.id).where(table.c.slug == sa.bindparam(name)).scalar_subquery()


def scope(viewer: Viewer, programmes: tuple[int, ...], limit: int) -> Any:
    """The ids of the first actions of the viewer's business in whatever state; None: there is none."""
    scopes = [
        keys.where(which) for keys, index in _scopes(_business(viewer, programmes)) for which in _states(ALL, index)
    ]
    return sa.select(ranges.first(scopes, limit).c.id) if scopes else None


class _Business(NamedTuple):
    """What somebody works for: ids, or their places in a statement."""

    programmes: Sequence[Any]
    posts: Sequence[Any]
    bodies: Sequence[Any]


def _business(viewer: Viewer, programmes: tuple[int, ...]) -> _Business:
    return _Business(programmes, sorted(viewer.post_ids), sorted(managed(viewer)))


def _scopes(
    business: _Business, narrowed: Sequence[ranges.Condition] = (), *, is_of_meeting: bool = False
) -> Iterator[tuple[Any, _Index]]:
    """What is the viewer's business (`visible.in_workspace`), cut by the indexes that begin with it.

    Of one body or meeting the index begins with that; but a body has more actions than a post supports.
    """
    of = ranges.unindexed(_ACT.c.programme_id) if narrowed else _ACT.c.programme_id
    keys = _KEYS.where(*narrowed)
    for programme in business.programmes:
        yield keys.where(of == programme), _Index.FILTER if narrowed else _Index.PROGRAMME
    for post in business.posts:
        yield keys.where(_ACT.c.owner_post_id == post), _Index.OWN
    for body in business.bodies:
        yield keys.where(_ACT.c.lead_organisation_id == body), _Index.OWN
    for name, ids in (("post_id", business.posts), ("organisation_id", business.bodies)):
        for one in ids:
            of_one, same = _SUP.c[name] == one, _SUP.c.action_id == _ACT.c.id
            if is_of_meeting:
                yield keys.where(sa.exists().where(same, of_one).correlate(_ACT)), _Index.OWN
            else:
                led = [sa.exists().where(same, *narrowed).correlate(_SUP)] if narrowed else []
                yield _SUPPORTED.where(of_one, *led), _Index.SUPPORT


def _states(state: str, index: _Index, *, overdue: bool = False) -> list[Any]:
    """One condition for each range: of what is open there is an index by programme, else one goes state by state."""
    if index is _Index.PROGRAMME and state == OPEN_ONES and not overdue:
        return [ranges.said("action", IS_OPEN)]
    states = {OPEN_ONES: OPEN, ALL: frozenset(State)}.get(state) or frozenset({State(state)})
    if index in (_Index.OWN, _Index.SUPPORT):
        states -= {State.DRAFT}  # the secretariat's alone, until it is assigned
    wanted = sorted(states & OWED if overdue else states)
    if index is _Index.SUPPORT:
        return [_SUP.c.state == one.value for one in wanted]
    return [_ACT.c.state == one for one in wanted]
