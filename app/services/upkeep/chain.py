"""Reading the whole record again: hashes, links, order, numbers, guards, and the heads that are known elsewhere."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.models.audit import AuditEvent, AuditSeal, PublishedHead
from app.services.kernel.audit import GENESIS, event_hash, link_hash
from app.services.upkeep import audit_triggers
from app.services.upkeep.record_heads import Known

INVENTED = frozenset({"synth", "demo"})  # verbs of a first event: all that follows was made up, under set clocks
_HASHED = ("at", "actor_id", "via", "verb", "subject_kind", "subject_id", "programme_id", "data")
_COLUMNS = tuple(col(getattr(AuditEvent, name)) for name in ("id", *_HASHED, "hash"))
_BACK = dt.timedelta(hours=1)  # clocks are set, transactions are slow
_BEGINNING = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
_MOST = 100  # faults that are told one by one
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Verdict:
    """How much of the record was read, the head of the chain, what is wrong with it, and what can't be told."""

    events: int
    sealed: int
    head: str
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


def verify(session: Session, progress: Progress = lambda _: None, known: Iterable[Known] = ()) -> Verdict:
    """Whether anything was edited, inserted, moved or cut; `known` are heads that the chain has to contain."""
    numbers = _numbers(session) if session.connection().dialect.name == "sqlite" else None
    reading = _Reading(
        [*known, *_published(session)],
        is_timed=not _is_invented(session),
        is_numbered=numbers is not None and numbers.are_its_own,
    )
    for row in _in_chain(session):
        reading.take(row)
        progress(1)
    reading.end()
    gaps = [f"{numbers.missing} events are missing from the record"] if numbers and numbers.missing else []
    faults = [*reading.faults, *gaps, *audit_triggers.faults(session)]
    notes = [] if numbers else _given(session)
    return Verdict(reading.events, reading.sealed, reading.previous, tuple(faults), tuple(notes))


class _Reading:
    """One walk along the chain, then along what no link holds yet."""

    def __init__(self, known: Iterable[Known], *, is_timed: bool, is_numbered: bool) -> None:
        self.is_timed, self.is_numbered = is_timed, is_numbered
        self.faults: list[str] = []
        self.untold = self.events = self.sealed = self.last_id = self.backwards = 0
        self.previous, self.latest, self.first_back = GENESIS, _BEGINNING, 0
        self.known: dict[int | None, list[Known]] = defaultdict(list)
        for one in known:
            self.known[one.position].append(one)

    def take(self, row: Any) -> None:
        self.events += 1
        if row.id is None:
            self._say(f"link {row.position}: its event is gone")
        else:
            self._event(row)
        if row.position is not None:
            self._link(row)

    def end(self) -> None:
        """What only shows once all has been read."""
        if self.backwards:
            self._say(
                f"event {self.first_back}: it is dated before what was recorded before it"
                + (f", and so are {self.backwards - 1} more" if self.backwards > 1 else "")
            )
        for one in (one for missing in self.known.values() for one in missing):
            cut = one.position is not None and one.position > self.sealed
            reason = f"the chain ends at link {self.sealed}: its tail was cut" if cut else "it is not in the chain"
            self._say(f"{one.where}: the head {one.head} is not there; {reason}")
        if self.untold:
            self.faults.append(f"and {self.untold} faults more")

    def _event(self, row: Any) -> None:
        if event_hash({name: getattr(row, name) for name in _HASHED}) != row.hash:
            self._say(f"event {row.id}: it was changed after it was written")
        if self.is_numbered and row.id <= self.last_id:
            self._say(f"event {row.id}: it was put in after event {self.last_id}")
        if self.is_timed and row.at < self.latest - _BACK:
            self.first_back = self.first_back or row.id
            self.backwards += 1
        self.last_id, self.latest = row.id, max(self.latest, row.at)

    def _link(self, row: Any) -> None:
        if row.position != self.sealed + 1:
            self._say(f"link {self.sealed + 1}: it is gone")
        if row.id is not None and link_hash(self.previous, row.hash) != row.seal:
            self._say(f"link {row.position}: it does not follow from the one before")
        for one in self.known.pop(row.position, ()):
            if one.head != row.seal:
                self._say(f"{one.where}: link {row.position} had the head {one.head}; the chain was written anew")
        self.known[None] = [one for one in self.known[None] if one.head != row.seal]
        self.sealed, self.previous = row.position, row.seal

    def _say(self, fault: str) -> None:
        if len(self.faults) < _MOST:
            self.faults.append(fault)
        else:
            self.untold += 1


def holds(session: Session, head: str) -> bool:
    """Whether a head that was kept elsewhere is a link of this chain."""
    return session.scalars(sa.select(col(AuditSeal.position)).where(col(AuditSeal.hash) == head)).first() is not None


def _published(session: Session) -> list[Known]:
    rows = session.execute(sa.select(col(PublishedHead.on), col(PublishedHead.head), col(PublishedHead.position)))
    return [Known(f"published on {row.on}", row.head, row.position) for row in rows]


def _is_invented(session: Session) -> bool:
    """Nobody can put such a first event in later without writing the whole chain anew."""
    first = sa.select(col(AuditEvent.verb)).order_by(col(AuditEvent.id)).limit(1)
    return settings().demo or session.scalars(first).first() in INVENTED


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


@dataclass(frozen=True)
class _Numbers:
    """How the events of SQLite are numbered: without gaps, since a rolled-back number is given again."""

    sealed: int
    last_sealed: int
    events: int
    last: int
    given: int

    @property
    def are_its_own(self) -> bool:
        """Not so where the events came from PostgreSQL by a backup, which leaves gaps and no proof."""
        return self.sealed >= self.last_sealed

    @property
    def missing(self) -> int:
        """Cut at the end or, where the numbers are its own, anywhere."""
        return max(0, self.given - self.last) + (max(0, self.last - self.events) if self.are_its_own else 0)


def _numbers(session: Session) -> _Numbers:
    events = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(col(AuditEvent.id)), 0)).select_from(AuditEvent)
    sealed = events.join(AuditSeal, col(AuditSeal.event_id) == col(AuditEvent.id))
    given = session.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_event'")).scalar() or 0
    (sealed_count, last_sealed), (count, last) = session.execute(sealed).one(), session.execute(events).one()
    return _Numbers(sealed_count, last_sealed, count, last, given)


def _given(session: Session) -> list[str]:
    """PostgreSQL burns a number for each attempt that was undone: more of them than events may be innocent."""
    last = session.scalars(sa.select(sa.func.max(col(AuditEvent.id)))).one() or 0
    given = session.execute(sa.text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_event_id_seq"))
    more = (given.scalar() or 0) - last
    if more <= 0:
        return []
    return [f"{more} numbers were given after the last event: attempts that were undone, or a tail that was cut"]
