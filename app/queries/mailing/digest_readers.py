"""The readers of weekly digests: who wants one, when, and up to which week it has been decided."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digests import Preference
from app.models.base import UtcDateTime
from app.models.notifications import DigestWindow, Outcome
from app.models.people import Person
from app.queries.mailing import digest_standings
from app.queries.mailing.directory import zone_of

_FORTNIGHT = dt.timedelta(days=14)
_WHOSE: tuple[Any, ...] = tuple(
    col(getattr(Person, name))
    for name in ("id", "name", "timezone", "digest_weekday", "digest_hour", "digest_since_at", "created_at")
)


class WeeklyReader(NamedTuple):
    """`last` is the last week decided, `last_end` to where all is told."""

    person_id: int
    name: str
    preference: Preference
    last: str | None
    last_end: dt.datetime | None


def of(session: Session, now: dt.datetime, among: Any = None) -> list[WeeklyReader]:
    """Everybody who wants a digest, or those of a subquery of ids, in one statement."""
    query = _readers().where(col(Person.has_digest)).order_by(col(Person.id))
    wanted = query if among is None else query.where(col(Person.id).in_(among))
    return [_reader(now, row) for row in session.execute(wanted).all()]


def one(session: Session, now: dt.datetime, person_id: int) -> WeeklyReader | None:
    """Whoever could have one, whether or not they want it."""
    row = session.execute(_readers().where(col(Person.id) == person_id)).first()
    return _reader(now, row) if row else None


def _readers() -> Any:
    told = sa.case((col(DigestWindow.outcome).in_({Outcome.SENT, Outcome.EMPTY}), col(DigestWindow.end_at)))
    last_end = sa.func.coalesce(sa.func.max(told), sa.func.min(col(DigestWindow.start_at)))
    decided = (
        sa.select(
            col(DigestWindow.person_id),
            sa.func.max(col(DigestWindow.period)).label("last"),
            sa.type_coerce(last_end, UtcDateTime()).label("last_end"),
        )
        .group_by(col(DigestWindow.person_id))
        .subquery()
    )
    return (
        sa.select(*_WHOSE, decided.c.last, decided.c.last_end)
        .outerjoin(decided, decided.c.person_id == col(Person.id))
        .where(col(Person.is_active), col(Person.id).in_(digest_standings.readers()))
    )


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    query = sa.select(col(Person.id), col(Person.name)).where(col(Person.id).in_(ids))
    return {row[0]: row[1] for row in session.execute(query).all()}


def _reader(now: dt.datetime, row: Any) -> WeeklyReader:
    """Nobody is told of weeks before they came; who came long ago and was never told begins with this week."""
    person_id, name, zone, weekday, hour, switched_at, created_at, last, last_end = row
    since = switched_at or created_at
    is_first = last is None and since < now - _FORTNIGHT
    since_at = None if is_first or (last is not None and switched_at is None) else since
    return WeeklyReader(person_id, name, Preference(zone_of(zone), weekday, hour, since_at), last, last_end)
