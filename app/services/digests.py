"""Planning the weekly digests: one engine over a table of shapes; a stored window, so that nothing is told twice."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

import sqlalchemy as sa
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

Telling = Callable[[Session, int, dt.date, Window], weeks.Week]

# What a digest of each shape tells; the kind of its message is `digest_` and its name.
WEEKS: Mapping[str, Telling] = {"owner": weeks.owner, "secretariat": weeks.secretariat}


class Planned(NamedTuple):
    planned: int = 0
    skipped: int = 0
    missed: int = 0


def plan(session: Session, now: dt.datetime) -> Planned:
    """Decide every digest whose hour has come. Any number of passes may do this at once."""
    done = [decide(session, reader, now) for reader in due(session, now)]
    return Planned(*(sum(counts) for counts in zip(*done, strict=True))) if done else Planned()


def due(session: Session, now: dt.datetime) -> list[Reader]:
    """Of whom a week is to be decided now: made, skipped or recorded as missed."""
    found = (reader for shape in WEEKS for reader in readers.of(session, shape, now))
    return [one for one in found if digests.due(now, one.preference, one.last) or _missed(one, now)]


def decide(session: Session, reader: Reader, now: dt.datetime) -> Planned:
    missed = sum(_record_missed(session, reader, slot) for slot in _missed(reader, now))
    slot = digests.due(now, reader.preference, reader.last)
    if slot is None:
        return Planned(missed=missed)
    window = digests.window(slot, reader.preference, reader.last_end)
    today = now.astimezone(reader.preference.zone).date()
    week = WEEKS[reader.shape](session, reader.person_id, today, window)
    outcome = Outcome.EMPTY if week.is_empty else Outcome.PLANNED
    if not _record(session, reader, slot.period, window, outcome):
        return Planned(missed=missed)
    if week.is_empty:
        return Planned(skipped=1, missed=missed)
    _enqueue(session, reader, slot)
    return Planned(planned=1, missed=missed)


def _missed(reader: Reader, now: dt.datetime) -> list[Slot]:
    """Nothing was promised before the first one."""
    return digests.missed(now, reader.preference, reader.last) if reader.last else []


def _record_missed(session: Session, reader: Reader, slot: Slot) -> bool:
    window = digests.window(slot, reader.preference, reader.last_end)
    return _record(session, reader, slot.period, window, Outcome.MISSED)


def _record(session: Session, reader: Reader, period: str, window: Window, outcome: Outcome) -> bool:
    """Whether it was new: one row per person, shape and week."""
    insert = db.insert(session, DigestWindow).values(
        person_id=reader.person_id,
        shape=reader.shape,
        period=period,
        start_at=window.start_at,
        end_at=window.end_at,
        outcome=outcome,
    )
    return session.execute(insert.on_conflict_do_nothing().returning(col(DigestWindow.id))).first() is not None


def _enqueue(session: Session, reader: Reader, slot: Slot) -> None:
    message_id = outbox.enqueue(
        session,
        f"digest_{reader.shape}",
        reader.person_id,
        slot.period,
        due_at=slot.planned_at,
        expires_at=slot.closes_at,
        priority=Priority.DIGEST,
    )
    mine = sa.and_(
        col(DigestWindow.person_id) == reader.person_id,
        col(DigestWindow.shape) == reader.shape,
        col(DigestWindow.period) == slot.period,
    )
    session.execute(sa.update(DigestWindow).where(mine).values(message_id=message_id))
