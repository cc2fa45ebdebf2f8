"""How often something may be tried: counted in the database, so that every process and every restart knows."""

import datetime as dt
import hashlib
import ipaddress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain.errors import TooMany
from app.domain.messages import N_
from app.models.access import Attempt


@dataclass(frozen=True)
class Limit:
    """At most so many times within a span, for each subject under the name."""

    name: str
    most: int
    within: dt.timedelta


def spend(session: Session, limit: Limit, subject: str) -> bool:
    """Count one attempt; whether it still was within the limit."""
    session.execute(sa.insert(Attempt).values(key=_key(limit, subject), at=clock.now()))
    return _count(session, limit, subject) <= limit.most


def allows(session: Session, limit: Limit, subject: str) -> bool:
    """Whether another attempt would be within the limit; counts nothing."""
    return _count(session, limit, subject) < limit.most


def require(session: Session, limit: Limit, subject: str) -> None:
    """Raises TooMany once the limit is reached; counts nothing."""
    if not allows(session, limit, subject):
        raise TooMany(N_("Too many attempts from your network. Wait a quarter of an hour, then try again."))


def network(client: str) -> str:
    """Whom an address stands for: a household or an office has a whole /64 of IPv6."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def sweep(session: Session, before: dt.datetime) -> int:
    return db.deleted(session, sa.delete(Attempt).where(col(Attempt.at) < before))


def _count(session: Session, limit: Limit, subject: str) -> int:
    recent = sa.and_(col(Attempt.key) == _key(limit, subject), col(Attempt.at) > clock.now() - limit.within)
    return session.scalars(sa.select(sa.func.count()).select_from(Attempt).where(recent)).one()


def _key(limit: Limit, subject: str) -> str:
    """Addresses of people and machines are kept as hashes: counting needs no more."""
    return f"{limit.name}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}"
