"""The keys of people's own calendars: only hashes are kept."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, instant, maybe_instant

_IS_LIVING = "revoked_at IS NULL"


class CalendarFeed(Table, table=True):
    """One living key a person; the ones before it are kept as gone, so that whoever still asks is told so."""

    __table_args__ = (
        sa.Index(
            "uq_calendar_feed_living",
            "person_id",
            unique=True,
            sqlite_where=sa.text(_IS_LIVING),
            postgresql_where=sa.text(_IS_LIVING),
        ),
    )
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: dt.datetime = instant()
    revoked_at: dt.datetime | None = maybe_instant()
