"""A year's days off as an administrator sees them: what the law fixes, what the moon estimates, what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.messages import N_, Counted, Message

# As the library of holidays names them in English: our catalogues have them in the others.
KNOWN = frozenset(
    {
        N_("New Year's Day"),
        N_("Proclamation of Independence Day"),
        N_("Amazigh New Year"),
        N_("Eid al-Fitr"),
        N_("Labor Day"),
        N_("Eid al-Adha"),
        N_("Islamic New Year"),
        N_("Throne Day"),
        N_("Oued Ed-Dahab Day"),
        N_("Revolution Day"),
        N_("Youth Day"),
        N_("Prophet's Birthday"),
        N_("Unity Day"),
        N_("Green March"),
        N_("Independence Day"),
    }
)
_ESTIMATED = " (estimated)"


class DayStanding(StrEnum):
    """How a day came to be off, or to be off no more."""

    FIXED = "fixed"
    ESTIMATE = "estimate"
    CONFIRMED = "confirmed"
    MOVED_HERE = "moved_here"
    MOVED_AWAY = "moved_away"
    ADDED = "added"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class DecidedDay:
    """What an administrator made of a date."""

    on: date
    name: str
    is_off: bool
    pair_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date of the list; `version` is 0 as long as nobody decided anything about it."""

    on: date
    names: tuple[str, ...]  # English ones that we know, or as somebody typed it
    standing: DayStanding
    pair_on: date | None = None
    version: int = 0

    @property
    def is_off(self) -> bool:
        return self.standing not in {DayStanding.MOVED_AWAY, DayStanding.STRUCK}

    @property
    def is_decided(self) -> bool:
        return self.version > 0


def named(told: str) -> tuple[tuple[str, ...], bool]:
    """The names of a date as the library tells it, several of one day, and whether the moon has yet to be seen."""
    names = told.split("; ")
    return tuple(name.removesuffix(_ESTIMATED) for name in names), any(name.endswith(_ESTIMATED) for name in names)


def listed(told: Iterable[tuple[date, str]], decided: Iterable[DecidedDay]) -> list[Holiday]:
    """By date; what was decided wins over what the library tells."""
    estimates = dict(told)
    days = {on: _told(on, name) for on, name in estimates.items()}
    days |= {one.on: _decided(one, estimates.get(one.on)) for one in decided}
    return [days[on] for on in sorted(days)]


def _told(on: date, told: str) -> Holiday:
    names, is_estimated = named(told)
    return Holiday(on, names, DayStanding.ESTIMATE if is_estimated else DayStanding.FIXED)


def _decided(one: DecidedDay, told: str | None) -> Holiday:
    names = (one.name,) if one.name else named(told or "")[0]
    return Holiday(one.on, names, _standing(one, told), one.pair_on, one.version)


def _standing(one: DecidedDay, told: str | None) -> DayStanding:
    if not one.is_off:
        return DayStanding.MOVED_AWAY if one.pair_on else DayStanding.STRUCK
    if one.pair_on:
        return DayStanding.MOVED_HERE
    return DayStanding.CONFIRMED if told else DayStanding.ADDED


def standing(one: Holiday) -> Message:
    """Beside the date."""
    if one.pair_on:
        text = N_("Moved to %(day)s: a working day") if not one.is_off else N_("Confirmed; moved here from %(day)s")
        return Message(text, day=one.pair_on)
    return Message(_WORDS[one.standing])


_WORDS = {
    DayStanding.FIXED: N_("Fixed by law"),
    DayStanding.ESTIMATE: N_("Estimate: to be confirmed when the moon was seen"),
    DayStanding.CONFIRMED: N_("Confirmed"),
    DayStanding.ADDED: N_("Added by an administrator"),
    DayStanding.STRUCK: N_("Struck: a working day"),
}


@dataclass(frozen=True, slots=True)
class Shift:
    """The reminders that move; the first of them from this day to that one. `is_more`: not all were looked at."""

    count: int = 0
    first: date | None = None
    to: date | None = None
    is_more: bool = False


def asked_back(shift: Shift) -> Message:
    """What a change of the days off moves, said before it is made."""
    days = {"first": shift.first, "to": shift.to}
    if shift.is_more:
        return Counted(
            "More than %(num)s reminder moves, first from %(first)s to %(to)s. Tick that it is meant and send again.",
            "More than %(num)s reminders move, first from %(first)s to %(to)s. Tick that it is meant and send again.",
            shift.count,
            **days,
        )
    return Counted(
        "%(num)s reminder moves, from %(first)s to %(to)s. Tick that it is meant and send again.",
        "%(num)s reminders move, the first from %(first)s to %(to)s. Tick that it is meant and send again.",
        shift.count,
        **days,
    )
