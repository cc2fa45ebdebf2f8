"""Programmes, their meetings, and the addresses that an item had before."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.periods import Rhythm
from app.domain.texts import Titles
from app.models.base import Table, TranslatedTable, by_language, choice, instant, maybe_instant, versioned


class ReleasePolicy(StrEnum):
    """When the words that came by a mail link are released to the public."""

    BY_HAND = "by_hand"
    AT_ONCE = "at_once"
    AFTER_DAYS = "after_days"


class Programme(TranslatedTable, table=True):
    id: int = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    titles: Titles = by_language()
    release_policy: ReleasePolicy = Field(default=ReleasePolicy.BY_HAND, sa_type=choice(ReleasePolicy))
    release_days: int = 3  # working days, for AFTER_DAYS
    # Whether a manager may decide the first two requests for more time of an action without priority.
    managers_decide: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    # How often word is asked for of each action in hand, and since when: no period that began before is.
    word_every: Rhythm | None = Field(default=None, sa_type=choice(Rhythm, "word_every"), nullable=True)
    word_since: dt.date | None = None
    published_at: dt.datetime | None = maybe_instant()
    created_at: dt.datetime = instant()
    version: int = versioned()


class Meeting(TranslatedTable, table=True):
    __table_args__ = (
        sa.Index("ix_meeting_programme_id_held_on_id", "programme_id", "held_on", "id"),
        sa.Index("ix_meeting_is_public_held_on_id", "is_public", "held_on", "id"),
        sa.Index("ix_meeting_region_programme_id_id", "region", "programme_id", "id"),
    )
    id: int = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id")
    slug: str = Field(unique=True, max_length=80)
    titles: Titles = by_language()
    held_on: dt.date
    place: Titles = by_language()
    region: str = Field(max_length=8)
    convenor: Titles = by_language()  # bodies and functions, never names
    chair: Titles = by_language()
    participants: Titles = by_language()
    prefix: str = Field(max_length=8)  # of the references; by default the region's code
    published_at: dt.datetime | None = maybe_instant()
    is_public: bool = False  # derived: published, and its programme too
    created_at: dt.datetime = instant()
    version: int = versioned()


class SlugAlias(Table, table=True):
    """A former slug: addresses never die, they redirect."""

    kind: str = Field(primary_key=True, max_length=20)
    slug: str = Field(primary_key=True, max_length=80)
    target_id: int
