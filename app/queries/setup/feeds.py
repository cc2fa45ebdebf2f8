"""The key of a person's own calendar: whether they have one, and whose one is."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import keys
from app.domain.errors import Gone, NotFound
from app.domain.permissions import Viewer
from app.domain.texts import language_of
from app.models.feeds import CalendarFeed
from app.models.people import Person

LIVING = col(CalendarFeed.revoked_at).is_(None)


class FeedReader(NamedTuple):
    """Whose calendar it is, and in which language and zone its days are told."""

    person_id: int
    lang: str
    timezone: str


def own(session: Session, viewer: Viewer) -> CalendarFeed | None:
    query = sa.select(CalendarFeed).where(col(CalendarFeed.person_id) == viewer.person_id, LIVING)
    return session.scalars(query).first()


def opened(session: Session, token: str) -> FeedReader:
    """Raises NotFound for a key that never was, Gone for one that was replaced or whose person has no access."""
    row = session.execute(_OPENED, {"hash": keys.hashed(token)}).first()
    if row is None:
        raise NotFound
    if row.revoked_at is not None or not row.is_active:
        raise Gone
    return FeedReader(row.id, language_of(row.locale), row.timezone)


_OPENED: Any = (
    sa.select(
        col(Person.id), col(Person.locale), col(Person.timezone), col(Person.is_active), col(CalendarFeed.revoked_at)
    )
    .join(CalendarFeed, col(CalendarFeed.person_id) == col(Person.id))
    .where(col(CalendarFeed.token_hash) == sa.bindparam("hash"))
)
