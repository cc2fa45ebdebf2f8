"""Mails that take a reply, and the replies that wait for their writer to confirm them."""

import datetime as dt

from sqlmodel import Field

from app.domain.replies import ReplyState
from app.models.base import Table, choice, instant, maybe_instant


class ReplyLine(Table, table=True):
    """A mail about one thing of one post: what a reply to its signed address is about."""

    message_id: int = Field(primary_key=True, foreign_key="message.id", sa_column_kwargs={"autoincrement": False})
    person_id: int = Field(foreign_key="person.id", index=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    expires_at: dt.datetime = instant(index=True)


class PendingReply(Table, table=True):
    """Words that came by mail: nobody's until their writer says so; empty once that is settled."""

    id: int = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)  # of the mail that it answers
    person_id: int = Field(foreign_key="person.id", index=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    digest: str = Field(unique=True, max_length=64)  # of the mail: brought twice it is one
    text: str
    lang: str = Field(max_length=2)
    state: ReplyState = Field(default=ReplyState.WAITING, sa_type=choice(ReplyState))
    received_at: dt.datetime = instant()
    expires_at: dt.datetime = instant(index=True)
    ended_at: dt.datetime | None = maybe_instant()
    update_id: int | None = Field(default=None, foreign_key="progress_update.id", index=True)  # what became of it
