"""Replies that wait for whoever wrote them: behind the key of a mail, and on the page of what they owe."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.permissions import Viewer
from app.domain.replies import ReplyState
from app.domain.texts import Titles
from app.domain.workflow import TERMINAL
from app.models.actions import Action
from app.models.replies import PendingReply
from app.queries.followup.update_keys import OpenedKey

_MOST = 5  # a person never has more


class WaitingReply(NamedTuple):
    """With the action that it is about."""

    reply: PendingReply
    ref: str
    titles: Titles


def of(viewer: Viewer, now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """The viewer's own, for posts that they hold still."""
    return (
        col(PendingReply.person_id) == viewer.person_id,
        col(PendingReply.post_id).in_(viewer.post_ids),
        col(PendingReply.state) == ReplyState.WAITING,
        col(PendingReply.expires_at) > now,
    )


def waiting(session: Session, key: OpenedKey) -> Sequence[PendingReply]:
    """The key's own, about its action, the oldest first."""
    query = sa.select(PendingReply).where(col(PendingReply.action_id) == key.action.id, *of(key.viewer, clock.now()))
    return session.scalars(query.order_by(col(PendingReply.id))).all()


def own(session: Session, viewer: Viewer) -> list[WaitingReply]:
    """The oldest first; no statement for whoever holds nothing, and in a house that takes no replies."""
    if not (settings().reply_address and viewer.post_ids):
        return []
    query = (
        sa.select(PendingReply, col(Action.ref), col(Action.titles))
        .join(Action, col(Action.id) == col(PendingReply.action_id))
        .where(*of(viewer, clock.now()), col(Action.state).not_in(TERMINAL))
        .order_by(col(PendingReply.id))
        .limit(_MOST)
    )
    return [WaitingReply(*row) for row in session.execute(query)]
