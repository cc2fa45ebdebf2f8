"""Counts that dashboards read instead of the items: kept in the same transaction as what they count."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, choice

NO_DATE = dt.date(9999, 12, 31)  # a date that is never due: part of the key, so never NULL


class Counted(StrEnum):
    ACTIONS = "actions"  # by lead organisation, state and due date
    RECOMMENDATIONS = "recommendations"  # by status
    PUBLISHED = "published"  # recommendations by the date they became public
    PLANNED = "planned"  # recommendations by the date they were planned for at first
    DISPUTED = "disputed"  # recommendations that count as implemented but for a dispute, by status
    IMPLEMENTED = "implemented"  # recommendations by the date they were implemented


class Tally(Table, table=True):
    """How many of `counted` share a key; "overdue today" is a sum over dates, so midnight needs no write."""

    __table_args__ = (sa.Index("ix_tally_organisation", "counted", "is_public", "organisation_id"),)
    counted: Counted = Field(sa_type=choice(Counted), primary_key=True)
    is_public: bool = Field(primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    organisation_id: int = Field(primary_key=True)  # 0: none
    status: str = Field(primary_key=True, max_length=32)
    on: dt.date = Field(primary_key=True, default=NO_DATE)
    count: int = 0
