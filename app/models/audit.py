"""The record: what was done by whom to what, append-only, and the chain that seals it."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Json, Table, instant


class AuditEvent(Table, table=True):
    """One act. The payload holds ids of people, never names; the hash covers all columns but itself."""

    __table_args__ = (
        sa.Index("ix_audit_event_subject_kind_subject_id_id", "subject_kind", "subject_id", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int = Field(default=None, primary_key=True)
    at: dt.datetime = instant()
    actor_id: int | None = None  # a person; None: the service itself
    via: str = Field(max_length=20)
    verb: str = Field(max_length=40)
    subject_kind: str = Field(max_length=20)
    subject_id: int
    programme_id: int | None = None
    data: dict[str, object] = Field(default_factory=dict, sa_type=Json, nullable=False)
    hash: str = Field(max_length=64)


class AuditSeal(Table, table=True):
    """One link of the chain: SHA-256 over the previous link and the event's hash."""

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event_id: int = Field(foreign_key="audit_event.id", unique=True)
    hash: str = Field(max_length=64)


class PublishedHead(Table, table=True):
    """The head of the chain on a day, as it left the house: on the public page, in a mail, in a signed line."""

    on: dt.date = Field(primary_key=True)
    position: int
    head: str = Field(max_length=64)
