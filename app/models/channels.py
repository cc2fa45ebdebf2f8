"""Team chats that an administrator has named, and what they were told: a title and a link each."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, choice, instant, maybe_instant, partial


class NoteState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # tried often enough, or of no use any more


class TeamChannel(Table, table=True):
    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    service: str = Field(max_length=40)  # what people call it
    address: bytes  # closed; shown nowhere
    lang: str = Field(max_length=2)
    created_at: dt.datetime = instant()


class ChannelNote(Table, table=True):
    """One row a channel, kind and period: told once."""

    __table_args__ = (
        sa.UniqueConstraint("channel_id", "kind", "period"),
        partial("ix_channel_note_waiting", "due_at", "id", where="state = 'waiting'"),
    )
    id: int = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="team_channel.id")
    kind: str = Field(max_length=40)
    period: str = Field(max_length=40)
    state: NoteState = Field(default=NoteState.WAITING, sa_type=choice(NoteState))
    due_at: dt.datetime = instant()
    attempts: int = 0
    reason: str = ""
    created_at: dt.datetime = instant()
    ended_at: dt.datetime | None = maybe_instant()
