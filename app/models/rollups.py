"""Counts that pages read instead of the items, and the log of what public pages have to follow; no item itself."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Json, Table, choice, partial

SILENT = "counted = 'silent'"  # the condition of a partial index, as the statement that uses it says it


class Scope(StrEnum):
    """Of what something is counted; where it is the whole site, its id is 0."""

    SITE = "site"
    MONTHS = "months"  # the whole site, a month under its first day: a long line costs few rows
    PROGRAMME = "programme"
    MEETING = "meeting"
    REGION = "region"  # the meetings of a programme in one region: `regions.number`
    ORGANISATION = "organisation"


class Tallied(StrEnum):
    RECOMMENDATIONS = "recommendations"  # by status
    DISPUTED = "disputed"  # recommendations of which a public action is disputed, by status
    ACTIONS = "actions"  # by state; of an organisation: those it leads
    SUPPORTED = "supported"  # public actions that others lead


class Dated(StrEnum):
    OWED = "owed"  # public actions whose deadline still runs, by deadline
    UNDER_WAY = "under_way"  # those of them on which work has begun
    LATE = "late"  # public recommendations under way, by the earliest deadline that they still owe
    SILENT = "silent"  # public actions whose deadline still runs, by the day of the last word
    PUBLISHED = "published"  # public recommendations by the day on which they became so
    PLANNED = "planned"  # ... by the day they were planned for at first
    IMPLEMENTED = "implemented"  # ... by the day they were implemented


class Tally(Table, table=True):
    """How many there are; nothing is kept of what there is none of."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    scope: Scope = Field(sa_type=choice(Scope, "tally_scope"), primary_key=True)
    counted: Tallied = Field(sa_type=choice(Tallied, "tally_counted"), primary_key=True)
    is_public: bool = Field(primary_key=True)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    status: str = Field(primary_key=True, max_length=32)
    count: int


class DayTally(Table, table=True):
    """How many of what is public fall on a day: "overdue today" is a sum over days, so midnight needs no write.

    Only what can still turn is here, and the few lines of growth.
    """

    __table_args__ = (
        partial("ix_day_tally_silent", "on", "scope_id", where=SILENT),
        {"sqlite_with_rowid": False},
    )
    scope: Scope = Field(sa_type=choice(Scope, "day_tally_scope"), primary_key=True)
    counted: Dated = Field(sa_type=choice(Dated, "day_tally_counted"), primary_key=True)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    on: dt.date = Field(primary_key=True)
    count: int


class PublicChange(Table, table=True):
    """What of the public pages one transaction changed: pages in memory that show none of it stay.

    A row each, so that writers never wait for each other; the oldest are dropped. `xid` orders what PostgreSQL's
    transactions wrote, which end in another order than they begin.
    """

    id: int = Field(default=None, primary_key=True)
    xid: int = Field(default=0, sa_type=sa.BigInteger, index=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
