"""Which dates are off in Morocco: the library's holidays, corrected by what an administrator has confirmed or moved."""

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.calendar import DaysOff
from app.files import feasts
from app.models.notifications import DayOff


def days_off(session: Session, years: Iterable[int]) -> DaysOff:
    """The dates off in these years; where the table knows a date, it wins over the estimate."""
    wanted = sorted(set(years))
    if not wanted:
        return frozenset()
    first, last = dt.date(wanted[0], 1, 1), dt.date(wanted[-1], 12, 31)
    known = sa.select(col(DayOff.on), col(DayOff.is_off)).where(col(DayOff.on).between(first, last))
    estimated = {day for year in wanted for day in feasts.of_year(year)}
    for on, is_off in session.execute(known).all():
        (estimated.add if is_off else estimated.discard)(on)
    return frozenset(estimated)


def around(session: Session, day: dt.date) -> DaysOff:
    """The dates off from the year before `day` to the year after: as far as reminders and working days reach."""
    return days_off(session, range(day.year - 1, day.year + 2))
