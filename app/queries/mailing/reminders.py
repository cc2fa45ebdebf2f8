"""Which steps of the ladder are owed to whom: derived from the present state and the ledger; recorded elsewhere."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import hours, ladder
from app.domain.calendar import DaysOff
from app.domain.ladder import Audience, Step
from app.models.audit import AuditEvent
from app.models.notifications import DayOff, Reminder
from app.models.people import Person
from app.queries.mailing import directory, ladder_candidates, ladder_memory
from app.queries.mailing.directory import Directory, zone_of
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.ladder_memory import Looked, Now
from app.queries.scope import calendar

_ORDER = tuple(Audience)
_LATEST = 1000
_PORTION = 2000  # subjects whose ledger is in memory at once
_LOOKBACK = dt.timedelta(weeks=5)  # nobody asks which weekly steps before that were superseded


class Key(NamedTuple):
    """What is unique in the ledger."""

    person_id: int
    subject_kind: str
    subject_id: int
    step: str
    version: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """One step owed to one person: it goes in the mail of the morning `period`, or a later one made it superfluous."""

    key: Key
    audience: Audience
    action_id: int
    step: Step
    period: dt.date
    goes: bool

    @property
    def person_id(self) -> int:
        return self.key.person_id


def version(step: Step) -> int:
    """The deadline's version where the step hangs on the deadline; the other keys carry their own date."""
    return 0 if "@" in step.key else step.version


Heard = frozenset[Key]


class Found(NamedTuple):
    """What is owed, and what may be remembered of its subjects and of those that owe nothing once it is recorded."""

    owed: list[Obligation]
    looks: list[Looked]


class _Told(NamedTuple):
    """A step that somebody hears, and as what."""

    key: Key
    step: Step
    audience: Audience


def due(session: Session, now: dt.datetime) -> Found:
    """What is due by now and not in the ledger, at most one step of a subject going to a person.

    A morning is planned between 08:00 and 20:00 of the person's day: what comes later waits for the next one.
    """
    people = directory.load(session)
    mornings = {person: day for person, zone in people.zones.items() if (day := _morning(now, zone)) is not None}
    found = Found([], [])
    if not mornings:
        return found
    awake = {day: {person for person, theirs in mornings.items() if theirs == day} for day in set(mornings.values())}
    last = max(awake)
    off = calendar.around(session, last)
    here = Now(ladder_memory.world(people, off), min(awake), last)
    candidates = ladder_candidates.candidates(session, people, last, here)
    for start in range(0, len(candidates), _PORTION):
        some = candidates[start : start + _PORTION]
        heard = recorded(session, some)
        for candidate in some:
            told = {day: _told(candidate, people, day, off) for day in awake}
            owed = [one for day in awake for one in _owed(candidate, told[day], day, awake[day], heard)]
            found.owed.extend(owed)
            if _is_all_heard(told[last], heard, owed):
                found.looks.append(_looked(candidate, here, off))
    return found


def _is_all_heard(told: list[_Told], heard: Heard, owed: list[Obligation]) -> bool:
    """By everybody, those asleep included, once what is owed is recorded."""
    unheard = {one.key for one in told if one.key not in heard}
    return not unheard or unheard <= {one.key for one in owed}


def _looked(candidate: Candidate, here: Now, off: DaysOff) -> Looked:
    until = ladder.next_on(candidate.subject, here.last, off) or dt.date.max
    key = candidate.kind.value, candidate.subject_id, candidate.body_id
    return Looked(*key, here.world, candidate.seen, since_on=here.last, until_on=until)


def coming(
    session: Session,
    now: dt.datetime,
    days: int = ladder.HORIZON_DAYS,
    among: Collection[tuple[str, int]] | None = None,
) -> list[Obligation]:
    """What the next days bring if nothing changes, each step on the morning that carries it: for the preview.

    `among`: of these subjects (kind and id) alone.
    """
    people = directory.load(session)
    today = max(clock.day(now, zone) for zone in (settings().zone, *people.zones.values()))
    until = today + dt.timedelta(days)
    found = (
        ladder_candidates.candidates(session, people, until)
        if among is None
        else ladder_candidates.chosen(session, among)[1]
    )
    heard, off = recorded(session, found), calendar.around(session, today)
    owed = [one for candidate in found for one in _coming(candidate, people, now, off, days)]
    return sorted((one for one in owed if one.key not in heard), key=lambda one: (one.period, one.person_id))


