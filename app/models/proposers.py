"""Who proposed a recommendation, the keys that are mailed to them, and what they said of what was verified."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, instant, maybe_instant, versioned


class Proposer(Table, table=True):
    """A person or body on one recommendation, without an account; erased, the row stays without name and address."""

    __table_args__ = (sa.UniqueConstraint("recommendation_id", "email"),)
    id: int = Field(default=None, primary_key=True)
    recommendation_id: int = Field(foreign_key="recommendation.id")
    name: str = Field(default="", max_length=200)  # internal
    email: str | None = Field(default=None, max_length=254)  # lower case; None: says it on paper alone
    locale: str = Field(default="ar", max_length=2)
    agreed_on: dt.date | None = None  # to be written to; without it nothing is
    removed_at: dt.datetime | None = maybe_instant()
    created_at: dt.datetime = instant()
    version: int = versioned()


class VoiceLink(Table, table=True):
    """The key in a mail to a proposer: hashed, bound to them and to one verification."""

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    proposer_id: int = Field(foreign_key="proposer.id", index=True)
    verification_id: int = Field(foreign_key="progress_update.id")
    action_id: int = Field(foreign_key="action.id", index=True)
    created_at: dt.datetime = instant()
    expires_at: dt.datetime = instant(index=True)
    revoked_at: dt.datetime | None = maybe_instant()


class Voice(Table, table=True):
    """What a proposer said of one verification, once; the words and their release are those of the update."""

    __table_args__ = (sa.UniqueConstraint("proposer_id", "verification_id"),)
    id: int = Field(default=None, primary_key=True)
    proposer_id: int = Field(foreign_key="proposer.id")
    verification_id: int = Field(foreign_key="progress_update.id")
    update_id: int = Field(foreign_key="progress_update.id", unique=True)
