"""Invitations: those that a viewer may look after, and the one that a key opens."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotFound
from app.domain.permissions import Role, Viewer, has_role
from app.domain.texts import Titles
from app.models.access import Invitation
from app.models.meetings import Programme
from app.models.people import Organisation, Person, Post
from app.queries.scope import locks
from app.queries.setup import ownership, rooms

PER_PAGE = rooms.PER_PAGE
OPEN = sa.and_(col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None))


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def waits(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(OPEN, col(Invitation.expires_at) > now)


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """`sent_at` is None while the mail waits to leave."""

    id: int
    person_id: int
    name: str
    email: str
    role: Role | None
    programme: Titles | None
    post: Titles | None
    organisation: Titles | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    expires_at: dt.datetime | None

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()


def listed(session: Session, viewer: Viewer, before: int = 0) -> list[InvitationRow]:
    """Those that wait, the newest first; one more than a page holds tells that there is another."""
    rooms.require(viewer)
    query = _ROWS.where(OPEN, _own(viewer)).order_by(col(Invitation.id).desc()).limit(PER_PAGE + 1)
    if before:
        query = query.where(col(Invitation.id) < before)
    return [InvitationRow(*row) for row in session.execute(query)]


def get(session: Session, viewer: Viewer, invitation_id: int, *, lock: bool = False) -> Invitation:
    rooms.require(viewer)
    query = sa.select(Invitation).where(col(Invitation.id) == invitation_id, _own(viewer))
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def opened(session: Session, token: str) -> InvitationRow | None:
    """What the key of a mail offers; None where it was used, withdrawn, has run out or never was."""
    mine = col(Invitation.token_hash) == hashed(token)
    found = session.execute(_ROWS.where(mine, waits(clock.now()))).first()
    return InvitationRow(*found) if found else None


def offered(session: Session, invitation_id: int) -> InvitationRow | None:
    """What the mail tells, while it still holds."""
    found = session.execute(_ROWS.where(col(Invitation.id) == invitation_id, OPEN)).first()
    return InvitationRow(*found) if found else None


def _own(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Administrators look after all; a secretariat after its own and those to people it has to do with."""
    if has_role(viewer, Role.ADMINISTRATOR):
        return sa.true()
    guest = sa.exists().where(col(Person.id) == col(Invitation.person_id), ownership.addresses(viewer))
    return sa.or_(col(Invitation.invited_by_id) == viewer.person_id, guest.correlate(Invitation))


_ROWS: Any = (
    sa.select(
        col(Invitation.id),
        col(Person.id),
        col(Person.name),
        col(Person.email),
        col(Invitation.role),
        col(Programme.titles),
        col(Post.titles),
        col(Organisation.titles).label("body"),
        col(Invitation.created_at),
        col(Invitation.sent_at),
        col(Invitation.expires_at),
    )
    .join(Person, col(Person.id) == col(Invitation.person_id))
    .outerjoin(Programme, col(Programme.id) == col(Invitation.programme_id))
    .outerjoin(Post, col(Post.id) == col(Invitation.post_id))
    .outerjoin(Organisation, col(Organisation.id) == col(Post.organisation_id))
)
