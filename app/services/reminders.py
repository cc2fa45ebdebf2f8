"""The ledger of the ladder: every obligation recorded once, those of one person and morning in one envelope."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import hours
from app.domain.errors import N_
from app.models.notifications import Delivery, Message, Reminder, ReminderState
from app.models.people import Person
from app.queries import directory, reminders
from app.queries.reminders import Obligation
from app.services import outbox
from app.services.outbox import Priority

KIND = "reminder"
JOINED = N_("Joined with the reminders of a later morning")
_USEFUL = dt.timedelta(days=7)


class Recorded(NamedTuple):
    planned: int = 0
    superseded: int = 0


def plan(session: Session, now: dt.datetime) -> Recorded:
    """Record what is due by now. Any number of passes may do this at once: the ledger takes each obligation once."""
    return record(session, reminders.due(session, now))


def record(session: Session, owed: Iterable[Obligation]) -> Recorded:
    """Record these, found earlier by a reader: what somebody else has recorded in between is left alone."""
    planned = superseded = 0
    in_order = sorted(owed, key=lambda one: (one.person_id, one.period, one.key))  # one order: no deadlock
    for (person_id, period), some in groupby(in_order, key=lambda one: (one.person_id, one.period)):
        mine = list(some)
        going = [one for one in mine if one.goes]
        envelope = _envelope(session, person_id, period) if going else None
        if going and envelope is None:
            continue  # this morning's mail has left: what came up since then waits for the next one
        planned += _insert(session, going, ReminderState.PLANNED, envelope)
        superseded += _insert(session, [one for one in mine if not one.goes], ReminderState.SUPERSEDED, None)
    return Recorded(planned, superseded)


def by_person(owed: Iterable[Obligation], people: int) -> Iterator[list[Obligation]]:
    """Portions of so many people: short transactions on a busy morning."""
    portion: list[Obligation] = []
    in_order = sorted(owed, key=lambda one: one.person_id)
    for count, (_, mine) in enumerate(groupby(in_order, key=lambda one: one.person_id), 1):
        portion.extend(mine)
        if count % people == 0:
            yield portion
            portion = []
    if portion:
        yield portion


def _envelope(session: Session, person_id: int, period: dt.date) -> int | None:
    """The person's envelope of that morning, while nobody has begun to send it; locked, so that nobody begins."""
    zone = directory.zone_of(session.scalars(sa.select(col(Person.timezone)).where(col(Person.id) == person_id)).one())
    morning = hours.morning(period, zone)
    envelope = outbox.enqueue(
        session,
        KIND,
        person_id,
        period.isoformat(),
        due_at=morning,
        expires_at=morning + _USEFUL,
        priority=Priority.REMINDER,
    )
    unopened = sa.and_(col(Message.id) == envelope, col(Message.frozen).is_(None), col(Message.attempts) == 0)
    if not _waiting(session, unopened):
        return None
    _join_earlier(session, person_id, envelope)
    return envelope


def _join_earlier(session: Session, person_id: int, envelope: int) -> None:
    """What an earlier morning could not send goes with this one: at most one reminder mail a day.

    It does so however often it was tried, as long as it was certainly not accepted; and it is late since then.
    """
    earlier = _waiting(
        session,
        sa.and_(
            col(Message.person_id) == person_id,
            col(Message.kind) == KIND,
            col(Message.id) < envelope,
            col(Message.uncertain) == 0,
        ),
    )
    if not earlier:
        return
    ids, since = [row.id for row in earlier], min(row.first_due_at or row.due_at for row in earlier)
    session.execute(sa.update(Reminder).where(col(Reminder.message_id).in_(ids)).values(message_id=envelope))
    ended = {"state": Delivery.CANCELLED, "reason": JOINED, "ended_at": clock.now(), "frozen": None}
    session.execute(sa.update(Message).where(col(Message.id).in_(ids)).values(**ended))
    session.execute(sa.update(Message).where(col(Message.id) == envelope).values(first_due_at=since))


def _waiting(session: Session, which: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    """In nobody's hand, and locked, so that nobody takes it in hand."""
    query = sa.select(col(Message.id), col(Message.due_at), col(Message.first_due_at))
    queued = query.where(which, col(Message.state) == Delivery.QUEUED)
    return list(session.execute(queued.with_for_update()))


def _insert(session: Session, owed: list[Obligation], state: ReminderState, envelope: int | None) -> int:
    """How many of them were new."""
    if not owed:
        return 0
    insert = db.insert(session, Reminder).on_conflict_do_nothing().returning(col(Reminder.id))
    return len(session.connection().execute(insert, [_row(one, state, envelope) for one in owed]).all())


def _row(one: Obligation, state: ReminderState, envelope: int | None) -> dict[str, object]:
    return {
        "person_id": one.person_id,
        "subject_kind": one.subject_kind,
        "subject_id": one.subject_id,
        "step": one.step.key,
        "audience": one.audience.value,
        "deadline_version": one.version,
        "due_on": one.step.on,
        "state": state,
        "message_id": envelope,
        "at": clock.now(),
    }
