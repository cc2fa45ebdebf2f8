"""The days that everybody may have in a calendar: public meetings, and the deadlines of open public actions."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import calendar_days
from app.domain.calendar_days import MOST, CalendarDay, DayKind
from app.domain.workflow import OPEN
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation


def of_programme(session: Session, programme_id: int, today: dt.date) -> list[CalendarDay]:
    """Two statements."""
    held = sa.and_(col(Meeting.programme_id) == programme_id, col(Meeting.held_on).between(*calendar_days.reach(today)))
    return _days(session, held, col(Action.programme_id) == programme_id, today)


def of_meeting(session: Session, meeting_id: int, today: dt.date) -> list[CalendarDay]:
    """Two statements; its own day however long ago it was."""
    return _days(session, col(Meeting.id) == meeting_id, col(Action.meeting_id) == meeting_id, today)


def meeting_ids(session: Session, programme_id: int) -> list[int]:
    """The public meetings whose actions a programme's calendar shows."""
    query = sa.select(col(Meeting.id)).where(col(Meeting.programme_id) == programme_id, col(Meeting.is_public))
    return [found for found in session.scalars(query.order_by(col(Meeting.id))) if found]


def _days(session: Session, held: Any, owed: Any, today: dt.date) -> list[CalendarDay]:
    actions = _ACTIONS.where(owed, col(Action.due_on).between(*calendar_days.reach(today)))
    found = [_meeting(row) for row in session.execute(_MEETINGS.where(held))]
    return calendar_days.shown(found + [_action(row) for row in session.execute(actions)])


def _meeting(row: Any) -> CalendarDay:
    path = f"meetings/{row.slug}"
    about = (row.place,) if row.place else ()
    return CalendarDay(DayKind.MEETING, str(row.id), row.held_on, row.titles, path, row.created_at, 0, "", about)


def _action(row: Any) -> CalendarDay:
    about = tuple(titles for titles in (row.above, row.post, row.body) if titles)
    changed_at, path = row.deadline_set_at or row.created_at, f"actions/{row.ref}"
    return CalendarDay(
        DayKind.ACTION, str(row.id), row.due_on, row.titles, path, changed_at, row.deadline_version, row.ref, about
    )


_MEETINGS: Any = (
    sa.select(
        *(col(getattr(Meeting, name)) for name in ("id", "slug", "titles", "place", "held_on", "created_at")),
    )
    .where(col(Meeting.is_public))
    .order_by(col(Meeting.held_on), col(Meeting.id))
    .limit(MOST)
)
_ACTIONS: Any = (
    sa.select(
        *(
            col(getattr(Action, name))
            for name in ("id", "ref", "titles", "due_on", "deadline_version", "deadline_set_at", "created_at")
        ),
        col(Recommendation.titles).label("above"),
        col(Post.titles).label("post"),
        col(Organisation.titles).label("body"),
    )
    .join(Recommendation, col(Recommendation.id) == col(Action.recommendation_id))
    .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
    .where(col(Action.is_public), col(Action.state).in_(OPEN))
    .order_by(col(Action.due_on), col(Action.id))
    .limit(MOST)
)
