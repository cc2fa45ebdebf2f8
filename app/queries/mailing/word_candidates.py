"""Of which actions word at intervals may be owed by a day, and the period that one of them owes."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import periods
from app.domain.periods import OwedWord, Rhythm
from app.domain.workflow import ASKS_AGAIN, IN_HAND
from app.models.actions import Action
from app.models.meetings import Programme
from app.models.updates import Update

# What was returned or reopened was not asked about while it counted as done.
_AGAIN_AT: Any = (
    sa.select(sa.func.max(col(Update.at)))
    .where(col(Update.action_id) == col(Action.id), col(Update.verb).in_(sorted(ASKS_AGAIN)))
    .correlate(Action)
    .scalar_subquery()
)
COLUMNS: tuple[Any, ...] = (
    col(Programme.word_every).label("word_every"),
    col(Programme.word_since).label("word_since"),
    col(Action.last_word_at).label("heard_at"),
    _AGAIN_AT.label("again_at"),
)
ASKED: Any = sa.and_(col(Programme.word_every).is_not(None), col(Programme.word_since).is_not(None))


def by(end: dt.date) -> Any:
    """Those in hand without word since the last period began that has ended by then."""
    return _silent_about_last(end)


def silent(session: Session, programme_id: int, today: dt.date) -> int:
    """How many actions of the programme let the last whole period pass without word."""
    last = _silent_about_last(today - dt.timedelta(days=1))
    query = sa.select(*COLUMNS, col(Action.assigned_at)).join(Programme, col(Programme.id) == col(Action.programme_id))
    rows = session.execute(query.where(last, ASKED, col(Action.programme_id) == programme_id))
    return sum(owed(row.assigned_at, row).missed(today) > 0 for row in rows)


def of_action(session: Session, action_id: int) -> OwedWord | None:
    """What an action in hand owes now or next; None where no word is asked for."""
    query = sa.select(*COLUMNS, col(Action.assigned_at)).join(Programme, col(Programme.id) == col(Action.programme_id))
    found = session.execute(query.where(col(Action.id) == action_id, col(Action.state).in_(IN_HAND), ASKED)).first()
    return owed(found.assigned_at, found) if found else None


def _silent_about_last(day: dt.date) -> Any:
    """In hand, without word since the last period began that had ended by the day."""
    latest = ((rhythm, periods.last_askable(day, rhythm).start) for rhythm in Rhythm)
    # The few programmes that ask lead to their actions: else a pass would look at all that is in hand.
    asking = col(Action.programme_id).in_(sa.select(col(Programme.id)).where(ASKED))
    return asking & col(Action.state).in_(IN_HAND) & sa.or_(*(_silent(rhythm, start) for rhythm, start in latest))


def _silent(rhythm: Rhythm, start: dt.date) -> Any:
    since = dt.datetime.combine(start, dt.time(), tzinfo=settings().zone).astimezone(dt.UTC)
    return sa.and_(
        col(Programme.word_every) == rhythm,
        col(Programme.word_since) <= start,
        sa.or_(col(Action.last_word_at).is_(None), col(Action.last_word_at) < since),
    )


def owed(assigned_at: dt.datetime | None, row: Any) -> OwedWord:
    """By columns that are named as in COLUMNS."""
    zone = settings().zone
    asked = (row.word_since, clock.day(assigned_at, zone), clock.day(row.again_at, zone))
    since = max(day for day in asked if day is not None)
    return periods.owed(row.word_every, since, clock.day(row.heard_at, zone))
