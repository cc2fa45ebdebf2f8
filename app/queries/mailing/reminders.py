"""Which steps of the ladder are owed to whom: derived from the present state and the ledger; recorded elsewhere."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import ladder
from app.domain.calendar import DaysOff, begun_on, next_morning
from app.domain.ladder import Audience, Step
from app.models.audit import AuditEvent
from app.models.notifications import DayOff
from app.models.people import Person
from app.queries.mailing import directory, heard_steps, ladder_candidates, ladder_memory
from app.queries.mailing.directory import Directory, zone_of
from app.queries.mailing.heard_steps import Heard, ReminderKey, recorded, version
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.ladder_memory import Looked, Now
from app.queries.scope import calendar

_LATEST = 1000
_PORTION = 2000  # subjects whose ledger is in memory at once
_DAY = dt.timedelta(days=1)
_LOOKBACK = dt.timedelta(weeks=5)  # nobody asks which weekly steps before that were superseded


class Obligation(NamedTuple):
    """One step owed to one person: it goes in the mail of the morning `period`, or a later one made it superfluous."""

    key: ReminderKey
    audience: Audience
    action_id: int
    step: Step
    period: dt.date
    goes: bool

    @property
    def person_id(self) -> int:
        return self.key.person_id


class Reminders(NamedTuple):
    """What is owed, and what may be remembered of its subjects and of those that owe nothing once it is recorded."""

    owed: list[Obligation]
    looks: list[Looked]


_NOBODY: frozenset[int] = frozenset()


class _HeardStep(NamedTuple):
    """A step that somebody hears, and as what; `others` acted in the meantime and may have heard it instead."""

    key: ReminderKey
    step: Step
    audience: Audience
    others: frozenset[int] = frozenset()

    @property
    def rank(self) -> tuple[dt.date, int, int]:
        return ladder.rank(self.step, self.audience)


_Hearers = tuple[Step, Audience, list[int]]  # of a step: as what, and who


def due(session: Session, now: dt.datetime) -> Reminders:
    """What is due by now and not in the ledger, at most one step of a subject going to a person.

    A morning is planned between the person's hour and 20:00 of a working day: what comes later waits for the next one.
    """
    people, found = directory.load(session), Reminders([], [])
    off = calendar.around(session, clock.day(now, settings().zone))  # a day on either side covers every zone
    begun = ((one, begun_on(now, zone, people.hours[one], off)) for one, zone in people.zones.items())
    mornings = {one: day for one, day in begun if day is not None}
    if not mornings:
        return found
    awake = {day: {person for person, theirs in mornings.items() if theirs == day} for day in set(mornings.values())}
    last = max(awake)
    here = Now(ladder_memory.world(people, off), min(awake), last)
    candidates = ladder_candidates.candidates(session, people, last, here)
    for start in range(0, len(candidates), _PORTION):
        some = candidates[start : start + _PORTION]
        heard = recorded(session, some)
        for candidate in some:
            owed, is_all_heard = _found(candidate, people, awake, off, heard)
            found.owed.extend(owed)
            if is_all_heard:
                found.looks.append(_looked(candidate, here, off))
    return found


def _found(
    candidate: Candidate, people: Directory, awake: dict[dt.date, set[int]], off: DaysOff, heard: Heard
) -> tuple[list[Obligation], bool]:
    """What is owed to those who are awake, and whether everybody, those asleep included, has then heard all."""
    hearers = {day: _hearers(candidate, people, day, off) for day in awake}
    if all(heard.issuperset(_keys(candidate, steps)) for steps in hearers.values()):
        return [], True  # as most subjects are, whenever all of them are looked at
    told = {day: _told(candidate, people, steps) for day, steps in hearers.items()}
    owed = [one for day, some in told.items() for one in _owed(candidate, some, day, awake[day], heard)]
    unheard = {one.key for one in told[max(awake)] if one.key not in heard}
    return owed, unheard <= {one.key for one in owed}


def _looked(candidate: Candidate, here: Now, off: DaysOff) -> Looked:
    until = ladder.next_on(candidate.subject, here.last, off, candidate.ladder) or dt.date.max
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
    return coming_of(session, people, found, now, days)


def coming_of(
    session: Session, people: Directory, found: Collection[Candidate], now: dt.datetime, days: int
) -> list[Obligation]:
    """What they bring by the ladders that they carry."""
    today = max(clock.day(now, zone) for zone in (settings().zone, *people.zones.values()))
    heard, off = recorded(session, found), calendar.around(session, today)
    owed = [one for candidate in found for one in _coming(candidate, people, now, off, days)]
    return sorted((one for one in owed if one.key not in heard), key=lambda one: (one.period, one.person_id))


def still_owed(session: Session, rows: Iterable[Any], now: dt.datetime) -> dict[int, tuple[Candidate, Step]]:
    """Of recorded obligations, by id, those that the present state would still give to the same person."""
    rows = list(rows)
    days = [row.due_on for row in rows] + [clock.day(now, settings().zone) + _DAY]  # a day off since moves them ahead
    today, since = max(days), min(days) - _LOOKBACK
    off = calendar.around(session, today)
    people, found = ladder_candidates.chosen(session, {(row.subject_kind, row.subject_id) for row in rows})
    owed = {
        one.key: (candidate, one.step)
        for candidate in (replace(one, ladder=one.ladder.whole) for one in found)
        for one in _told(candidate, people, _hearers(candidate, people, today, off, since=since))
    }
    by_row = {row.id: ReminderKey(*(getattr(row, name) for name in heard_steps.LEDGER)) for row in rows}
    return {row_id: owed[key] for row_id, key in by_row.items() if key in owed}


def mark(session: Session, now: dt.datetime) -> object:
    """What `due` depends on, told by its traces: the record, the days off, and whose morning it is."""
    head = session.scalars(sa.select(sa.func.max(col(AuditEvent.id)))).first() or 0
    latest = col(AuditEvent.id) > head - _LATEST  # counted too: of two at once the earlier one may appear later
    record = head, session.scalars(sa.select(sa.func.count()).select_from(AuditEvent).where(latest)).one()
    moved = session.execute(sa.select(col(DayOff.on), col(DayOff.is_off)).order_by(col(DayOff.on))).all()
    whose = sa.select(col(Person.timezone), col(Person.reminder_hour)).where(col(Person.is_active)).distinct()
    mornings = {(zone, hour): begun_on(now, zone_of(zone), hour) for zone, hour in session.execute(whose)}
    return record, tuple(tuple(row) for row in moved), mornings


def _hearers(
    candidate: Candidate, people: Directory, day: dt.date, off: DaysOff, *, since: dt.date | None = None, ahead: int = 0
) -> list[_Hearers]:
    """All steps that fall until so many days after the day, and who hears each, in whatever capacity.

    The one ladder of a reminder: what is planned, previewed and looked at again before it leaves.
    """
    hearing: dict[Audience, tuple[Audience, list[int]]] = {}
    since, by, found = since or day - _LOOKBACK, candidate.ladder, list[_Hearers]()
    acting_since = people.acting_since.get(candidate.post_id or 0)
    for step in ladder.plan(candidate.subject, today=day, off=off, horizon=ahead, ladder=by, since=since):
        if step.audience not in hearing:
            hearing[step.audience] = candidate.hearing(people, step.audience)
        audience, persons = hearing[step.audience]
        if acting_since and audience is Audience.HOLDER and step.on < acting_since:
            continue  # of the days before, the holder has heard or will hear
        if persons:
            found.append((step, audience, persons))
    return found


def _keys(candidate: Candidate, hearers: list[_Hearers]) -> list[tuple[int, str, int, str, int]]:
    """Those of `_told`, for whoever only asks whether they are heard."""
    kind, subject_id = candidate.kind.value, candidate.subject_id
    return [(one, kind, subject_id, step.key, version(step)) for step, _, persons in hearers for one in persons]


def _told(candidate: Candidate, people: Directory, hearers: list[_Hearers]) -> list[_HeardStep]:
    """What each of them hears."""
    kind, subject_id = candidate.kind.value, candidate.subject_id
    stood_in = people.stood_in.get(candidate.post_id or 0, _NOBODY)
    return [
        _HeardStep(
            ReminderKey(one, kind, subject_id, step.key, version(step)),
            step,
            audience,
            stood_in if audience is Audience.HOLDER else _NOBODY,
        )
        for step, audience, persons in hearers
        for one in persons
    ]


def _owed(
    candidate: Candidate, told: list[_HeardStep], day: dt.date, awake: set[int], heard: Heard
) -> Iterator[Obligation]:
    """Per person the latest step goes, unless whoever acted has heard it; less what the ledger has."""
    theirs: dict[int, list[_HeardStep]] = defaultdict(list)
    for one in told:
        if one.key.person_id in awake:
            theirs[one.key.person_id].append(one)
    for mine in theirs.values():
        latest = max(mine, key=attrgetter("rank")).step
        for one in mine:
            if one.key not in heard:
                goes = one.step is latest and not any(
                    one.key._replace(person_id=other) in heard for other in one.others
                )
                yield Obligation(one.key, one.audience, candidate.action_id, one.step, day, goes=goes)


def _coming(candidate: Candidate, people: Directory, now: dt.datetime, off: DaysOff, days: int) -> Iterator[Obligation]:
    today = clock.day(now, candidate.zone)
    mornings: dict[tuple[int, dt.date], list[_HeardStep]] = defaultdict(list)
    for one in _told(candidate, people, _hearers(candidate, people, today, off, since=today, ahead=days)):
        whose = one.key.person_id
        own = now, people.zones[whose], people.hours[whose], off
        begun = begun_on(*own)
        if begun is None or one.step.on > begun:  # what was missed goes on the next morning
            mornings[whose, max(one.step.on, next_morning(*own))].append(one)
    for (_, on), mine in mornings.items():
        last = max(mine, key=attrgetter("rank"))
        yield Obligation(last.key, last.audience, candidate.action_id, last.step, on, goes=True)
