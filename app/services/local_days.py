"""The day of an instant in a zone, as the databases compute it: by our tables of zones, theirs are others or none."""

import datetime as dt
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app import clock

_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2050, 1, 1)  # what is recorded lies between
_Moves = tuple[tuple[dt.datetime, int], ...]


def day(dialect: str, moment: Any, zone: dt.tzinfo) -> Any:
    """What `clock.day` says of the instants of a column; every connection of ours speaks UTC."""
    ahead = _ahead(dialect, moment, moves(zone))
    if dialect == "postgresql":
        return sa.func.date(moment + ahead, type_=sa.Date())
    return sa.func.date(moment, ahead, type_=sa.Date())


@lru_cache(maxsize=16)
def moves(zone: dt.tzinfo) -> _Moves:
    """Since when the zone is how many seconds ahead of UTC."""
    found = [(clock.start(_FIRST, dt.UTC), 0)]
    for number in range((_LAST - _FIRST).days):
        before = clock.start(_FIRST + dt.timedelta(days=number), dt.UTC)
        if not number or seconds(before + dt.timedelta(days=1), zone) != found[-1][1]:
            found.append(_moved(before, zone) if number else (before, seconds(before, zone)))
    return tuple(found[1:])


def seconds(moment: dt.datetime, zone: dt.tzinfo) -> int:
    """How far ahead of UTC the clocks there are at an instant."""
    ahead = moment.astimezone(zone).utcoffset() or dt.timedelta()
    return int(ahead.total_seconds())


def _moved(since: dt.datetime, zone: dt.tzinfo) -> tuple[dt.datetime, int]:
    """The second of this day at which the clocks are set, and where to."""
    low, high = 0, 24 * 60 * 60
    before, after = seconds(since, zone), seconds(since + dt.timedelta(seconds=high), zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if seconds(since + dt.timedelta(seconds=middle), zone) == before else (low, middle)
    return since + dt.timedelta(seconds=high), after


def _ahead(dialect: str, moment: Any, known: _Moves) -> Any:
    """The offset that holds at the instant, found by halves; written out: a bound value cannot be grouped by."""
    if len(known) == 1:
        ahead = f"'{known[0][1]} seconds'"
        return sa.literal_column(f"interval {ahead}" if dialect == "postgresql" else ahead)
    half = len(known) // 2
    since = sa.literal_column(f"'{known[half][0]:%Y-%m-%d %H:%M:%S.%f}'")
    earlier, later = (_ahead(dialect, moment, part) for part in (known[:half], known[half:]))
    return sa.case((moment < since, earlier), else_=later)
