"""Planning the weekly digests: one engine over a table of shapes; a stored window, so that nothing is told twice."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import NamedTuple

from sqlmodel import Session

from app import clock, db
from app.domain import digests
from app.domain.digests import Slot, Window
from app.models.notifications import DigestWindow, Outcome
from app.queries.mailing import digest_readers
from app.queries.mailing import digests as weeks
from app.queries.mailing.digest_readers import ReaderOfShape
from app.services.kernel import outbox
from app.services.kernel.outbox import Intent, Priority

_PEOPLE = 50  # in one transaction
Opening = Callable[[], AbstractContextManager[Session]]
Telling = Callable[[Session, Sequence[weeks.DigestReader]], Mapping[int, weeks.Week]]

# What a digest of each shape tells; the kind of its message is `digest_` and its name.
WEEKS: Mapping[str, Telling] = {"owner": weeks.owners, "secretariat": weeks.secretariats}


class Decided(NamedTuple):
    """A reader's week, and what it tells of."""

    reader: ReaderOfShape
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


def due(session: Session, now: dt.datetime) -> list[ReaderOfShape]:
    """Of whom a week is to be decided now: made, skipped or recorded as missed."""
    found = (reader for shape in WEEKS for reader in digest_readers.of(session, shape, now))
    return [one for one in found if _due(one, now) or _missed(one, now)]


def decide(session: Session, found: Sequence[ReaderOfShape], now: dt.datetime) -> DigestsPlanned:
    """Of these readers; of all who share a shape the weeks are read and recorded together."""
    missed = _record(session, Outcome.MISSED, [_week(one, slot) for one in found for slot in _missed(one, now)])
    planned = skipped = 0
    for shape, telling in WEEKS.items():
        open_now = [_week(one, slot) for one in found if one.shape == shape and (slot := _due(one, now))]
        if not open_now:
            continue
        told = telling(
            session, [weeks.DigestReader(one.person_id, _today(one, now), window) for one, _, window in open_now]
        )
        empty = [one for one in open_now if told[one.reader.person_id].is_empty]
        full = [one for one in open_now if not told[one.reader.person_id].is_empty]
        skipped += _record(session, Outcome.EMPTY, empty)
        planned += _record(session, Outcome.PLANNED, full, _enqueue(session, shape, full))
    return DigestsPlanned(planned, skipped, missed)


def _week(reader: ReaderOfShape, slot: Slot) -> Decided:
    return Decided(reader, slot, digests.window(slot, reader.preference, reader.last_end))


def _due(reader: ReaderOfShape, now: dt.datetime) -> Slot | None:
    return digests.due(now, reader.preference, reader.last)


def _today(reader: ReaderOfShape, now: dt.datetime) -> dt.date:
    return clock.day(now, reader.preference.zone)


def _missed(reader: ReaderOfShape, now: dt.datetime) -> list[Slot]:
    """Nothing was promised before the first one."""
    return digests.missed(now, reader.preference, reader.last) if reader.last else []


def _enqueue(session: Session, shape: str, decided: Sequence[Decided]) -> Mapping[int, int]:
    """By person the message."""
    if not decided:
        return {}
    kind = f"digest_{shape}"
    asked = {
        one.reader.person_id: Intent(
            one.reader.person_id, one.slot.period, due_at=one.slot.planned_at, expires_at=one.slot.closes_at
        )
        for one in decided
    }
    ids = outbox.enqueue_all(session, kind, list(asked.values()), Priority.DIGEST)
    return {person_id: ids[envelope.key(kind)] for person_id, envelope in asked.items()}


def _record(
    session: Session, outcome: Outcome, decided: Sequence[Decided], messages: Mapping[int, int] = MappingProxyType({})
) -> int:
    """How many were new: one row per person, shape and week."""
    if not decided:
        return 0
    rows = [
        {
            "person_id": reader.person_id,
            "shape": reader.shape,
            "period": slot.period,
            "start_at": window.start_at,
            "end_at": window.end_at,
            "outcome": outcome,
            "message_id": messages.get(reader.person_id),
        }
        for reader, slot, window in decided
    ]
    insert = db.insert(session, DigestWindow).on_conflict_do_nothing()
    return session.connection().execute(insert, rows, execution_options={"preserve_rowcount": True}).rowcount
