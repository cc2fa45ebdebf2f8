"""Sentences of mails in an administrator's words."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Json, Table, instant


class Wording(Table, table=True):
    """A sentence in one language, by its message id; without forms it is said in our words again.

    The row stays when the words are taken back, so that its version never says two things.
    """

    __table_args__ = (sa.UniqueConstraint("lang", "text"),)
    id: int = Field(default=None, primary_key=True)
    lang: str = Field(max_length=2)
    text: str = Field(max_length=500)
    forms: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    edited_at: dt.datetime = instant()
    edited_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    version: int = 0
