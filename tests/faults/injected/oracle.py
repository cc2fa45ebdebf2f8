"""When the holder of an action under way hears of its deadline: written once more, from the rules, not from the code.

Thirty, fourteen, seven days and one day before, on the day, three and seven days after, then every week. A day off
moves it to the next working day; what comes before the deadline never behind it: then to the working day before.
"""

import datetime as dt
from collections.abc import Iterator

_BEFORE = (30, 14, 7, 1, 0)
_AFTER = (3, 7)
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def holder_days(due_on: dt.date, until: dt.date, off: frozenset[dt.date]) -> set[dt.date]:
    """The mornings until then, whatever the assignment left out."""
    return {day for day in _days(due_on, until, off) if day <= until}


def _days(due_on: dt.date, until: dt.date, off: frozenset[dt.date]) -> Iterator[dt.date]:
    for days in _BEFORE:
        moved = forward(due_on - days * _DAY, off)
        yield moved if moved <= due_on else back(due_on, off)
    for days in _AFTER:
        yield forward(due_on + days * _DAY, off)
    day = due_on + 2 * _WEEK
    while day <= until:
        yield forward(day, off)
        day += _WEEK


def works(day: dt.date, off: frozenset[dt.date]) -> bool:
    return day.isoweekday() <= 5 and day not in off


def forward(day: dt.date, off: frozenset[dt.date]) -> dt.date:
    while not works(day, off):
        day += _DAY
    return day


def back(day: dt.date, off: frozenset[dt.date]) -> dt.date:
    while not works(day, off):
        day -= _DAY
    return day


def working_days(first: dt.date, count: int, off: frozenset[dt.date]) -> list[dt.date]:
    found, day = list[dt.date](), first
    while len(found) < count:
        if works(day, off):
            found.append(day)
        day += _DAY
    return found
