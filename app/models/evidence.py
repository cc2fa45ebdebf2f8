"""Pieces of evidence that an action's owner points at."""

import datetime as dt

from sqlmodel import Field

from app.models.base import Table, instant, maybe_instant


class EvidenceItem(Table, table=True):
    """A document that shows what was done: named, with its file or its place; it goes with the words it came with."""

    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    update_id: int | None = Field(default=None, foreign_key="progress_update.id", index=True)
    title: str = Field(max_length=300)
    location: str = Field(default="", max_length=1000)  # an address, or the number of an official text
    person_id: int = Field(foreign_key="person.id")
    created_at: dt.datetime = instant()
    release_on: dt.date | None = Field(default=None, index=True)  # by itself, unless withheld before
    released_at: dt.datetime | None = maybe_instant()
    is_internal: bool = False  # never for the public, whatever becomes of its words
    file_key: str | None = Field(default=None, max_length=32, index=True, unique=True)  # its name in the store
    file_name: str = Field(default="", max_length=200)  # as shown, with the ending of what it is
    file_kind: str = Field(default="", max_length=8)
    file_size: int = 0
    file_sha256: str = Field(default="", max_length=64)
    withheld_reason: str = ""  # of its own; with words that are withheld it merely waits
