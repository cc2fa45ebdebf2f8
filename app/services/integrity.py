"""Whether what is kept is whole: the chained record, and everything derived against what it derives from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.audit import AuditEvent, AuditSeal
from app.services import rollups
from app.services.audit import GENESIS, event_hash, link_hash

_HASHED = ("at", "actor_id", "via", "verb", "subject_kind", "subject_id", "programme_id", "data")
_COLUMNS = tuple(col(getattr(AuditEvent, name)) for name in ("id", *_HASHED, "hash"))
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Verdict:
    """How much of the record was read, the head of the chain, and what is wrong with it."""

    events: int
    sealed: int
    head: str
    faults: tuple[str, ...]


def verify(session: Session, progress: Progress = lambda _: None) -> Verdict:
    """Read the whole record again: every event's hash, every link, and that nothing between was cut."""
    faults: list[str] = []
    events, sealed, previous = 0, 0, GENESIS
    for row in _in_chain(session):
        events += 1
        progress(1)
        if row.id is None:
            faults.append(f"link {row.position}: its event is gone")
            sealed, previous = row.position, row.seal
            continue
        if event_hash({name: getattr(row, name) for name in _HASHED}) != row.hash:
            faults.append(f"event {row.id}: it was changed after it was written")
        if row.position is None:
            continue
        if row.position != sealed + 1:
            faults.append(f"link {sealed + 1}: it is gone")
        if link_hash(previous, row.hash) != row.seal:
            faults.append(f"link {row.position}: it does not follow from the one before")
        sealed, previous = row.position, row.seal
    faults += _gaps(session)
    return Verdict(events, sealed, previous, tuple(faults))


def _in_chain(session: Session) -> Iterator[sa.Row[tuple[object, ...]]]:
    """Links in order with their events, then the events that no link holds yet."""
    links = (
        sa.select(col(AuditSeal.position), col(AuditSeal.hash).label("seal"), *_COLUMNS)
        .outerjoin(AuditEvent, col(AuditEvent.id) == col(AuditSeal.event_id))
        .order_by(col(AuditSeal.position))
    )
    tail = (
        sa.select(sa.null().label("position"), sa.null().label("seal"), *_COLUMNS)
        .outerjoin(AuditSeal, col(AuditSeal.event_id) == col(AuditEvent.id))
        .where(col(AuditSeal.position).is_(None))
        .order_by(col(AuditEvent.id))
    )
    options = {"yield_per": 500}
    yield from session.execute(links, execution_options=options)
    yield from session.execute(tail, execution_options=options)


def _gaps(session: Session) -> list[str]:
    """SQLite numbers without gaps (a rolled-back number is given again), so a missing one was removed."""
    if session.connection().dialect.name != "sqlite":
        return []
    count, last = session.execute(
        sa.select(sa.func.count(), sa.func.max(col(AuditEvent.id))).select_from(AuditEvent)
    ).one()
    given = session.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_event'")).scalar() or 0
    missing = max(given, last or 0) - count
    return [f"{missing} events are missing from the record"] if missing else []


def holds(session: Session, head: str) -> bool:
    """Whether a head that was kept elsewhere is a link of this chain."""
    return session.scalars(sa.select(col(AuditSeal.position)).where(col(AuditSeal.hash) == head)).first() is not None


def differences(session: Session, progress: Progress = lambda _: None) -> list[str]:
    """What is derived and differs from what it derives from; reads only, whoever writes meanwhile."""
    return rollups.faults(session, progress)


def rebuild(session: Session, progress: Progress = lambda _: None) -> int:
    """Derive everything again; how many meetings there were."""
    return rollups.rebuild(session, progress)
