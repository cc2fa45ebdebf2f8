"""Progress updates: every act on an action as its story tells it, with the words and their release."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.on_behalf import CameBy
from app.domain.workflow import MilestoneWord, State, Verb
from app.models.base import Table, choice, instant, maybe_instant, partial

IS_WAITING = "released_at IS NULL AND public_summary <> '' AND withheld_reason = ''"  # words, for their release


class Via(StrEnum):
    WORKSPACE = "workspace"
    MAIL_LINK = "mail_link"
    ON_BEHALF = "on_behalf"
    COMMAND = "command"


# Spelled out for the index of the few rows of which it is true.
ON_BEHALF: sa.ColumnElement[bool] = sa.literal_column("progress_update.via") == sa.literal_column("'on_behalf'")


class Update(Table, table=True):
    """One act. That it happened is public with the action; its words are public once released."""

    __tablename__ = "progress_update"
    __table_args__ = (
        sa.Index("ix_progress_update_action_id_id", "action_id", "id"),
        sa.Index("ix_progress_update_action_id_at_id", "action_id", "at", "id"),
        sa.Index("ix_progress_update_recommendation_id_at_id", "recommendation_id", "at", "id"),
        sa.Index("ix_progress_update_programme_id_at", "programme_id", "at", "id"),
        sa.Index(
            "ix_progress_update_on_behalf",
            "action_id",
            "id",
            sqlite_where=sa.text("via = 'on_behalf'"),
            postgresql_where=sa.text("via = 'on_behalf'"),
        ),
        partial("ix_progress_update_waiting", "programme_id", "id", where=IS_WAITING),
    )
    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id")
    recommendation_id: int = Field(foreign_key="recommendation.id")
    programme_id: int = Field(foreign_key="programme.id")
    verb: Verb = Field(sa_type=choice(Verb))
    state_after: State = Field(sa_type=choice(State, "state_after"))
    at: dt.datetime = instant()
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id")  # in whose name
    via: Via = Field(default=Via.WORKSPACE, sa_type=choice(Via))
    note: str = ""  # internal
    public_summary: str = ""
    lang: str = Field(default="ar", max_length=2)  # of what was typed
    percent: int | None = None
    release_on: dt.date | None = Field(default=None, index=True)  # by itself, unless withheld before
    released_at: dt.datetime | None = maybe_instant()
    released_by_id: int | None = Field(default=None, foreign_key="person.id")
    withheld_reason: str = ""
    milestone_id: int | None = Field(default=None, foreign_key="milestone.id")  # which one it is about, if one
    part_of_id: int | None = Field(default=None, foreign_key="organisation.id")  # whose part it is about, if one
    milestone_word: MilestoneWord | None = Field(default=None, sa_type=choice(MilestoneWord), nullable=True)
    came_by: CameBy | None = Field(default=None, sa_type=choice(CameBy), nullable=True)  # where recorded on behalf,
    came_on: dt.date | None = None  # and the day of the word; `at` is that of the recording
    corrected_at: dt.datetime | None = maybe_instant()  # its public words; those before are in the record alone
    corrections: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # the version of its words
