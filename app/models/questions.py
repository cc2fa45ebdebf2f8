"""Questions about an action and their answers, between its owner and the secretariat: internal, none is an update."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.questions import Side
from app.models.base import Table, choice, instant, maybe_instant, partial
from app.models.updates import Via

IS_OPEN_QUESTION = "question_id IS NULL AND answered_at IS NULL AND lapsed_at IS NULL"


class QuestionNote(Table, table=True):
    """A question, or an answer to one (`question_id`); only added to, so that as many as like may write at once."""

    __table_args__ = (
        sa.Index("ix_question_note_action_id_id", "action_id", "id"),
        partial("ix_question_note_open", "programme_id", "at", "id", where=IS_OPEN_QUESTION),
        partial("ix_question_note_open_post", "post_id", "at", "id", where=IS_OPEN_QUESTION),
        sa.CheckConstraint(
            "question_id IS NULL OR (answered_at IS NULL AND lapsed_at IS NULL)", name="answers_wait_for_nothing"
        ),
    )
    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id")
    programme_id: int = Field(foreign_key="programme.id")
    post_id: int = Field(foreign_key="post.id")  # the owner's side of it: who asks, or who is asked
    side: Side = Field(sa_type=choice(Side))  # who writes it
    question_id: int | None = Field(default=None, foreign_key="question_note.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    at: dt.datetime = instant()
    via: Via = Field(default=Via.WORKSPACE, sa_type=choice(Via))
    text: str
    answered_at: dt.datetime | None = maybe_instant()  # of a question: since when the first answer is there
    lapsed_at: dt.datetime | None = maybe_instant()  # the action ended, or went from the post that asked
