"""The keys in mails: made and revoked; only their hashes are kept, and what they open is read elsewhere."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.models.notifications import Purpose, UpdateLink
from app.queries.scope import locks

LONGEST = dt.timedelta(days=45)
AFTER_STEP = dt.timedelta(days=14)
_BITS = 256


def drawn(
    person_id: int, post_id: int, action_id: int, purpose: Purpose, expires_at: dt.datetime
) -> tuple[str, dict[str, object]]:
    """A key, and what has to be kept of it before it is told: nothing is opened by it until then."""
    token, now = secrets.token_urlsafe(_BITS // 8), clock.now()
    return token, {
        "token_hash": _hashed(token),
        "person_id": person_id,
        "post_id": post_id,
        "action_id": action_id,
        "purpose": purpose,
        "created_at": now,
        "expires_at": min(expires_at, now + LONGEST),
    }


def keep(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """In one statement, however many."""
    if rows:
        session.connection().execute(db.insert(session, UpdateLink), list(rows))


def revoke_for_action(session: Session, action_id: int) -> None:
    """The action is closed or has moved: no key opens it any more."""
    _revoke(session, col(UpdateLink.action_id) == action_id)


def revoke_for_person(session: Session, person_id: int, post_id: int | None = None) -> None:
    """The person has left, or has left this one post."""
    mine = col(UpdateLink.person_id) == person_id
    _revoke(session, mine if post_id is None else sa.and_(mine, col(UpdateLink.post_id) == post_id))


def sweep(session: Session, before: dt.datetime) -> int:
    """Forget the links that ended before an instant: from then on they are unknown, not gone."""
    return db.deleted(session, sa.delete(UpdateLink).where(col(UpdateLink.expires_at) < before))


def _revoke(session: Session, which: sa.ColumnElement[bool]) -> None:
    """By id, as whoever revokes the links of a person and whoever revokes those of an action meet on several."""
    living = sa.select(col(UpdateLink.id)).where(which, col(UpdateLink.revoked_at).is_(None))
    locked = living.order_by(col(UpdateLink.id)).with_for_update(**locks.ROW)
    session.execute(sa.update(UpdateLink).where(col(UpdateLink.id).in_(locked)).values(revoked_at=clock.now()))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
