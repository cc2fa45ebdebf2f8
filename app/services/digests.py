"""Planning the weekly digests: one engine over a table of shapes; a stored window, so that nothing is told twice."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.domain import digests
from app.domain.digests import Preference, Slot, Window
from app.domain.permissions import Role
from app.models.base import UtcDateTime
from app.models.notifications import DigestWindow, Outcome
from app.models.people import Holding, Person, RoleGrant
from app.queries import digests as weeks
from app.queries.digests import Week
from app.queries.directory import zone_of
from app.services import outbox
from app.services.outbox import Priority

_FORTNIGHT = dt.timedelta(days=14)


@dataclass(frozen=True)
class Shape:
    """Whose digest it is and what it tells; the kind of its message is `digest_` and its name."""

    people: Any  # ids
    week: Callable[[Session, int, dt.date, Window], Week]


SHAPES: Mapping[str, Shape] = {
    "owner": Shape(sa.select(col(Holding.person_id)).where(col(Holding.until_on).is_(None)), weeks.owner),
    "secretariat": Shape(
        sa.select(col(RoleGrant.person_id)).where(col(RoleGrant.role) == Role.SECRETARIAT), weeks.secretariat
    ),
}


class Candidate(NamedTuple):
    """A reader of a shape; `last` is the last week decided, `last_end` to where all is told."""

    shape: str
    person_id: int
    preference: Preference
    created_at: dt.datetime
    last: str | None
    last_end: dt.datetime | None


class Planned(NamedTuple):
    planned: int = 0
    skipped: int = 0
    missed: int = 0


def plan(session: Session, now: dt.datetime) -> Planned:
    """Decide every digest whose hour has come. Any number of passes may do this at once."""
    done = [decide(session, candidate, now) for candidate in due(session, now)]
    return Planned(*(sum(counts) for counts in zip(*done, strict=True))) if done else Planned()


def due(session: Session, now: dt.datetime) -> list[Candidate]:
    """Of whom a week is to be decided now: made, skipped or recorded as missed."""
    found = (candidate for shape in SHAPES for candidate in candidates(session, shape, now))
    return [one for one in found if digests.due(now, one.preference, one.last) or _missed(one, now)]


def decide(session: Session, candidate: Candidate, now: dt.datetime) -> Planned:
    missed = sum(_record_missed(session, candidate, slot) for slot in _missed(candidate, now))
    slot = digests.due(now, candidate.preference, candidate.last)
    if slot is None:
        return Planned(missed=missed)
    window = digests.window(slot, candidate.preference, candidate.last_end)
    today = now.astimezone(candidate.preference.zone).date()
    week = SHAPES[candidate.shape].week(session, candidate.person_id, today, window)
    outcome = Outcome.EMPTY if week.is_empty else Outcome.PLANNED
    if not _record(session, candidate, slot.period, window, outcome):
        return Planned(missed=missed)
    if week.is_empty:
        return Planned(skipped=1, missed=missed)
    _enqueue(session, candidate, slot)
    return Planned(planned=1, missed=missed)


def candidates(session: Session, shape: str, now: dt.datetime) -> list[Candidate]:
    """Everybody who wants this digest, in one statement."""
    told = sa.case((col(DigestWindow.outcome) != Outcome.MISSED, col(DigestWindow.end_at)))
    last_end = sa.func.coalesce(sa.func.max(told), sa.func.min(col(DigestWindow.start_at)))
    decided = (
        sa.select(
            col(DigestWindow.person_id),
            sa.func.max(col(DigestWindow.period)).label("last"),
            sa.type_coerce(last_end, UtcDateTime()).label("last_end"),
        )
        .where(col(DigestWindow.shape) == shape)
        .group_by(col(DigestWindow.person_id))
        .subquery()
    )
    query = (
        sa.select(Person, decided.c.last, decided.c.last_end)
        .outerjoin(decided, decided.c.person_id == col(Person.id))
        .where(col(Person.is_active), col(Person.has_digest), col(Person.id).in_(SHAPES[shape].people))
        .order_by(col(Person.id))
    )
    return [_candidate(shape, now, *tuple(row)) for row in session.execute(query)]


def _candidate(
    shape: str, now: dt.datetime, person: Person, last: str | None, last_end: dt.datetime | None
) -> Candidate:
    """Nobody is told of weeks before they came; who came long ago and was never told begins with this week."""
    since = person.digest_since_at or person.created_at
    is_first = last is None and since < now - _FORTNIGHT
    since_at = None if is_first or (last is not None and person.digest_since_at is None) else since
    preference = Preference(zone_of(person.timezone), person.digest_weekday, person.digest_hour, since_at)
    return Candidate(shape, person.id or 0, preference, person.created_at, last, last_end)


def _missed(candidate: Candidate, now: dt.datetime) -> list[Slot]:
    """Nothing was promised before the first one."""
    return digests.missed(now, candidate.preference, candidate.last) if candidate.last else []


def _record_missed(session: Session, candidate: Candidate, slot: Slot) -> bool:
    window = digests.window(slot, candidate.preference, candidate.last_end)
    return _record(session, candidate, slot.period, window, Outcome.MISSED)


def _record(session: Session, candidate: Candidate, period: str, window: Window, outcome: Outcome) -> bool:
    """Whether it was new: one row per person, shape and week."""
    insert = db.insert(session, DigestWindow).values(
        person_id=candidate.person_id,
        shape=candidate.shape,
        period=period,
        start_at=window.start_at,
        end_at=window.end_at,
        outcome=outcome,
    )
    return session.execute(insert.on_conflict_do_nothing().returning(col(DigestWindow.id))).first() is not None


def _enqueue(session: Session, candidate: Candidate, slot: Slot) -> None:
    message_id = outbox.enqueue(
        session,
        f"digest_{candidate.shape}",
        candidate.person_id,
        slot.period,
        due_at=slot.planned_at,
        expires_at=slot.closes_at,
        priority=Priority.DIGEST,
    )
    mine = sa.and_(
        col(DigestWindow.person_id) == candidate.person_id,
        col(DigestWindow.shape) == candidate.shape,
        col(DigestWindow.period) == slot.period,
    )
    session.execute(sa.update(DigestWindow).where(mine).values(message_id=message_id))
