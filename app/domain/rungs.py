"""The ladder of reminders and escalations as one literal table: who hears in which state, counted from what."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain.workflow import IN_HAND, OPEN, State


class Kind(StrEnum):
    """Whose deadline it is: the action, a milestone, the part of a supporting post, word at intervals, a value."""

    ACTION = "action"
    MILESTONE = "milestone"
    PART = "part"
    WORD = "word"
    INDICATOR = "indicator"


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
    since: date | None = None  # the day on which an edit brought it: what it would have brought until then is past


class Ladder(tuple[Rung, ...]):
    """Rungs that caches are asked under, thousands of times in one pass: their hash is counted once."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    @cached_property
    def whole(self) -> "Ladder":
        """As if it had always stood: for what was planned before and has not left yet."""
        return Ladder(replace(rung, since=None) for rung in self) if any(rung.since for rung in self) else self

    @cached_property
    def ahead(self) -> int:
        """How many days before a deadline its first step can fall, days off aside."""
        return max((-rung.offset for rung in self if rung.anchor is Anchor.DUE), default=0)

    @cached_property
    def words_ahead(self) -> int:
        """The same before the end of a period in which word is asked for."""
        return max((-rung.offset for rung in self if rung.kinds & WORDS), default=0)

    @cached_property
    def patience(self) -> int:
        """Of how many working days its shortest wait is."""
        return min((rung.offset for rung in self if rung.unit is Unit.WORKING), default=1)


_S, _A, _U, _TO = State, Anchor, Unit, Audience
_ASSIGNED, _BLOCKED, _SUBMITTED = (frozenset({state}) for state in (_S.ASSIGNED, _S.BLOCKED, _S.SUBMITTED))
SHARED = frozenset({Kind.ACTION, Kind.PART})
WORDS = frozenset({Kind.WORD, Kind.INDICATOR})  # at intervals
MARKS = WORDS | {Kind.MILESTONE}  # on the way to a deadline
_ALL = SHARED | MARKS

# fmt: off
LADDER = Ladder((
    #    key               in the states  counted from   days  in           to whom
    Rung("assigned_5",     _ASSIGNED,     _A.ASSIGNED,     5, _U.WORKING,  _TO.HOLDER, kinds=SHARED),
    Rung("copy_5",         _ASSIGNED,     _A.ASSIGNED,     5, _U.WORKING,  _TO.MANAGER, kinds=SHARED),
    Rung("assigned_10",    _ASSIGNED,     _A.ASSIGNED,    10, _U.WORKING,  _TO.SECRETARIAT, kinds=SHARED),
    Rung("before_30",      IN_HAND,       _A.DUE,        -30, _U.CALENDAR, _TO.HOLDER, kinds=SHARED),
    Rung("before_14",      IN_HAND,       _A.DUE,        -14, _U.CALENDAR, _TO.HOLDER, kinds=SHARED),
    Rung("before_7",       IN_HAND,       _A.DUE,         -7, _U.CALENDAR, _TO.HOLDER, kinds=_ALL),
    Rung("before_1",       IN_HAND,       _A.DUE,         -1, _U.CALENDAR, _TO.HOLDER, kinds=SHARED),
    Rung("day_0",          IN_HAND,       _A.DUE,          0, _U.CALENDAR, _TO.HOLDER, kinds=_ALL),
    Rung("after_3",        IN_HAND,       _A.DUE,          3, _U.CALENDAR, _TO.HOLDER, kinds=SHARED),
    Rung("after_7",        IN_HAND,       _A.DUE,          7, _U.CALENDAR, _TO.HOLDER, kinds=_ALL, weekly=True),
    Rung("manager_7",      IN_HAND,       _A.DUE,          7, _U.CALENDAR, _TO.MANAGER, kinds=SHARED),
    Rung("manager_14",     IN_HAND,       _A.DUE,         14, _U.CALENDAR, _TO.MANAGER, kinds=WORDS),
    Rung("secretariat_14", IN_HAND,       _A.DUE,         14, _U.CALENDAR, _TO.SECRETARIAT, kinds=SHARED),
    Rung("blocked_7",      _BLOCKED,      _A.BLOCKED,      7, _U.CALENDAR, _TO.MANAGER, weekly=True),
    Rung("submitted_5",    _SUBMITTED,    _A.SUBMITTED,    5, _U.WORKING,  _TO.VERIFIER),
    Rung("submitted_10",   _SUBMITTED,    _A.SUBMITTED,   10, _U.WORKING,  _TO.VERIFIER),
    Rung("submitted_15",   _SUBMITTED,    _A.SUBMITTED,   15, _U.WORKING,  _TO.SECRETARIAT),
    Rung("asked_3",        OPEN,          _A.ASKED,        3, _U.CALENDAR, _TO.DECIDER),
    Rung("asked_7",        OPEN,          _A.ASKED,        7, _U.CALENDAR, _TO.DECIDER),
    Rung("vacant_0",       OPEN,          _A.VACANT,       0, _U.CALENDAR, _TO.SECRETARIAT, weekly=True),
))
# fmt: on
