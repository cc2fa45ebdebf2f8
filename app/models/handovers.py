"""Handover notes: what a post owed on the day on which somebody else was seated, as it stood then."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.workflow import State
from app.models.base import Table, choice, instant


class HandoverNote(Table, table=True):
    """One for each time that somebody is seated at a post that owes something."""

    id: int = Field(default=None, primary_key=True)
    holding_id: int = Field(foreign_key="holding.id", unique=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    former_id: int | None = Field(default=None, foreign_key="person.id")  # who held it until then
    made_on: dt.date
    created_at: dt.datetime = instant()


class HandoverLine(Table, table=True):
    """One open action; titles, words and documents are read where they stand, so that nothing is told twice."""

    __table_args__ = (sa.UniqueConstraint("note_id", "action_id"),)
    note_id: int = Field(foreign_key="handover_note.id", primary_key=True)
    position: int = Field(primary_key=True)  # late ones first, then by deadline
    action_id: int = Field(foreign_key="action.id", index=True)
    is_part: bool  # the post merely supports it
    state: State = Field(sa_type=choice(State))
    due_on: dt.date | None = None  # of the part, where it is one
    is_late: bool
    update_id: int | None = Field(default=None, foreign_key="progress_update.id")  # the last words on it
