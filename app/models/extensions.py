"""Requests for more time, each with what was asked, who endorsed it, and what was decided."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.extensions import RequestOutcome
from app.models.base import Table, choice, instant, maybe_instant, one_of, partial

IS_OPEN_REQUEST = one_of("outcome", {RequestOutcome.OPEN})


class ExtensionRequest(Table, table=True):
    """In the name of a post, for the whole action or for its own part of it (`part_of_id`: the supporting body)."""

    __table_args__ = (
        sa.Index("ix_extension_request_action_id_id", "action_id", "id"),
        # One open request of a post at a time, whoever asks at once.
        sa.Index(
            "uq_extension_request_open",
            "action_id",
            "post_id",
            unique=True,
            sqlite_where=sa.text(IS_OPEN_REQUEST),
            postgresql_where=sa.text(IS_OPEN_REQUEST),
        ),
        partial("ix_extension_request_waiting", "programme_id", "asked_at", "id", where=IS_OPEN_REQUEST),
        partial("ix_extension_request_of_post", "post_id", "asked_at", "id", where=IS_OPEN_REQUEST),
    )
    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id")
    programme_id: int = Field(foreign_key="programme.id")
    post_id: int = Field(foreign_key="post.id")
    part_of_id: int | None = Field(default=None, foreign_key="organisation.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    asked_at: dt.datetime = instant()
    from_on: dt.date | None = None
    to_on: dt.date
    reason: str = ""  # of who asks: internal
    endorsed_by_id: int | None = Field(default=None, foreign_key="person.id")
    endorsed_at: dt.datetime | None = maybe_instant()
    outcome: RequestOutcome = Field(default=RequestOutcome.OPEN, sa_type=choice(RequestOutcome, "outcome"))
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: dt.datetime | None = maybe_instant()
    granted_on: dt.date | None = None  # where it was granted: the date asked or another
    decision: str = ""  # why: public where the action's deadline moves, else told to who asked
