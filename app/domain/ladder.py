"""The ladder of reminders and escalations, asked which step is due for whom on which day; its table is in rungs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import count, takewhile
from operator import attrgetter

from app.domain.calendar import DaysOff, add_working_days, deferred
from app.domain.rungs import LADDER, Anchor, Audience, Kind, Ladder, Rung, Unit
from app.domain.workflow import State

__all__ = ["LADDER", "Anchor", "Audience", "Kind", "Ladder", "Step", "Subject", "announce", "next_on", "plan", "rank"]

HORIZON_DAYS = 7
_WEEK = 7
_FORTNIGHT = 14


@dataclass(frozen=True)
class Subject:
    """What the ladder needs to know of an action, a milestone or a part; `state` is always the action's."""

    state: State
    kind: Kind = Kind.ACTION
    assigned_on: date | None = None
    due_on: date | None = None
    deadline_version: int = 1
    armed_on: date | None = None  # since when this deadline stands, if later than the assignment
    blocked_on: date | None = None
    submitted_on: date | None = None
    asked_on: date | None = None  # of the extension request that is still open
    vacant_on: date | None = None
    has_holder: bool = True
    is_priority: bool = False  # chooses the ladder where a programme keeps two


@dataclass(frozen=True)
class Step:
    """One obligation: the ledger keeps `key`, `rung` chooses the words, `days` is the distance from the anchor."""

    key: str
    audience: Audience
    on: date
    rung: str
    days: int
    version: int
    weekly: bool = False


# The first fields of a subject, in their order.
Essence = tuple[
    State, Kind, date | None, date | None, int, date | None, date | None, date | None, date | None, date | None, bool
]


_A, _TO = Anchor, Audience
_NEARNESS = {audience: place for place, audience in enumerate(Audience)}


def plan(
    subject: Subject,
    *,
    today: date,
    off: DaysOff,
    horizon: int = HORIZON_DAYS,
    ladder: Sequence[Rung] = LADDER,
    since: date | None = None,
) -> list[Step]:
    """Every step up to `horizon` days from today, in order, those already past among them.

    Of weekly steps those long before `since` are left out: an action late for years has had hundreds.
    """
    until = today + timedelta(days=horizon)
    if isinstance(ladder, Ladder):
        return list(_known_steps(ladder, _essence(subject, ladder), until, off, since))
    about = subject.state, subject.kind, subject.has_holder
    return _in_order(subject, [rung for rung in ladder if _applies(rung, *about)], until, off, since)


def next_on(subject: Subject, after: date, off: DaysOff, ladder: Ladder = LADDER) -> date | None:
    """The day of the first step behind this one: until then `plan` brings nothing that it does not bring today."""
    return _next_on(ladder, _essence(subject, ladder), after, off)


def rank(step: Step, audience: Audience) -> tuple[date, int, int]:
    """Of the steps of a subject that are due to somebody the highest goes, and makes the others superfluous.

    It is the latest, and of two on one day what one hears for the nearest reason: as a holder before as a manager.
    """
    return step.on, step.days, -_NEARNESS[audience]


def announce(subject: Subject, off: DaysOff, *, ladder: Sequence[Rung] = LADDER) -> list[Step]:
    """What the assignment tells the owner beforehand: the first step of each rung, in order; `weekly` ones go on."""
    stages = (replace(subject, state=State.ASSIGNED), replace(subject, state=State.ACKNOWLEDGED))
    firsts = [
        next(_steps(rung, stage, off), None)
        for stage in stages
        for rung in ladder
        if rung.anchor in (_A.ASSIGNED, _A.DUE) and _applies(rung, stage.state, stage.kind, stage.has_holder)
    ]
    return sorted((step for step in firsts if step), key=lambda step: (step.on, step.days))


@lru_cache(maxsize=1 << 12)
def _known_steps(ladder: Ladder, essence: Essence, until: date, off: DaysOff, since: date | None) -> tuple[Step, ...]:
    subject = Subject(*essence)
    rungs = _applying(ladder, subject.state, subject.kind, subject.has_holder)
    return tuple(_in_order(subject, rungs, until, off, since))


@lru_cache(maxsize=1 << 12)
def _next_on(ladder: Ladder, essence: Essence, after: date, off: DaysOff) -> date | None:
    subject = Subject(*essence)
    firsts = (
        next((step.on for step in _steps(rung, subject, off, after) if step.on > after), None)
        for rung in _applying(ladder, subject.state, subject.kind, subject.has_holder)
    )
    return min((on for on in firsts if on is not None), default=None)


