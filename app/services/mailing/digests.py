"""Planning the weekly digests: one mail a person and ISO week, in a stored window, so that nothing is told twice."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from types import MappingProxyType
from typing import NamedTuple

from sqlmodel import Session

from app import clock, db
from app.domain import digests
from app.domain.digests import Slot, Window
from app.models.notifications import DigestWindow, Outcome
from app.queries.mailing import digest_readers
from app.queries.mailing.digest_readers import WeeklyReader
from app.queries.mailing.digest_rows import DigestReader, Week
from app.queries.mailing.digests import weeks
from app.services.kernel import outbox
from app.services.kernel.outbox import Intent, Priority

KIND = "digest"
_PEOPLE = 50  # in one transaction
Opening = Callable[[], AbstractContextManager[Session]]


class Decided(NamedTuple):
    """A reader's week, and what it tells of."""

    reader: WeeklyReader
    slot: Slot
    window: Window


class DigestsPlanned(NamedTuple):
    planned: int = 0
    skipped: int = 0
    missed: int = 0


def plan(reading: Opening, writing: Opening, now: dt.datetime) -> DigestsPlanned:
    """Decide every digest whose hour has come, in short transactions. Any number of passes may do this at once."""
    done = DigestsPlanned()
    with reading() as session:
        found = due(session, now)
    for start in range(0, len(found), _PEOPLE):
        with writing() as session:
            made = decide(session, found[start : start + _PEOPLE], now)
        done = DigestsPlanned(*map(sum, zip(done, made, strict=True)))
    return done


def due(session: Session, now: dt.datetime) -> list[WeeklyReader]:
    """Of whom a week is to be decided now: made, skipped or recorded as missed."""
    return [one for one in digest_readers.of(session, now) if _due(one, now) or _missed(one, now)]


def decide(session: Session, found: Sequence[WeeklyReader], now: dt.datetime) -> DigestsPlanned:
    """Of these readers; their weeks are read and recorded together."""
    missed = _record(session, Outcome.MISSED, [_week(one, slot) for one in found for slot in _missed(one, now)])
    open_now = [_week(one, slot) for one in found if (slot := _due(one, now))]
    if not open_now:
        return DigestsPlanned(missed=missed)
    told = weeks(session, [DigestReader(one.person_id, _today(one, now), window) for one, _, window in open_now])
    empty = [one for one in open_now if told[one.reader.person_id].is_empty]
    full = [one for one in open_now if not told[one.reader.person_id].is_empty]
    skipped = _record(session, Outcome.EMPTY, empty, told)
    planned = _record(session, Outcome.PLANNED, full, told, _enqueue(session, full))
    return DigestsPlanned(planned, skipped, missed)


def _week(reader: WeeklyReader, slot: Slot) -> Decided:
    return Decided(reader, slot, digests.window(slot, reader.preference, reader.last_end))


def _due(reader: WeeklyReader, now: dt.datetime) -> Slot | None:
    return digests.due(now, reader.preference, reader.last)


def _today(reader: WeeklyReader, now: dt.datetime) -> dt.date:
    return clock.day(now, reader.preference.zone)


def _missed(reader: WeeklyReader, now: dt.datetime) -> list[Slot]:
    """Nothing was promised before the first one."""
    return digests.missed(now, reader.preference, reader.last) if reader.last else []


def _enqueue(session: Session, decided: Sequence[Decided]) -> Mapping[int, int]:
    """By person the message."""
    if not decided:
        return {}
    asked = {
        one.reader.person_id: Intent(
            one.reader.person_id, one.slot.period, due_at=one.slot.planned_at, expires_at=one.slot.closes_at
        )
        for one in decided
    }
    ids = outbox.enqueue_all(session, KIND, list(asked.values()), Priority.DIGEST)
    return {person_id: ids[envelope.key(KIND)] for person_id, envelope in asked.items()}


def _record(
    session: Session,
    outcome: Outcome,
    decided: Sequence[Decided],
    told: Mapping[int, Week] = MappingProxyType({}),
    messages: Mapping[int, int] = MappingProxyType({}),
) -> int:
    """How many were new: one row per person and week."""
    if not decided:
        return 0
    rows = [
        {
            "person_id": reader.person_id,
            "period": slot.period,
            "start_at": window.start_at,
            "end_at": window.end_at,
            "outcome": outcome,
            "message_id": messages.get(reader.person_id),
            "figures": _figures(told.get(reader.person_id)),
        }
        for reader, slot, window in decided
    ]
    insert = db.insert(session, DigestWindow).on_conflict_do_nothing()
    return session.connection().execute(insert, rows, execution_options={"preserve_rowcount": True}).rowcount


def _figures(week: Week | None) -> dict[str, object]:
    return asdict(week.figures) if week and week.figures else {}
