"""The team chats of the installation with what they were last told; their addresses stay closed."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import Role, Viewer, has_role
from app.models.channels import ChannelNote, NoteState, TeamChannel
from app.queries.scope import locks

MOST = 10  # chats of one installation


@dataclass(frozen=True, slots=True)
class ChannelLine:
    id: int
    name: str
    service: str
    lang: str
    kind: str | None
    state: NoteState | None
    at: dt.datetime | None
    reason: str | None


def require(viewer: Viewer) -> None:
    """Raises NotFound for everybody but administrators."""
    if not has_role(viewer, Role.ADMINISTRATOR):
        raise NotFound


def get(session: Session, viewer: Viewer, channel_id: int, *, lock: bool = False) -> TeamChannel:
    require(viewer)
    query = sa.select(TeamChannel).where(col(TeamChannel.id) == channel_id)
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def listed(session: Session, viewer: Viewer) -> list[ChannelLine]:
    require(viewer)
    last = sa.select(sa.func.max(col(ChannelNote.id))).where(col(ChannelNote.channel_id) == col(TeamChannel.id))
    query = (
        sa.select(
            col(TeamChannel.id),
            col(TeamChannel.name),
            col(TeamChannel.service),
            col(TeamChannel.lang),
            col(ChannelNote.kind),
            col(ChannelNote.state),
            sa.func.coalesce(col(ChannelNote.ended_at), col(ChannelNote.created_at)),
            col(ChannelNote.reason),
        )
        .outerjoin(ChannelNote, col(ChannelNote.id) == last.correlate(TeamChannel).scalar_subquery())
        .order_by(col(TeamChannel.id))
        .limit(MOST)
    )
    return [ChannelLine(*row) for row in session.execute(query)]
