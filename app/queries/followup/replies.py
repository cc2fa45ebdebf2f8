"""Replies that wait for whoever holds the key of a mail."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.replies import ReplyState
from app.models.replies import PendingReply
from app.queries.followup.update_keys import OpenedKey


def waiting(session: Session, key: OpenedKey) -> Sequence[PendingReply]:
    """The key's own, about its action, the oldest first."""
    query = sa.select(PendingReply).where(
        col(PendingReply.person_id) == key.viewer.person_id,
        col(PendingReply.post_id) == key.post_id,
        col(PendingReply.action_id) == key.action.id,
        col(PendingReply.state) == ReplyState.WAITING,
        col(PendingReply.expires_at) > clock.now(),
    )
    return session.scalars(query.order_by(col(PendingReply.id))).all()
