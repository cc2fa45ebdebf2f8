"""What stood before an answer, for as long as it can be undone; and what the secretariat took back, with its reason."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.takebacks import Withdrawn
from app.models.base import Json, Table, choice, instant, maybe_instant


class KeptAnswer(Table, table=True):
    """One answer of a holder: what it implied begins with the entry `first_id`."""

    __tablename__ = "kept_answer"
    update_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    first_id: int
    action_id: int = Field(foreign_key="action.id", index=True)
    event_id: int  # its last entry in the record: a later one is an act since
    before: dict[str, object] = Field(default_factory=dict, sa_type=Json, nullable=False)
    until_at: dt.datetime = instant(index=True)
    undone_at: dt.datetime | None = maybe_instant()


class TakenBack(Table, table=True):
    """A response or a closure that no longer holds: what it was, since when, and why it was taken back."""

    __tablename__ = "taken_back"
    __table_args__ = (sa.Index("ix_taken_back_recommendation_id_id", "recommendation_id", "id"),)
    id: int = Field(default=None, primary_key=True)
    recommendation_id: int = Field(foreign_key="recommendation.id")
    what: Withdrawn = Field(sa_type=choice(Withdrawn, "what"))
    was: str = Field(max_length=40)  # the response or the closure
    given_on: dt.date | None = None
    reason: str = ""  # public where it was
    was_public: bool = False
    at: dt.datetime = instant()
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
