"""The ladders that programmes edited; where there is no row, ours stands."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Json, Table, versioned


class ProgrammeLadder(Table, table=True):
    """Of the actions of a programme, those with priority apart."""

    __table_args__ = (sa.UniqueConstraint("programme_id", "is_priority"),)
    id: int = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id")
    is_priority: bool = False
    days: dict[str, object] = Field(default_factory=dict, sa_type=Json, nullable=False)  # domain.ladders.Days
    # By rung the day on which an edit brought it, where it did not always stand: domain.ladders.armed
    since: dict[str, str] = Field(default_factory=dict, sa_type=Json, nullable=False)
    since_on: dt.date  # of the last edit
    version: int = versioned()