def still_owed(session: Session, rows: Iterable[Any], now: dt.datetime) -> dict[int, tuple[Candidate, Step]]:
    """Of recorded obligations, by id, those that the present state would still give to the same person."""
    rows = list(rows)
    days = [row.due_on for row in rows] or [clock.day(now, settings().zone)]
    today, since = max(days), min(days) - _LOOKBACK
    off = calendar.around(session, today)
    steps: dict[tuple[str, int, str, int], list[tuple[Candidate, Step]]] = defaultdict(list)
    people, found = ladder_candidates.chosen(session, {(row.subject_kind, row.subject_id) for row in rows})
    for candidate in found:
        for step in ladder.plan(candidate.subject, today=today, off=off, horizon=0, since=since):
            steps[candidate.kind.value, candidate.subject_id, step.key, version(step)].append((candidate, step))
    alive = {}
    for row in rows:
        for candidate, step in steps[row.subject_kind, row.subject_id, row.step, row.deadline_version]:
            if row.person_id in candidate.hearing(people, step.audience)[1]:
                alive[row.id] = candidate, step
    return alive


def mark(session: Session, now: dt.datetime) -> object:
    """What `due` depends on, told by its traces: the record, the days off, and whose morning it is."""
    head = session.scalars(sa.select(sa.func.max(col(AuditEvent.id)))).first() or 0
    latest = col(AuditEvent.id) > head - _LATEST  # counted too: of two at once the earlier one may appear later
    record = head, session.scalars(sa.select(sa.func.count()).select_from(AuditEvent).where(latest)).one()
    moved = session.execute(sa.select(col(DayOff.on), col(DayOff.is_off)).order_by(col(DayOff.on))).all()
    zones = session.scalars(sa.select(col(Person.timezone)).where(col(Person.is_active)).distinct()).all()
    return record, tuple(tuple(row) for row in moved), {zone: _morning(now, zone_of(zone)) for zone in zones}


def recorded(session: Session, candidates: Iterable[Candidate]) -> Heard:
    """The ledger's rows of these subjects."""
    by_kind = defaultdict(set)
    for candidate in candidates:
        by_kind[candidate.kind.value].add(candidate.subject_id)
    columns = (Reminder.person_id, Reminder.subject_kind, Reminder.subject_id, Reminder.step, Reminder.deadline_version)
    heard: set[Key] = set()
    for kind, ids in by_kind.items():
        for some in ladder_candidates.portions(ids):
            query = sa.select(*map(col, columns)).where(
                col(Reminder.subject_kind) == kind, col(Reminder.subject_id).in_(some)
            )
            heard.update(Key(*row) for row in session.execute(query))
    return frozenset(heard)


def _morning(now: dt.datetime, zone: dt.tzinfo) -> dt.date | None:
    local = now.astimezone(zone)
    return local.date() if hours.MORNING <= local.time() < hours.CLOSES else None


def _told(candidate: Candidate, people: Directory, day: dt.date, off: DaysOff) -> list[_Told]:
    """All that is heard of the subject by the day, in whatever capacity."""
    kind, subject_id, found = candidate.kind.value, candidate.subject_id, list[_Told]()
    hearing: dict[Audience, tuple[Audience, list[int]]] = {}
    for step in ladder.plan(candidate.subject, today=day, off=off, horizon=0, since=day - _LOOKBACK):
        if step.audience not in hearing:
            hearing[step.audience] = candidate.hearing(people, step.audience)
        (audience, persons), of = hearing[step.audience], version(step)
        found += [_Told(Key(one, kind, subject_id, step.key, of), step, audience) for one in persons]
    return found


def _owed(candidate: Candidate, told: list[_Told], day: dt.date, awake: set[int], heard: Heard) -> Iterator[Obligation]:
    """Per person the latest step goes and the others are superseded; less what the ledger has."""
    if all(one.key in heard for one in told):
        return
    theirs: dict[int, list[_Told]] = defaultdict(list)
    for one in told:
        if one.key.person_id in awake:
            theirs[one.key.person_id].append(one)
    for mine in theirs.values():
        latest = max(mine, key=lambda one: _rank((one.step, one.audience))).step
        for key, step, audience in mine:
            if key not in heard:
                yield Obligation(key, audience, candidate.action_id, step, day, goes=step is latest)


def _rank(heard: tuple[Step, Audience]) -> tuple[dt.date, int, int]:
    """The latest, and of two on one day what one hears for the nearest reason: as a holder before as a manager."""
    step, audience = heard
    return step.on, step.days, -_ORDER.index(audience)


def _coming(candidate: Candidate, people: Directory, now: dt.datetime, off: DaysOff, days: int) -> Iterator[Obligation]:
    today = clock.day(now, candidate.zone)
    mornings: dict[tuple[int, dt.date], list[tuple[Step, Audience]]] = defaultdict(list)
    for step in ladder.plan(candidate.subject, today=today, off=off, horizon=days, since=today):
        audience, persons = candidate.hearing(people, step.audience)
        for person in persons:
            local = now.astimezone(people.zones[person])
            if step.on > local.date() or (step.on == local.date() and local.time() < hours.MORNING):
                mornings[person, step.on].append((step, audience))
    for (person, on), mine in mornings.items():
        step, audience = max(mine, key=_rank)
        key = Key(person, candidate.kind.value, candidate.subject_id, step.key, version(step))
        yield Obligation(key, audience, candidate.action_id, step, on, goes=True)
