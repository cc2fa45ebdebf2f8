"""Recommendations with their verbatim source, their themes, and the counters that give references out."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.progress import Closure, Response, Status
from app.domain.texts import Titles
from app.models.base import (
    Json,
    Table,
    TranslatedTable,
    by_language,
    choice,
    instant,
    maybe_instant,
    partial,
    versioned,
)


class TranslationFlag(StrEnum):
    OFFICIAL = "official"
    COURTESY = "courtesy"


class Theme(TranslatedTable, table=True):
    """What recommendations are about; of one that was merged an alias stays, which leads to the one that was kept."""

    id: int = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    titles: Titles = by_language()
    owner_programme_id: int | None = Field(default=None, foreign_key="programme.id")
    version: int = Field(default=1, nullable=False, sa_column_kwargs={"server_default": "1"})


class Recommendation(TranslatedTable, table=True):
    __table_args__ = (
        sa.Index("ix_recommendation_meeting_id_position", "meeting_id", "position", "id"),
        sa.Index("ix_recommendation_programme_id_id", "programme_id", "id"),
        partial("ix_recommendation_owed", "meeting_id", "owed_on", where="owed_on IS NOT NULL"),
        partial("ix_recommendation_response_by_id", "response_by_id", where="response_by_id IS NOT NULL"),
        sa.Index(
            "ix_recommendation_waiting", "programme_id", "status", sa.text("coalesce(responded_at, created_at)"), "id"
        ),
    )
    id: int = Field(default=None, primary_key=True)
    ref: str = Field(unique=True, max_length=24)
    programme_id: int = Field(foreign_key="programme.id")
    meeting_id: int = Field(foreign_key="meeting.id")
    position: int = 0  # in the order of the report
    source_text: str  # verbatim, for ever
    source_lang: str = Field(max_length=2)
    source_start: int | None = None
    source_end: int | None = None
    source_more: list[list[int]] = Field(default_factory=list, sa_type=Json, nullable=False)
    external_number: str = Field(default="", max_length=80)
    titles: Titles = by_language()
    title_flags: dict[str, str] = Field(default_factory=dict, sa_type=Json, nullable=False)  # lang → TranslationFlag
    done_when: str = ""  # what will show that it is done
    is_priority: bool = False
    response: Response = Field(default=Response.PENDING, sa_type=choice(Response))
    response_reason: str = ""
    response_by_id: int | None = Field(default=None, foreign_key="organisation.id")
    responded_at: dt.datetime | None = maybe_instant()
    referred_to: str = ""
    # Deferred: a restored row may name one that comes after it.
    merged_into_id: int | None = Field(
        default=None,
        sa_type=sa.Integer,
        sa_column_args=[sa.ForeignKey("recommendation.id", deferrable=True, initially="DEFERRED")],
        nullable=True,
    )
    closure: Closure | None = Field(default=None, sa_type=choice(Closure), nullable=True)
    closure_reason: str = ""
    closed_at: dt.datetime | None = maybe_instant()
    outcome: Titles = Field(
        default_factory=dict, sa_type=Json, nullable=False, sa_column_kwargs={"server_default": "{}"}
    )
    outcome_on: dt.date | None = None  # when it showed
    # When it was named; none: not named, or taken back, as what is reported was no longer implemented.
    outcome_at: dt.datetime | None = maybe_instant()
    last_action_number: int = 0
    status: Status = Field(default=Status.AWAITING_RESPONSE, sa_type=choice(Status, "status"))
    public_status: Status = Field(default=Status.AWAITING_RESPONSE, sa_type=choice(Status, "public_status"))
    planned_on: dt.date | None = None  # the latest baseline of its live public actions
    owed_on: dt.date | None = None  # under way: the earliest deadline that its public actions still owe
    implemented_on: dt.date | None = None  # when the last of them was verified
    published_at: dt.datetime | None = maybe_instant()
    is_public: bool = False  # derived: published, and its meeting is public
    is_disputed: bool = False  # derived: a public action of it is disputed
    created_at: dt.datetime = instant()
    version: int = versioned()


class RecommendationTheme(Table, table=True):
    __table_args__ = (sa.Index("ix_recommendation_theme_theme_id_recommendation_id", "theme_id", "recommendation_id"),)
    recommendation_id: int = Field(foreign_key="recommendation.id", primary_key=True)
    theme_id: int = Field(foreign_key="theme.id", primary_key=True)
    position: int = 0  # the first is the main one


class RecommendationLink(Table, table=True):
    """The same recommendation at two meetings, each with its own actions; the one with the smaller id stands first."""

    __table_args__ = (sa.CheckConstraint("first_id < second_id", name="first_before_second"),)
    first_id: int = Field(foreign_key="recommendation.id", primary_key=True)
    second_id: int = Field(foreign_key="recommendation.id", primary_key=True, index=True)


class ReferenceCounter(Table, table=True):
    """The last number given under a prefix and year; numbers are never given twice."""

    prefix: str = Field(primary_key=True, max_length=8)
    year: int = Field(primary_key=True)
    last: int = 0
