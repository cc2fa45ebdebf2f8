"""The record's writing side: one event per act, in the act's own transaction, and the chain that seals them later."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.domain.permissions import Grant, Role, Viewer
from app.models.audit import AuditEvent, AuditSeal
from app.models.base import table_of
from app.models.updates import Via

GENESIS = "0" * 64
_BATCH = 500
_INSERT = sa.insert(table_of(AuditEvent))


@dataclass(frozen=True)
class Actor:
    """Who acts, and by which door: what every service that changes something is told."""

    viewer: Viewer
    via: Via = Via.WORKSPACE

    @property
    def person_id(self) -> int | None:
        return self.viewer.person_id


# The service itself and its command line: whoever has the machine's shell administers it.
SERVICE = Actor(Viewer(person_id=None, grants=frozenset({Grant(Role.ADMINISTRATOR)})), Via.COMMAND)


def record(
    session: Session,
    actor: Actor,
    verb: str,
    kind: str,
    subject_id: int,
    programme_id: int | None = None,
    **data: object,
) -> None:
    """Append one event. `data` holds plain JSON values and ids of people, never their names."""
    values: dict[str, object] = {
        "at": clock.now(),
        "actor_id": actor.person_id,
        "via": actor.via,
        "verb": verb,
        "subject_kind": kind,
        "subject_id": subject_id,
        "programme_id": programme_id,
        "data": {key: _plain(value) for key, value in data.items() if value is not None},
    }
    session.execute(_INSERT, values | {"hash": event_hash(values)})


def event_hash(values: dict[str, object]) -> str:
    """SHA-256 over the canonical JSON of all columns but id and hash."""
    canonical = json.dumps(
        {key: _plain(value) for key, value in values.items()},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def link_hash(previous: str, hashed: str) -> str:
    return hashlib.sha256(f"{previous}{hashed}".encode()).hexdigest()


def seal(session: Session) -> int:
    """Chain the events that have no link yet, oldest first; how many there were. Writers never wait for this."""
    if session.connection().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE audit_seal IN EXCLUSIVE MODE"))  # one chain, whoever else seals
    head = session.exec(select(AuditSeal).order_by(col(AuditSeal.position).desc()).limit(1)).first()
    position, previous, count = (head.position, head.hash, 0) if head else (0, GENESIS, 0)
    while events := _unsealed(session):
        links = []
        for event_id, hashed in events:
            position += 1
            previous = link_hash(previous, hashed)
            links.append({"position": position, "event_id": event_id, "hash": previous})
        session.execute(sa.insert(AuditSeal), links)
        count += len(links)
    return count


def _unsealed(session: Session) -> list[tuple[int, str]]:
    query = (
        select(AuditEvent.id, AuditEvent.hash)
        .outerjoin(AuditSeal, col(AuditSeal.event_id) == col(AuditEvent.id))
        .where(col(AuditSeal.position).is_(None))
        .order_by(col(AuditEvent.id))
        .limit(_BATCH)
    )
    return [(event_id, hashed) for event_id, hashed in session.exec(query) if event_id is not None]


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return value
