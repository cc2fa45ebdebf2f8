"""The ladder of reminders and escalations: one literal table, asked which step is due for whom on which day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import count, groupby, takewhile
from operator import attrgetter
from typing import NamedTuple

from app.domain.calendar import DaysOff, add_working_days, deferred
from app.domain.workflow import OPEN, State

HORIZON_DAYS = 7
_WEEK = 7
_FORTNIGHT = 14


class Kind(StrEnum):
    """What the deadline belongs to: the action, a milestone of it, or the part of a supporting post."""

    ACTION = "action"
    MILESTONE = "milestone"
    PART = "part"


class Anchor(StrEnum):
    ASSIGNED = "assigned"
    DUE = "due"
    BLOCKED = "blocked"
    SUBMITTED = "submitted"
    ASKED = "asked"
    VACANT = "vacant"


class Unit(StrEnum):
    CALENDAR = "calendar"
    WORKING = "working"


class Audience(StrEnum):
    HOLDER = "holder"
    MANAGER = "manager"
    SECRETARIAT = "secretariat"
    VERIFIER = "verifier"
    DECIDER = "decider"


@dataclass(frozen=True)
class Rung:
    """One row of the table; a key ends in its offset, so that each weekly repeat gets a key of its own."""

    key: str
    states: frozenset[State]
    anchor: Anchor
    offset: int
    unit: Unit
    audience: Audience
    weekly: bool = False
    kinds: frozenset[Kind] = frozenset({Kind.ACTION})


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


class Due(NamedTuple):
    """What goes out, at most one step for each audience, and what it makes superfluous."""

    go: list[Step]
    superseded: list[Step]


_S, _A, _U, _TO = State, Anchor, Unit, Audience
_ASSIGNED, _BLOCKED, _SUBMITTED = (frozenset({state}) for state in (_S.ASSIGNED, _S.BLOCKED, _S.SUBMITTED))
_WORKING = frozenset({_S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.BLOCKED})
_SHARED = frozenset({Kind.ACTION, Kind.PART})
_ALL = _SHARED | {Kind.MILESTONE}

# fmt: off
LADDER: tuple[Rung, ...] = (
    #    key               in the states  counted from   days  in           to whom
    Rung("assigned_5",     _ASSIGNED,     _A.ASSIGNED,     5, _U.WORKING,  _TO.HOLDER),
    Rung("copy_5",         _ASSIGNED,     _A.ASSIGNED,     5, _U.WORKING,  _TO.MANAGER),
    Rung("assigned_10",    _ASSIGNED,     _A.ASSIGNED,    10, _U.WORKING,  _TO.SECRETARIAT),
    Rung("before_30",      _WORKING,      _A.DUE,        -30, _U.CALENDAR, _TO.HOLDER, kinds=_SHARED),
    Rung("before_14",      _WORKING,      _A.DUE,        -14, _U.CALENDAR, _TO.HOLDER, kinds=_SHARED),
    Rung("before_7",       _WORKING,      _A.DUE,         -7, _U.CALENDAR, _TO.HOLDER, kinds=_ALL),
    Rung("before_1",       _WORKING,      _A.DUE,         -1, _U.CALENDAR, _TO.HOLDER, kinds=_SHARED),
    Rung("day_0",          _WORKING,      _A.DUE,          0, _U.CALENDAR, _TO.HOLDER, kinds=_ALL),
    Rung("after_3",        _WORKING,      _A.DUE,          3, _U.CALENDAR, _TO.HOLDER, kinds=_SHARED),
    Rung("after_7",        _WORKING,      _A.DUE,          7, _U.CALENDAR, _TO.HOLDER, kinds=_ALL, weekly=True),
    Rung("manager_7",      _WORKING,      _A.DUE,          7, _U.CALENDAR, _TO.MANAGER, kinds=_SHARED),
    Rung("secretariat_14", _WORKING,      _A.DUE,         14, _U.CALENDAR, _TO.SECRETARIAT, kinds=_SHARED),
    Rung("blocked_7",      _BLOCKED,      _A.BLOCKED,      7, _U.CALENDAR, _TO.MANAGER, weekly=True),
    Rung("submitted_5",    _SUBMITTED,    _A.SUBMITTED,    5, _U.WORKING,  _TO.VERIFIER),
    Rung("submitted_10",   _SUBMITTED,    _A.SUBMITTED,   10, _U.WORKING,  _TO.VERIFIER),
    Rung("submitted_15",   _SUBMITTED,    _A.SUBMITTED,   15, _U.WORKING,  _TO.SECRETARIAT),
    Rung("asked_3",        OPEN,          _A.ASKED,        3, _U.CALENDAR, _TO.DECIDER),
    Rung("asked_7",        OPEN,          _A.ASKED,        7, _U.CALENDAR, _TO.DECIDER),
    Rung("vacant_0",       OPEN,          _A.VACANT,       0, _U.CALENDAR, _TO.SECRETARIAT, weekly=True),
)
# fmt: on


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
    until, about = today + timedelta(days=horizon), (subject.state, subject.kind, subject.has_holder)
    steps = [
        step
        for rung in (_usual(*about) if ladder is LADDER else ladder)
        if (ladder is LADDER or _applies(rung, *about)) and _may_fall_by(rung, subject, until)
        for step in takewhile(lambda step: step.on <= until, _steps(rung, subject, off, since))
    ]
    steps.sort(key=lambda step: (step.on, step.days))
    return steps


def due(
    subject: Subject,
    today: date,
    off: DaysOff,
    *,
    recorded: frozenset[str] = frozenset(),
    ladder: Sequence[Rung] = LADDER,
) -> Due:
    """Of the steps due by today and not in `recorded`: the latest for each audience goes, the others are superseded."""
    steps = plan(subject, today=today, off=off, horizon=0, ladder=ladder)
    outcome = Due([], [])
    for _, same in groupby(sorted(steps, key=attrgetter("audience")), key=attrgetter("audience")):
        *earlier, latest = same
        outcome.go.extend([latest] if latest.key not in recorded else [])
        outcome.superseded.extend(step for step in earlier if step.key not in recorded)
    return outcome


def announce(subject: Subject, off: DaysOff, *, ladder: Sequence[Rung] = LADDER) -> list[Step]:
    """What the assignment tells the owner beforehand: the first step of each rung, in order; `weekly` ones go on."""
    stages = (replace(subject, state=_S.ASSIGNED), replace(subject, state=_S.ACKNOWLEDGED))
    firsts = [
        next(_steps(rung, stage, off), None)
        for stage in stages
        for rung in ladder
        if rung.anchor in (_A.ASSIGNED, _A.DUE) and _applies(rung, stage.state, stage.kind, stage.has_holder)
    ]
    return sorted((step for step in firsts if step), key=lambda step: (step.on, step.days))


@lru_cache(maxsize=64)
def _usual(state: State, kind: Kind, has_holder: bool) -> tuple[Rung, ...]:
    """Asked for every open action of a pass, and always for the same few."""
    return tuple(rung for rung in LADDER if _applies(rung, state, kind, has_holder))


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
