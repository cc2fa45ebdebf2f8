"""Mails that came back, and what they add up to against an address."""

import datetime as dt

from sqlmodel import Field

from app.domain.bounces import Weight
from app.models.base import Table, choice, instant, maybe_instant


class Bounce(Table, table=True):
    """A mail that the relay took and a server further on gave back."""

    id: int = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    address: str = Field(max_length=254, index=True)
    at: dt.datetime = instant()
    weight: Weight = Field(sa_type=choice(Weight))
    status: str = Field(default="", max_length=12)  # RFC 3463
    words: str = ""  # of the server


class FailingAddress(Table, table=True):
    """The score of an address, as it was when the last mail came back; from some score on it counts as failing."""

    address: str = Field(primary_key=True, max_length=254)  # small letters
    score: float = 0.0
    scored_at: dt.datetime = instant()
    failing_since_at: dt.datetime | None = maybe_instant(index=True)
    told_at: dt.datetime | None = maybe_instant()  # once an episode
