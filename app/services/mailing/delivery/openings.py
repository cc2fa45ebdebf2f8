"""When a message in the queue may leave: within its reader's hours, and what reminds of work on a working day."""

import datetime as dt
import logging
import subprocess
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.calendar import MORNING, DaysOff, next_opening, opening_of_work
from app.queries.mailing.directory import zone_of
from app.queries.scope import calendar
from app.services.mailing import letters

log = logging.getLogger("tatbiq.delivery")


def of(session: Session, now: dt.datetime) -> Callable[[letters.MessageKind[Any], Any], dt.datetime]:
    """For the messages looked at together, by kind and row: not after `now` where it may leave at once."""

    @lru_cache(maxsize=1)
    def days_off() -> DaysOff:
        return _days_off(session, now)

    def opening(kind: letters.MessageKind[Any], row: Any) -> dt.datetime:
        if kind.is_secret:
            return now
        zone = zone_of(row.timezone or settings().timezone)
        if not kind.is_of_work:
            return next_opening(now, zone)
        return opening_of_work(now, zone, MORNING if row.reminder_hour is None else row.reminder_hour, days_off())

    return opening


def _days_off(session: Session, now: dt.datetime) -> DaysOff:
    """A library that can't be asked must not hold up sign-in mail: then only the weekend is off."""
    try:
        return calendar.around(session, clock.day(now, settings().zone))
    except (OSError, subprocess.SubprocessError):
        log.exception("the days off could not be asked for")
        return frozenset()