def _in_order(subject: Subject, rungs: Sequence[Rung], until: date, off: DaysOff, since: date | None) -> list[Step]:
    steps = [
        step
        for rung in rungs
        if _may_fall_by(rung, subject, until)
        for step in takewhile(lambda step: step.on <= until, _steps(rung, subject, off, since))
    ]
    steps.sort(key=lambda step: (step.on, step.days))
    return steps


def _essence(subject: Subject, ladder: Ladder) -> Essence:
    """The fields that its steps depend on, the others empty: thousands of subjects then share one answer."""
    counted = _counted_from(ladder, subject.state)
    due_on = subject.due_on if _A.DUE in counted else None
    assigned_on, armed_on = subject.assigned_on, subject.armed_on
    if _A.ASSIGNED not in counted and subject.has_holder:  # then only the later of both tells which steps were past
        days = [day for day in (assigned_on, armed_on) if day is not None and due_on is not None]
        assigned_on, armed_on = max(days, default=None), None
        if assigned_on is not None and due_on is not None and (due_on - assigned_on).days > ladder.ahead + _FORTNIGHT:
            assigned_on = None
    return (
        subject.state,
        subject.kind,
        assigned_on,
        due_on,
        subject.deadline_version,
        armed_on,
        subject.blocked_on if _A.BLOCKED in counted else None,
        subject.submitted_on if _A.SUBMITTED in counted else None,
        subject.asked_on,
        subject.vacant_on,
        subject.has_holder,
    )


@lru_cache(maxsize=1 << 12)
def _counted_from(ladder: Ladder, state: State) -> frozenset[Anchor]:
    return frozenset(rung.anchor for rung in ladder if state in rung.states)


@lru_cache(maxsize=1 << 12)
def _applying(ladder: Ladder, state: State, kind: Kind, has_holder: bool) -> tuple[Rung, ...]:
    return tuple(rung for rung in ladder if _applies(rung, state, kind, has_holder))


def _applies(rung: Rung, state: State, kind: Kind, has_holder: bool) -> bool:
    if state not in rung.states or kind not in rung.kinds:
        return False
    return not has_holder if rung.anchor is _A.VACANT else has_holder or rung.audience is not _TO.HOLDER


def _may_fall_by(rung: Rung, subject: Subject, until: date) -> bool:
    """Told without the calendar: days off move a step by less than a fortnight."""
    anchor = _anchor_on(rung.anchor, subject)
    return anchor is not None and anchor.toordinal() + rung.offset - _FORTNIGHT <= until.toordinal()


def _steps(rung: Rung, subject: Subject, off: DaysOff, since: date | None = None) -> Iterator[Step]:
    """The steps of one rung in order of time: without end when it repeats."""
    anchor = _anchor_on(rung.anchor, subject)
    if anchor is None:
        return
    passed = max(0, ((since - anchor).days - rung.offset) // _WEEK - 1) if since else 0
    for days in count(rung.offset + passed * _WEEK, _WEEK) if rung.weekly else (rung.offset,):
        on = _falls_on(rung, anchor, days, off)
        if on is None:
            return
        if rung.since is not None and on <= rung.since:
            continue
        if rung.anchor is not _A.DUE or not _was_past(on, subject):
            key = _key(rung, subject, anchor, days)
            yield Step(key, rung.audience, on, rung.key, days, subject.deadline_version, rung.weekly)


def _anchor_on(anchor: Anchor, subject: Subject) -> date | None:
    found: date | None = _ANCHORS[anchor](subject)
    return subject.assigned_on if found is None and anchor is _A.VACANT else found


_ANCHORS = {anchor: attrgetter(f"{anchor}_on") for anchor in Anchor}


def _falls_on(rung: Rung, anchor: date, days: int, off: DaysOff) -> date | None:
    # A typed deadline in the year 9999 must not stop the pass for everybody else.
    try:
        if rung.unit is Unit.WORKING:
            return add_working_days(anchor, days, off)
        return deferred(anchor + timedelta(days=days), off, anchor if days <= 0 and rung.anchor is _A.DUE else None)
    except OverflowError:
        return None


def _was_past(on: date, subject: Subject) -> bool:
    """Whether the deadline was set, by an assignment or an extension, when this day had already come."""
    armed = [day for day in (subject.assigned_on, subject.armed_on) if day is not None]
    return bool(armed) and on <= max(armed)


def _key(rung: Rung, subject: Subject, anchor: date, days: int) -> str:
    key = f"{rung.key.rpartition('_')[0]}_{abs(days)}"
    if subject.kind is not Kind.ACTION:
        return f"{subject.kind}.{key}"
    # A second submission or a second block is a new obligation; of deadlines the version says so.
    return key if rung.anchor is _A.DUE else f"{key}@{anchor.isoformat()}"
