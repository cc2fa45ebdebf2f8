"""The record's writing side: one event per act, in the act's own transaction, and the chain that seals them later."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.domain.on_behalf import Received
from app.domain.permissions import Grant, Role, Viewer
from app.models.audit import AuditEvent, AuditSeal
from app.models.base import table_of
from app.models.notifications import Heartbeat
from app.models.updates import Via
from app.statements import Statement

GENESIS = "0" * 64
_BATCH = 500
_SETTLED = "audit:settled"
# A number is given out and used within one statement, which the server ends after eight seconds; no transaction lives a
# day, and after a restore the numbers of transactions are another server's.
_MOMENT, _A_DAY = dt.timedelta(seconds=10), dt.timedelta(days=1)
_INSERT = Statement(sa.insert(table_of(AuditEvent)))


@dataclass(frozen=True)
class Actor:
    """Who acts, and by which door: what every service that changes something is told."""

    viewer: Viewer
    via: Via = Via.WORKSPACE
    received: Received | None = None  # what is only recorded: the word of a post that came from outside

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
    _INSERT.rows(session, values | {"hash": event_hash(values)})


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
    if not _is_sqlite(session):
        session.execute(sa.text("LOCK TABLE audit_seal IN EXCLUSIVE MODE"))  # one chain, whoever else seals
    settled = _settle(session)
    head = session.exec(select(AuditSeal).order_by(col(AuditSeal.position).desc()).limit(1)).first()
    position, previous, count, after = (head.position, head.hash, 0, settled) if head else (0, GENESIS, 0, settled)
    while events := session.execute(_UNSEALED, {"after": after}).all():
        links = []
        for event_id, hashed in events:
            position += 1
            previous = link_hash(previous, hashed)
            links.append({"position": position, "event_id": event_id, "hash": previous})
        session.execute(sa.insert(AuditSeal), links)
        count, after = count + len(links), events[-1][0]
    return count


_UNSEALED: Any = (
    sa.select(col(AuditEvent.id), col(AuditEvent.hash))
    .where(col(AuditEvent.id) > sa.bindparam("after"))
    .where(~sa.exists().where(col(AuditSeal.event_id) == col(AuditEvent.id)).correlate(AuditEvent))
    .order_by(col(AuditEvent.id))
    .limit(_BATCH)
)


def _settle(session: Session) -> int:
    """The event up to which all is sealed and nothing can come any more: only what lies behind it is looked at.

    PostgreSQL gives numbers out before it commits, so a smaller one may appear behind a larger one that is sealed. A
    mark says how far the numbers were at some moment; once every transaction of that moment has ended, this one seals
    what they left, and the next begins behind the mark.
    """
    mark = session.get(Heartbeat, _SETTLED, with_for_update=True, populate_existing=True) or _first_mark(session)
    settled, last, end = (int(str(mark.detail[name])) for name in ("settled", "last", "end"))
    begin, next_end = (0, 0) if _is_sqlite(session) else _running(session)
    now_last = session.scalars(sa.select(sa.func.max(col(AuditEvent.id)))).one() or 0
    if _is_sqlite(session):  # its writers come one after the other
        last = now_last
    elif not (begin >= end and clock.now() - mark.at >= _MOMENT) and clock.now() - mark.at < _A_DAY:
        return settled
    if mark not in session or (settled, int(str(mark.detail["last"]))) != (last, now_last):
        mark.detail, mark.at = {"settled": last, "last": now_last, "end": next_end}, clock.now()
        session.add(mark)
    return settled


def _first_mark(session: Session) -> Heartbeat:
    """Where as many are sealed as numbers were given out, none is missing behind the last one."""
    position, event_id = session.execute(_HEAD).one()
    settled = event_id or 0 if event_id == position else 0
    detail: dict[str, object] = {"settled": settled, "last": settled, "end": 0}
    return Heartbeat(name=_SETTLED, at=clock.now() - _A_DAY, detail=detail)


# Each of its own, or SQLite reads all links for them.
_HEAD: Any = sa.select(
    *(sa.select(sa.func.max(col(column))).scalar_subquery() for column in (AuditSeal.position, AuditSeal.event_id))
)


def _running(session: Session) -> tuple[int, int]:
    """The oldest transaction that runs, and the number that the next one will get."""
    snapshot = sa.text("SELECT pg_snapshot_xmin(now)::text, pg_snapshot_xmax(now)::text FROM pg_current_snapshot() now")
    begin, end = session.execute(snapshot).one()
    return int(begin), int(end)


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


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
