"""Which dates are off in Morocco: the library's holidays, corrected by what an administrator has confirmed or moved.

The library is asked in a child process: here it would stay for ever.
"""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.calendar import DaysOff
from app.models.notifications import DayOff

_ASK = """import holidays, sys
for year in sys.argv[1:]:
    for day, name in holidays.country_holidays('MA', years=int(year), language='en_US').items(): print(day, name)"""
_PATIENCE = 30  # seconds
_DECADE = 10


def days_off(session: Session, years: Iterable[int]) -> DaysOff:
    """The dates off in these years; where the table knows a date, it wins over the estimate."""
    wanted = sorted(set(years))
    if not wanted:
        return frozenset()
    first, last = dt.date(wanted[0], 1, 1), dt.date(wanted[-1], 12, 31)
    known = sa.select(col(DayOff.on), col(DayOff.is_off)).where(col(DayOff.on).between(first, last))
    estimated = {day for year in wanted for day in feasts(year)}
    for on, is_off in session.execute(known).all():
        (estimated.add if is_off else estimated.discard)(on)
    return frozenset(estimated)


def around(session: Session, day: dt.date) -> DaysOff:
    """The dates off from the year before `day` to the year after: as far as reminders and working days reach."""
    return days_off(session, range(day.year - 1, day.year + 2))


def feasts(year: int) -> dict[dt.date, str]:
    """Fixed days, and the estimates of those that follow the moon, by the English names that the library gives them."""
    return {day: name for day, name in _decade(year // _DECADE).items() if day.year == year}


@lru_cache(maxsize=16)
def _decade(decade: int) -> dict[dt.date, str]:
    """Fifteen megabytes of library for a few hundred dates: a third of a second once, and the memory is given back."""
    years = [str(year) for year in range(decade * _DECADE, (decade + 1) * _DECADE)]
    command = [sys.executable, "-I", "-c", _ASK, *years]
    said = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=True)  # noqa: S603 - above
    lines = (line.partition(" ") for line in said.stdout.splitlines())
    return {dt.date.fromisoformat(day): name for day, _, name in lines}
