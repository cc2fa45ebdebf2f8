"""What the posts of one person owe: urgent first, each line with what its holder needs to answer in place."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import workflow
from app.domain.permissions import Viewer
from app.domain.titles import Titles
from app.domain.workflow import OPEN, TERMINAL, BlockReason, Part, State, Verb
from app.models.actions import Action, ActionSupport, Milestone
from app.models.base import UtcDateTime
from app.models.people import Post
from app.models.updates import Update
from app.queries import actions, cursors
from app.queries.actions import ActionRow

SOON = dt.timedelta(days=7)
MOST_URGENT = 200  # nobody owes more; the rest would be found in the list of actions
PER_PAGE = 20
_WAITING = frozenset({State.ASSIGNED, State.SUBMITTED, State.DECLINED})


@dataclass(frozen=True, slots=True)
class Mine:
    """A line; `post` is whose it is, `due_on` the date of one's own part where one supports."""

    row: ActionRow
    is_owner: bool
    due_on: dt.date | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str
    returned: str  # the reason, while the return is the last word
    milestones: tuple[Milestone, ...]

    @property
    def possible(self) -> frozenset[Verb]:
        return workflow.possible(self.row.state, frozenset({Part.OWNER if self.is_owner else Part.CONTRIBUTOR}))

    def late(self, today: dt.date) -> int:
        is_open = self.row.state in OPEN - {State.SUBMITTED, State.DECLINED}
        return max(0, (today - self.due_on).days) if self.due_on and is_open else 0


@dataclass(frozen=True)
class Owed:
    late: list[Mine] = field(default_factory=list)
    week: list[Mine] = field(default_factory=list)
    new: list[Mine] = field(default_factory=list)
    waiting: list[Mine] = field(default_factory=list)  # for verification, or for the secretariat
    later: list[Mine] = field(default_factory=list)
    done: list[Mine] = field(default_factory=list)
    more_later: str = ""
    more_done: str = ""

    @property
    def count(self) -> int:
        return len(self.late) + len(self.week) + len(self.new)

    @property
    def next_on(self) -> dt.date | None:
        return min((mine.due_on for mine in (*self.week, *self.new, *self.later) if mine.due_on), default=None)


def of(session: Session, viewer: Viewer, today: dt.date, later: str = "", done: str = "") -> Owed:
    """Five statements; `later` and `done` are the cursors of the two sections that go on."""
    until = today + SOON
    urgent = _rows(session, _owed(viewer, col(Action.state).in_(_WAITING) | (_due(viewer) <= until)), MOST_URGENT)
    after = _owed(viewer, sa.and_(col(Action.state).not_in(_WAITING), _due(viewer) > until))
    then = cursors.day(later)
    coming = _rows(session, after.where(_after(viewer, then)) if then else after, PER_PAGE + 1)
    ended = _ended(session, viewer, done)
    shown = _told(session, viewer, [*urgent, *coming[:PER_PAGE], *ended[:PER_PAGE]])
    lines = iter(shown)
    first = [next(lines) for _ in urgent]
    return Owed(
        [mine for mine in first if mine.late(today)],
        [mine for mine in first if not mine.late(today) and mine.row.state not in _WAITING],
        [mine for mine in first if not mine.late(today) and mine.row.state == State.ASSIGNED],
        [mine for mine in first if mine.row.state in _WAITING - {State.ASSIGNED}],
        [next(lines) for _ in coming[:PER_PAGE]],
        list(lines),
        cursors.following(coming, PER_PAGE, lambda last: (last.part_on or last.row.due_on, last.row.id)),
        cursors.following(ended, PER_PAGE, lambda last: (last.ended_at, last.row.id)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    row: ActionRow
    part_on: dt.date | None
    post: Titles | None
    block_reason: BlockReason | None
    who_can_unblock: str
    ended_at: dt.datetime | None


def _part(viewer: Viewer) -> Any:
    """The date of one's own part in what another post leads."""
    mine = sa.and_(col(ActionSupport.action_id) == col(Action.id), col(ActionSupport.post_id).in_(viewer.post_ids))
    return sa.select(sa.func.min(col(ActionSupport.due_on))).where(mine).scalar_subquery()


def _due(viewer: Viewer) -> Any:
    own = col(Action.owner_post_id).in_(viewer.post_ids)
    return sa.type_coerce(
        sa.case((own, col(Action.due_on)), else_=sa.func.coalesce(_part(viewer), col(Action.due_on))), sa.Date()
    )


def _mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.post_id).in_(viewer.post_ids))
    return sa.and_(
        sa.or_(col(Action.owner_post_id).in_(viewer.post_ids), col(Action.id).in_(supported)),
        col(Action.assigned_at).is_not(None),
    )


def _select(viewer: Viewer) -> sa.Select[Any]:
    return (
        sa.select(
            *actions.ROW,
            _part(viewer),
            col(Post.titles),
            col(Action.block_reason),
            col(Action.who_can_unblock),
            col(Action.ended_at),
        )
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
        .where(_mine(viewer))
    )


def _owed(viewer: Viewer, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    query = _select(viewer).where(col(Action.state).in_(OPEN), which)
    return query.order_by(_due(viewer), col(Action.id))


def _after(viewer: Viewer, then: tuple[dt.date, int]) -> sa.ColumnElement[bool]:
    return sa.tuple_(_due(viewer), col(Action.id)) > sa.tuple_(sa.literal(then[0]), sa.literal(then[1]))


def _ended(session: Session, viewer: Viewer, cursor: str) -> list[_Found]:
    query = _select(viewer).where(col(Action.state).in_(TERMINAL))
    if then := cursors.moment(cursor):
        point = sa.tuple_(sa.literal(then[0], UtcDateTime()), sa.literal(then[1]))
        query = query.where(sa.tuple_(col(Action.ended_at), col(Action.id)) < point)
    return _rows(session, query.order_by(col(Action.ended_at).desc(), col(Action.id).desc()), PER_PAGE + 1)


def _rows(session: Session, query: sa.Select[Any], limit: int) -> list[_Found]:
    width = len(actions.ROW)
    return [_Found(ActionRow(*row[:width]), *row[width:]) for row in session.execute(query.limit(limit))]


def _told(session: Session, viewer: Viewer, found: Sequence[_Found]) -> list[Mine]:
    ids = [one.row.id for one in found]
    returned, stones = _returned(session, ids), _milestones(session, ids)
    lines = []
    for one in found:
        is_owner = one.row.owner_post_id in viewer.post_ids
        due_on = one.row.due_on if is_owner else one.part_on or one.row.due_on
        lines.append(
            Mine(
                one.row,
                is_owner,
                due_on,
                one.post,
                one.block_reason,
                one.who_can_unblock,
                returned.get(one.row.id, ""),
                tuple(stones.get(one.row.id, ())),
            )
        )
    return lines


def _returned(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Why an action came back, where nothing has been said since."""
    last = sa.select(sa.func.max(col(Update.id))).where(col(Update.action_id).in_(ids)).group_by(col(Update.action_id))
    query = sa.select(col(Update.action_id), col(Update.note)).where(
        col(Update.id).in_(last), col(Update.verb) == Verb.RETURN
    )
    return dict(session.execute(query).all())


def _milestones(session: Session, ids: Iterable[int]) -> dict[int, list[Milestone]]:
    stones: dict[int, list[Milestone]] = {}
    query = sa.select(Milestone).where(col(Milestone.action_id).in_(ids))
    for stone in session.scalars(query.order_by(col(Milestone.due_on), col(Milestone.id))):
        stones.setdefault(stone.action_id, []).append(stone)
    return stones
