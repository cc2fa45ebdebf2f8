"""The keys that ask a proposer whether it is so in practice: made and revoked; only their hashes are kept."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import keys
from app.models.proposers import VoiceLink
from app.queries.scope import locks

LIFE = dt.timedelta(days=60)


def keep(session: Session, token: str, proposer_id: int, verification_id: int, action_id: int) -> None:
    """What is kept of a key; one that was made for the same before stays good, as its mail may have arrived."""
    now = clock.now()
    session.add(
        VoiceLink(
            token_hash=keys.hashed(token),
            proposer_id=proposer_id,
            verification_id=verification_id,
            action_id=action_id,
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    session.flush()


def revoke_for_action(session: Session, action_id: int) -> None:
    """It is open again: what was asked of it is no longer the question."""
    _revoke(session, col(VoiceLink.action_id) == action_id)


def revoke_for_proposer(session: Session, proposer_id: int) -> None:
    _revoke(session, col(VoiceLink.proposer_id) == proposer_id)


def sweep(session: Session, before: dt.datetime) -> int:
    """Forget the links that ended before an instant: from then on they are unknown, not gone."""
    return db.deleted(session, sa.delete(VoiceLink).where(col(VoiceLink.expires_at) < before))


def _revoke(session: Session, which: sa.ColumnElement[bool]) -> None:
    living = sa.select(col(VoiceLink.id)).where(which, col(VoiceLink.revoked_at).is_(None))
    locked = living.order_by(col(VoiceLink.id)).with_for_update(**locks.ROW)
    session.execute(sa.update(VoiceLink).where(col(VoiceLink.id).in_(locked)).values(revoked_at=clock.now()))
