"""The ledger of the ladder: every obligation recorded once, those of one person and morning in one envelope."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain.calendar import morning
from app.domain.messages import N_
from app.models.base import table_of
from app.models.notifications import Delivery, Envelope, Look, Reminder, ReminderState
from app.models.people import Person
from app.queries.mailing import directory, reminders
from app.queries.mailing.ladder_memory import Looked
from app.queries.mailing.reminders import Obligation
from app.services.kernel import outbox
from app.services.kernel.outbox import Priority
from app.statements import Statement

KIND = "reminder"
JOINED = N_("Joined with the reminders of a later morning")
Morning = tuple[int, dt.date]
_USEFUL = dt.timedelta(days=7)
_HANDFUL = 2000  # in one transaction
_PEOPLE = 50  # in one transaction of a busy morning
Opening = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Recorded:
    planned: int = 0
    superseded: int = 0
    waiting: frozenset[tuple[str, int]] = field(default=frozenset(), compare=False)  # subjects owing what is not in yet

    def __add__(self, other: "Recorded") -> "Recorded":
        return Recorded(self.planned + other.planned, self.superseded + other.superseded, self.waiting | other.waiting)


def plan(reading: Opening, writing: Opening, now: dt.datetime) -> Recorded:
    """Record what is due by now: found by a reader, which holds up nobody, written in short transactions.

    Any number of passes may do this at once: the ledger takes each obligation once.
    """
    done = Recorded()
    with reading() as session:
        found = reminders.due(session, now)
    for portion in by_person(found.owed, _PEOPLE):
        with writing() as session:
            done += record(session, portion)
    for some in batches(found.looks, done.waiting):
        with writing() as session:
            remember(session, some)
    return done


def record(session: Session, owed: Iterable[Obligation]) -> Recorded:
    """Record these, found earlier by a reader: what somebody else has recorded in between is left alone."""
    in_order = sorted(owed, key=lambda one: (one.key[0], one.period, one.key))  # one order: no deadlock
    mornings = {(one.person_id, one.period) for one in in_order if one.goes}
    envelopes = _envelopes(session, sorted(mornings)) if mornings else {}
    # Where this morning's mail has left, what came up since then waits for the next one.
    closed, at = mornings - envelopes.keys(), clock.now()
    late = [one for one in in_order if (one.person_id, one.period) in closed] if closed else []
    wanted = [one for one in in_order if (one.person_id, one.period) not in closed] if closed else in_order
    waiting = {(one.key.subject_kind, one.key.subject_id) for one in late}
    going = [_row(one, ReminderState.PLANNED, envelopes[one.person_id, one.period], at) for one in wanted if one.goes]
    over = [_row(one, ReminderState.SUPERSEDED, None, at) for one in wanted if not one.goes]
    return Recorded(_insert(session, going), _insert(session, over), frozenset(waiting))


def batches(looks: Iterable[Looked], waiting: Collection[tuple[str, int]]) -> Iterator[list[Looked]]:
    """Portions, in one order, of those whose obligations have all been recorded."""
    whole = sorted(one for one in looks if (one.kind, one.subject_id) not in waiting)
    return (whole[start : start + _HANDFUL] for start in range(0, len(whole), _HANDFUL))


def remember(session: Session, looks: Sequence[Looked]) -> None:
    """Until then the next passes leave these out. Only once all that they owe is in the ledger, and never less."""
    _remembering(db.insert(session, Look)).run_each(session, [one._asdict() for one in looks])


@cache
def _remembering(insert: db.Insert) -> Statement:
    anew = {name: insert.excluded[name] for name in ("world", "seen", "since_on", "until_on")}
    return Statement(insert.on_conflict_do_update(index_elements=["kind", "subject_id", "body_id"], set_=anew))


def forget(session: Session) -> None:
    """Let the next pass look at everything."""
    session.execute(sa.delete(Look))


def by_person(owed: Iterable[Obligation], people: int) -> Iterator[list[Obligation]]:
    """Portions of so many people: short transactions on a busy morning."""
    portion: list[Obligation] = []
    in_order = sorted(owed, key=lambda one: one.key[0])
    for count, (_, mine) in enumerate(groupby(in_order, key=lambda one: one.key[0]), 1):
        portion.extend(mine)
        if count % people == 0:
            yield portion
            portion = []
    if portion:
        yield portion


def _envelopes(session: Session, mornings: list[Morning]) -> dict[Morning, int]:
    """By person and morning the envelope, while nobody has begun to send it; locked, so that nobody begins."""
    whose = col(Person.id), col(Person.timezone), col(Person.reminder_hour)
    query = sa.select(*whose).where(col(Person.id).in_({one for one, _ in mornings}))
    own = {row[0]: (directory.zone_of(row[1]), row[2]) for row in session.execute(query)}
    asked = {}
    told = _told(session, {person_id: zone for person_id, (zone, _) in own.items()}, mornings)
    for person_id, period in (one for one in mornings if one not in told):
        at = morning(period, *own[person_id])
        asked[person_id, period] = outbox.Intent(person_id, period.isoformat(), at, at + _USEFUL)
    if not asked:
        return {}
    by_key = outbox.enqueue_all(session, KIND, list(asked.values()), Priority.REMINDER)
    ids = {morning: by_key[envelope.key(KIND)] for morning, envelope in asked.items()}
    unopened = sa.and_(col(Envelope.frozen).is_(None), col(Envelope.attempts) == 0)
    free = {row.id for row in _waiting(session, unopened & col(Envelope.id).in_(ids.values()))}
    open_ones = {morning: message_id for morning, message_id in ids.items() if message_id in free}
    _join_earlier(session, {person_id: message_id for (person_id, _), message_id in open_ones.items()})
    return open_ones


def _told(session: Session, zones: dict[int, ZoneInfo], mornings: list[Morning]) -> set[Morning]:
    """Who had a reminder on that day already, if only one of an earlier morning that a day off or an outage held up."""
    since = min(clock.start(day, zones[person_id]) for person_id, day in mornings)
    mine = sa.and_(col(Envelope.person_id).in_(zones), col(Envelope.kind) == KIND, col(Envelope.sent_at) >= since)
    query = sa.select(col(Envelope.person_id), col(Envelope.sent_at)).where(mine)
    return {(person_id, clock.day(sent_at, zones[person_id])) for person_id, sent_at in session.execute(query)}


def _join_earlier(session: Session, envelopes: dict[int, int]) -> None:
    """What an earlier morning could not send goes with this one: at most one reminder mail a day.

    It does so however often it was tried, as long as it was certainly not accepted; and it is late since then.
    """
    mine = sa.and_(col(Envelope.person_id).in_(envelopes), col(Envelope.kind) == KIND, col(Envelope.uncertain) == 0)
    earlier = [row for row in _waiting(session, mine) if row.id < envelopes[row.person_id]]
    if not earlier:
        return
    since: dict[int, dt.datetime] = {}
    for row in earlier:
        late = row.first_due_at or row.due_at
        since[row.person_id] = min(since.get(row.person_id, late), late)
    moved = [{"earlier": row.id, "into": envelopes[row.person_id]} for row in earlier]
    ended = {"state": Delivery.CANCELLED, "reason": JOINED, "ended_at": clock.now(), "frozen": None}
    connection = session.connection()
    connection.execute(_MOVED, moved)
    connection.execute(sa.update(_MESSAGE).where(_MESSAGE.c.id.in_([row.id for row in earlier])).values(**ended))
    connection.execute(_LATE, [{"into": envelopes[person_id], "since": late} for person_id, late in since.items()])


_MESSAGE, _REMINDER = table_of(Envelope), table_of(Reminder)
_MOVED = (
    sa.update(_REMINDER)
    .where(_REMINDER.c.message_id == sa.bindparam("earlier"))
    .values(message_id=sa.bindparam("into"))
)
_LATE = sa.update(_MESSAGE).where(_MESSAGE.c.id == sa.bindparam("into")).values(first_due_at=sa.bindparam("since"))


def _waiting(session: Session, which: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    """In nobody's hand, and locked, so that nobody takes it in hand."""
    query = sa.select(col(Envelope.id), col(Envelope.person_id), col(Envelope.due_at), col(Envelope.first_due_at))
    queued = query.where(which, col(Envelope.state) == Delivery.QUEUED)
    return list(session.execute(queued.order_by(col(Envelope.id)).with_for_update()))


def _insert(session: Session, rows: list[dict[str, object]]) -> int:
    """How many of them were new."""
    return _recording(db.insert(session, Reminder)).run_each(session, rows) if rows else 0


@cache
def _recording(insert: db.Insert) -> Statement:
    return Statement(insert.on_conflict_do_nothing())


def _row(one: Obligation, state: ReminderState, envelope: int | None, at: dt.datetime) -> dict[str, object]:
    person_id, kind, subject_id, step, version = one.key
    return {
        "person_id": person_id,
        "subject_kind": kind,
        "subject_id": subject_id,
        "step": step,
        "audience": one.audience.value,
        "deadline_version": version,
        "due_on": one.step.on,
        "state": state,
        "message_id": envelope,
        "at": at,
    }
