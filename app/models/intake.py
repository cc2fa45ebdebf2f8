"""A meeting's report and what was proposed from it, until review has made recommendations of it."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.texts import Titles
from app.models.base import Json, Table, by_language, choice, instant, maybe_instant, versioned


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


class Origin(StrEnum):
    RULES = "rules"
    HAND = "hand"
    SPLIT = "split"
    MERGE = "merge"


class Report(Table, table=True):
    """The report's own text: NFC, code points are what every offset counts."""

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    text: str
    lang: str = Field(max_length=2)
    filename: str = ""
    sha256: str = Field(max_length=64)
    is_public: bool = False  # the whole text, beyond the sentences
    created_at: dt.datetime = instant()
    version: int = versioned()


class Proposal(Table, table=True):
    __table_args__ = (sa.Index("ix_proposal_report_id_start", "report_id", "start"),)
    id: int = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    start: int
    end: int
    more: list[list[int]] = Field(default_factory=list, sa_type=Json, nullable=False)  # further places, after a merge
    titles: Titles = by_language()
    owner_text: str = ""
    deadline_text: str = ""
    due_on: dt.date | None = None
    owner_post_id: int | None = Field(default=None, foreign_key="post.id")  # chosen in the row, for its first action
    done_when: str = ""
    confidence: float | None = None  # None: by hand
    origin: Origin = Field(default=Origin.RULES, sa_type=choice(Origin))
    state: ProposalState = Field(default=ProposalState.PROPOSED, sa_type=choice(ProposalState))
    drop_reason: str = ""
    recommendation_id: int | None = Field(default=None, foreign_key="recommendation.id", unique=True)
    version: int = versioned()


class ReviewAct(Table, table=True):
    """One step of a review and what stood before it, so that it can be undone."""

    id: int = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    verb: str = Field(max_length=20)
    before: list[dict[str, object]] = Field(default_factory=list, sa_type=Json, nullable=False)
    made: list[int] = Field(default_factory=list, sa_type=Json, nullable=False)  # proposals that the step created
    at: dt.datetime = instant()
    undone_at: dt.datetime | None = maybe_instant()
