"""Working days, Monday to Friday less the days off that are handed in; which days are holidays is not known here."""

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_SATURDAY = 5

DaysOff = frozenset[date]


def is_working(day: date, off: DaysOff) -> bool:
    """Neither Saturday nor Sunday nor a day off."""
    return day.weekday() < _SATURDAY and day not in off


def next_working(day: date, off: DaysOff) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working(day, off):
        day += _DAY
    return day


def previous_working(day: date, off: DaysOff) -> date:
    """The day itself when it is a working day, else the last one before it."""
    while not is_working(day, off):
        day -= _DAY
    return day


@lru_cache(maxsize=1 << 14)
def add_working_days(day: date, count: int, off: DaysOff) -> date:
    """The `count`-th working day after `day`, which itself never counts; a negative count goes back."""
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working(day, off):
            day += step
    return day


@lru_cache(maxsize=1 << 14)
def deferred(day: date, off: DaysOff, not_after: date | None = None) -> date:
    """Where a step of `day` really falls: the next working day, but never past `not_after`: then the one before it."""
    moved = next_working(day, off)
    if not_after is None or moved <= not_after:
        return moved
    return previous_working(not_after, off)
