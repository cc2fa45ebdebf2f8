"""Organisations, their posts, who holds them, and the people with their roles."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.permissions import Role
from app.domain.texts import Titles
from app.models.base import Table, TranslatedTable, by_language, choice, instant, maybe_instant, partial, versioned


def _one_at_a_time(name: str, where: str) -> sa.Index:
    """One such row a post."""
    condition = sa.text(where)
    return sa.Index(name, "post_id", unique=True, sqlite_where=condition, postgresql_where=condition)


class Organisation(TranslatedTable, table=True):
    id: int = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    titles: Titles = by_language()
    region: str | None = Field(default=None, max_length=8)
    is_partner: bool = False  # a firm or an association: its words are released by hand
    owner_programme_id: int | None = Field(default=None, foreign_key="programme.id")  # whose secretariat made it
    created_at: dt.datetime = instant()
    version: int = versioned()


class Post(TranslatedTable, table=True):
    id: int = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    titles: Titles = by_language()
    mailbox: str | None = Field(default=None, max_length=254)  # a functional address beside the holder's
    is_manager: bool = False  # its holder answers for all that the organisation's posts owe
    owner_programme_id: int | None = Field(default=None, foreign_key="programme.id")  # whose secretariat made it
    created_at: dt.datetime = instant()
    version: int = versioned()


class Person(Table, table=True):
    id: int = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=254)  # lower case
    name: str = Field(max_length=200)
    locale: str = Field(default="ar", max_length=2)
    timezone: str = Field(default="Africa/Casablanca", max_length=64)
    is_active: bool = True
    is_name_public: bool = False
    has_digest: bool = True
    digest_weekday: int = 0  # Monday
    digest_hour: int = 8  # local
    reminder_hour: int = Field(default=8, sa_column_kwargs={"server_default": "8"})  # local
    digest_since_at: dt.datetime | None = maybe_instant()  # off and on again starts here
    owner_programme_id: int | None = Field(default=None, foreign_key="programme.id")  # whose secretariat entered them
    created_at: dt.datetime = instant()
    version: int = versioned()


class Holding(Table, table=True):
    """Who holds a post from when until when, or acts for its holder; what is open is so now."""

    __table_args__ = (
        _one_at_a_time("uq_holding_present", "until_on IS NULL AND NOT is_acting"),
        _one_at_a_time("uq_holding_acting", "until_on IS NULL AND is_acting"),
        sa.Index("ix_holding_person_id_until_on", "person_id", "until_on"),
    )
    id: int = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    since_on: dt.date
    until_on: dt.date | None = None
    is_acting: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    handover_note: str = ""
    created_at: dt.datetime = instant()


class PlannedSeat(Table, table=True):
    """A change that its day brings: another holder, nobody, or somebody who acts for the holder for some days."""

    __table_args__ = (
        partial("ix_planned_seat_waiting", "from_on", where="begun_at IS NULL AND ended_at IS NULL"),
        partial("ix_planned_seat_running", "until_on", where="begun_at IS NOT NULL AND ended_at IS NULL"),
    )
    id: int = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)  # None: the post is left empty
    is_acting: bool
    from_on: dt.date
    until_on: dt.date | None = None  # the last of the days on which somebody acts
    note: str = ""
    planned_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: dt.datetime = instant()
    begun_at: dt.datetime | None = maybe_instant()
    ended_at: dt.datetime | None = maybe_instant()  # carried out, over, or taken back before


class RoleGrant(Table, table=True):
    """A role of a person, in a programme, or everywhere for administrators."""

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    programme_id: int | None = Field(default=None, foreign_key="programme.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")  # narrows an observer
    region: str | None = Field(default=None, max_length=8)  # narrows an observer
    created_at: dt.datetime = instant()
