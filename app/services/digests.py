"""Planning the weekly digests: one engine over a table of shapes; a stored window, so that nothing is told twice."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlmodel import Session, col

from app import db
from app.domain import digests
from app.domain.digests import Slot, Window
from app.models.notifications import DigestWindow, Outcome
from app.queries import digests as weeks
from app.queries import readers
from app.queries.readers import Reader
from app.services import outbox
from app.services.outbox import Priority

Telling = Callable[[Session, Sequence[weeks.Asked]], Mapping[int, weeks.Week]]

# What a digest of each shape tells; the kind of its message is `digest_` and its name.
WEEKS: Mapping[str, Telling] = {"owner": weeks.owners, "secretariat": weeks.secretariats}


class Planned(NamedTuple):
    planned: int = 0
    skipped: int = 0
    missed: int = 0


def plan(session: Session, now: dt.datetime) -> Planned:
    """Decide every digest whose hour has come. Any number of passes may do this at once."""
    return decide(session, due(session, now), now)


def due(session: Session, now: dt.datetime) -> list[Reader]:
    """Of whom a week is to be decided now: made, skipped or recorded as missed."""
    found = (reader for shape in WEEKS for reader in readers.of(session, shape, now))
    return [one for one in found if digests.due(now, one.preference, one.last) or _missed(one, now)]


def decide(session: Session, found: Sequence[Reader], now: dt.datetime) -> Planned:
    """Of these readers; of all who share a shape the weeks are read together."""
    missed = sum(_record_missed(session, reader, slot) for reader in found for slot in _missed(reader, now))
    planned = skipped = 0
    for shape, telling in WEEKS.items():
        open_now = [
            (reader, slot, digests.window(slot, reader.preference, reader.last_end))
            for reader in found
            if reader.shape == shape and (slot := digests.due(now, reader.preference, reader.last))
        ]
        if not open_now:
            continue
        asked = [weeks.Asked(one.person_id, _today(one, now), window) for one, _, window in open_now]
        told = telling(session, asked)
        for reader, slot, window in open_now:
            is_empty = told[reader.person_id].is_empty
            outcome = Outcome.EMPTY if is_empty else Outcome.PLANNED
            message_id = None if is_empty else _enqueue(session, reader, slot)
            is_new = _record(session, reader, slot.period, window, outcome, message_id)
            planned, skipped = planned + (is_new and not is_empty), skipped + (is_new and is_empty)
    return Planned(planned, skipped, missed)


def _today(reader: Reader, now: dt.datetime) -> dt.date:
    return now.astimezone(reader.preference.zone).date()


def _missed(reader: Reader, now: dt.datetime) -> list[Slot]:
    """Nothing was promised before the first one."""
    return digests.missed(now, reader.preference, reader.last) if reader.last else []


def _record_missed(session: Session, reader: Reader, slot: Slot) -> bool:
    window = digests.window(slot, reader.preference, reader.last_end)
    return _record(session, reader, slot.period, window, Outcome.MISSED)


def _record(
    session: Session,
    reader: Reader,
    period: str,
    window: Window,
    outcome: Outcome,
    message_id: int | None = None,
) -> bool:
    """Whether it was new: one row per person, shape and week."""
    row = {
        "person_id": reader.person_id, "shape": reader.shape, "period": period, "start_at": window.start_at,
        "end_at": window.end_at, "outcome": outcome, "message_id": message_id,
    }  # fmt: skip
    insert = db.insert(session, DigestWindow).on_conflict_do_nothing().returning(col(DigestWindow.id))
    return session.connection().execute(insert, row).first() is not None


def _enqueue(session: Session, reader: Reader, slot: Slot) -> int:
    return outbox.enqueue(
        session,
        f"digest_{reader.shape}",
        reader.person_id,
        slot.period,
        due_at=slot.planned_at,
        expires_at=slot.closes_at,
        priority=Priority.DIGEST,
    )
