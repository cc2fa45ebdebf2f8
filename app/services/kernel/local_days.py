"""The day of an instant in a zone, as the databases compute it: by our tables of zones, theirs are others or none."""

import datetime as dt
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app import clock

_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2050, 1, 1)  # what is recorded lies between
_A_DAY = dt.timedelta(days=1)
_Moves = tuple[tuple[dt.datetime, int], ...]


def day(dialect: str, moment: Any, zone: dt.tzinfo) -> Any:
    """What `clock.day` says of the instants of a column; every connection of ours speaks UTC."""
    ahead = _ahead(dialect, moment, moves(zone))
    if dialect == "postgresql":
        return sa.func.date(moment + ahead, type_=sa.Date())
    whole = sa.func.substr(moment, 1, len("2026-11-26 08:00:00"))  # SQLite would round the last moment of a day up
    return sa.func.date(whole, ahead, type_=sa.Date())


@lru_cache(maxsize=16)
def moves(zone: dt.tzinfo) -> _Moves:
    """Since when the zone is how many seconds ahead of UTC."""
    morning, last = clock.start(_FIRST, dt.UTC), clock.start(_LAST, dt.UTC)
    found = [(morning, seconds(morning, zone))]
    while morning < last:
        if seconds(morning + _A_DAY, zone) != found[-1][1]:
            found.append(_moved(morning, zone))
        morning += _A_DAY
    return tuple(found)


def seconds(moment: dt.datetime, zone: dt.tzinfo) -> int:
    """How far ahead of UTC the clocks there are at an instant."""
    ahead = moment.astimezone(zone).utcoffset() or dt.timedelta()
    return int(ahead.total_seconds())


def _moved(since: dt.datetime, zone: dt.tzinfo) -> tuple[dt.datetime, int]:
    """The second of this day at which the clocks are set, and where to."""
    low, high = 0, int(_A_DAY.total_seconds())
    before, after = seconds(since, zone), seconds(since + _A_DAY, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if seconds(since + dt.timedelta(seconds=middle), zone) == before else (low, middle)
    return since + dt.timedelta(seconds=high), after


def _ahead(dialect: str, moment: Any, known: _Moves) -> Any:
    """The offset that holds at the instant, found by halves; written out, as hundreds of values to bind are not."""
    if len(known) == 1:
        ahead = f"'{known[0][1]} seconds'"
        return sa.literal_column(f"interval {ahead}" if dialect == "postgresql" else ahead)
    half = len(known) // 2
    since: Any = sa.literal_column(f"'{known[half][0]:%Y-%m-%d %H:%M:%S.%f}'")
    earlier, later = _ahead(dialect, moment, known[:half]), _ahead(dialect, moment, known[half:])
    return sa.case((moment < since, earlier), else_=later)
