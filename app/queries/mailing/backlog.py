"""What waits to leave, by urgency and by how long it has been due; one statement that stops counting in time."""

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.sentences.wellness import Ages
from app.models.notifications import Delivery, Envelope

MOST = 20_000  # beyond it the number says little; the most urgent are counted first
_MINUTE, _QUARTER, _HOUR = dt.timedelta(minutes=1), dt.timedelta(minutes=15), dt.timedelta(hours=1)
_WAITS = (Delivery.CLAIMED, Delivery.QUEUED)


def by_priority(session: Session, now: dt.datetime) -> dict[int, Ages]:
    """Counted from the hour at which each was first due: every failure moves the other one."""
    waits = (
        sa.select(
            col(Envelope.priority).label("priority"),
            sa.func.coalesce(col(Envelope.first_due_at), col(Envelope.due_at)).label("since"),
        )
        .where(col(Envelope.state).in_(_WAITS))
        .order_by(col(Envelope.state), col(Envelope.priority), col(Envelope.due_at))
        .limit(MOST)
        .subquery()
    )
    since = waits.c.since
    columns = (
        sa.func.count().filter(since <= now, since > now - _MINUTE),
        sa.func.count().filter(since <= now - _MINUTE, since > now - _QUARTER),
        sa.func.count().filter(since <= now - _QUARTER, since > now - _HOUR),
        sa.func.count().filter(since <= now - _HOUR),
        sa.func.count().filter(since > now),
    )
    query = sa.select(waits.c.priority, *columns).group_by(waits.c.priority).order_by(waits.c.priority)
    return {row[0]: Ages(*row[1:]) for row in session.execute(query)}


def together(ages: Iterable[Ages]) -> Ages:
    return Ages(*map(sum, zip(*ages, strict=True))) if (ages := list(ages)) else Ages()
