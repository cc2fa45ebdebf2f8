"""The days of what one person owes: by the posts at which they are seated now, four statements whatever they hold."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import calendar_days
from app.domain.calendar_days import MOST, CalendarDay, DayKind, Reach
from app.domain.workflow import AWAITED, OPEN, PartState, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.indicators import Indicator
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Post
from app.models.recommendations import Recommendation
from app.queries.mailing import indicator_candidates
from app.queries.scope.seats import SEATED

_POSTS = sa.select(col(Holding.post_id)).where(col(Holding.person_id) == sa.bindparam("person_id"), SEATED)
_SHARED = OPEN - {State.DECLINED}  # a supporting post owes its part, wherever its lead is


def of(session: Session, person_id: int, today: dt.date) -> list[CalendarDay]:
    """Within reach, the nearest first; what is done or in other hands is not among them."""
    reach = calendar_days.reach(today)
    given = {"person_id": person_id, "first": reach.first, "last": reach.last}
    found = [
        day(row)
        for query, day in ((_ACTIONS, _action), (_PARTS, _part), (_MILESTONES, _milestone))
        for row in session.execute(query, given)
    ]
    return calendar_days.shown(found + _of_indicators(session, given, reach))


def _action(row: Any) -> CalendarDay:
    return _day(DayKind.ACTION, str(row.id), row, (row.above, row.post, row.body), row.deadline_version)


def _part(row: Any) -> CalendarDay:
    about = (row.own,) if row.own else ()
    minute = int((row.set_at or row.created_at).timestamp()) // 60  # a part counts no versions of its day
    return _day(DayKind.PART, f"{row.id}-{row.organisation_id}", row, (*about, row.above, row.post, row.body), minute)


def _milestone(row: Any) -> CalendarDay:
    return _day(DayKind.MILESTONE, str(row.stone_id), row, (row.of_action, row.post, row.body), row.version)


def _day(kind: DayKind, key: str, row: Any, about: tuple[Any, ...], version: int = 0) -> CalendarDay:
    path, changed_at = f"workspace/actions/{row.ref}", row.set_at or row.created_at
    return CalendarDay(kind, key, row.due_on, row.titles, path, changed_at, version, row.ref, about)


def _of_indicators(session: Session, given: dict[str, object], reach: Reach) -> list[CalendarDay]:
    """The day of the target; and of one that is asked for, the last day of the period that has no value yet."""
    days = []
    for row in session.execute(_INDICATORS, given):
        path, about = f"workspace/indicators/{row.id}", (row.programme,)
        told = row.titles, path, row.created_at, row.version, "", about
        days.append(CalendarDay(DayKind.TARGET, str(row.id), row.target_on, *told))
        if row.word_every and row.word_since:
            until = indicator_candidates.owed(row).due_on
            days.append(CalendarDay(DayKind.VALUE, f"{row.id}-{until}", until, *told))
    return [day for day in days if reach.first <= day.on <= reach.last]


_BODY: Any = (col(Post.titles).label("post"), col(Organisation.titles).label("body"))
_OF_ACTION: Any = (col(Action.id), col(Action.ref), col(Action.created_at), col(Recommendation.titles).label("above"))


def _within(query: Any, post: Any, on: Any, *which: Any) -> Any:
    """With the post that owes it and what it belongs to; the nearest of too many."""
    return (
        query.join(Recommendation, col(Recommendation.id) == col(Action.recommendation_id))
        .join(Post, col(Post.id) == post)
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(post.in_(_POSTS), on.between(sa.bindparam("first", type_=sa.Date()), sa.bindparam("last")), *which)
        .order_by(on, col(Action.id))
        .limit(MOST)
    )


def _select(*columns: Any) -> Any:
    return sa.select(*_OF_ACTION, *_BODY, *columns)


_ACTIONS = _within(
    _select(
        col(Action.titles),
        col(Action.due_on),
        col(Action.deadline_version),
        col(Action.deadline_set_at).label("set_at"),
    ),
    col(Action.owner_post_id),
    col(Action.due_on),
    col(Action.state).in_(AWAITED),
)
_PART_ON = sa.func.coalesce(col(ActionSupport.due_on), col(Action.due_on))
_OWN_SET = sa.func.coalesce(col(ActionSupport.deadline_set_at), col(ActionSupport.asked_at))
_HAS_MOVED = sa.and_(col(ActionSupport.due_on).is_(None), col(Action.deadline_set_at) > _OWN_SET)  # with the action
_PARTS = _within(
    _select(
        col(Action.titles),
        col(ActionSupport.organisation_id),
        col(ActionSupport.titles).label("own"),
        _PART_ON.label("due_on"),
        sa.case((_HAS_MOVED, col(Action.deadline_set_at)), else_=_OWN_SET).label("set_at"),
    ).join(ActionSupport, col(ActionSupport.action_id) == col(Action.id)),
    col(ActionSupport.post_id),
    _PART_ON,
    col(Action.state).in_(_SHARED),
    col(ActionSupport.part_state) != PartState.DONE,
)
_MILESTONES = _within(
    _select(
        col(Milestone.id).label("stone_id"),
        col(Milestone.titles),
        col(Milestone.due_on),
        col(Milestone.version),
        col(Action.titles).label("of_action"),
        col(Action.deadline_set_at).label("set_at"),
    ).join(Milestone, col(Milestone.action_id) == col(Action.id)),
    col(Action.owner_post_id),
    col(Milestone.due_on),
    col(Milestone.done_on).is_(None),
    col(Action.state).in_(AWAITED),
)
_INDICATORS: Any = (
    sa.select(
        *indicator_candidates.COLUMNS,
        col(Indicator.titles),
        col(Indicator.target_on),
        col(Indicator.created_at),
        col(Indicator.version),
        col(Programme.titles).label("programme"),
    )
    .join(Programme, col(Programme.id) == col(Indicator.programme_id))
    .where(col(Indicator.post_id).in_(_POSTS))
    .order_by(col(Indicator.id))
    .limit(MOST)
)
