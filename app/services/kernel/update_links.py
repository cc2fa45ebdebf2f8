"""The keys in mails: made and revoked; only their hashes are kept, and what they open is read elsewhere."""

import base64
import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import keys
from app.models.notifications import Purpose, UpdateLink
from app.queries.scope import locks
from app.statements import Statement

LONGEST = dt.timedelta(days=45)
AFTER_STEP = dt.timedelta(days=14)
_BYTES = 32
_AT_ONCE = 64


def secret_bytes() -> Iterator[bytes]:
    """What keys are made of. The system is asked for several at once: each time it is, another thread goes first."""
    while True:
        several = secrets.token_bytes(_AT_ONCE * _BYTES)
        for first in range(0, len(several), _BYTES):
            yield several[first : first + _BYTES]


class Bound(NamedTuple):
    """To what a key is bound: it opens this for this person alone, as the holder of this post."""

    person_id: int
    post_id: int
    action_id: int
    milestone_id: int | None = None
    purpose: Purpose = Purpose.REPORT
    question_id: int | None = None


def drawn(secret: bytes, bound: Bound, expires_at: dt.datetime) -> tuple[str, dict[str, object]]:
    """A key, and what has to be kept of it before it is told: nothing is opened by it until then."""
    token = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    return token, kept(token, bound, expires_at)


def kept(token: str, bound: Bound, expires_at: dt.datetime) -> dict[str, object]:
    """What is kept of a key."""
    now = clock.now()
    until = min(expires_at, now + LONGEST)
    return {"token_hash": keys.hashed(token), **bound._asdict(), "created_at": now, "expires_at": until}


def keep(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """In one statement, however many."""
    if rows:
        _insert(db.insert(session, UpdateLink)).run_each(session, rows)


@cache
def _insert(insert: db.Insert) -> Statement:
    return Statement(insert)


def revoke_for_action(session: Session, action_id: int) -> None:
    """The action is closed or has moved: no key opens it any more."""
    _revoke(session, col(UpdateLink.action_id) == action_id)


def revoke_for_part(session: Session, action_id: int, post_id: int) -> None:
    """The post supports the action no longer."""
    _revoke(session, sa.and_(col(UpdateLink.action_id) == action_id, col(UpdateLink.post_id) == post_id))


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
