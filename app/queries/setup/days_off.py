"""The days off of a year as an administrator sees them, and those of which something may be decided now."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.holidays import DecidedDay, Holiday, listed
from app.models.notifications import DayOff
from app.queries.scope import calendar

YEARS = 2  # this one and the next


def of_year(session: Session, year: int) -> list[Holiday]:
    """By date, those struck and moved away among them."""
    own = col(DayOff.on).between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    rows = session.execute(sa.select(*(col(getattr(DayOff, name)) for name in DecidedDay.__slots__)).where(own))
    return listed(calendar.feasts(year).items(), [DecidedDay(*row) for row in rows])


def get(session: Session, on: dt.date) -> Holiday | None:
    """What the list says of a date, if anything."""
    return next((one for one in of_year(session, on.year) if one.on == on), None)


def years(today: dt.date) -> range:
    return range(today.year, today.year + YEARS)
