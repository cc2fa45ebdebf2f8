"""Working days, the hours of a day in which mail may leave, and the hour at which somebody wants their reminders.

Monday to Friday less the days off that are handed in: which days are holidays is not known here.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5
OPENS = time(7, 30)
CLOSES = time(20)
MORNING = 8
REMINDER_HOURS = range(MORNING, CLOSES.hour)  # somebody may choose: nothing leaves before half past seven

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


def may_send(is_sign_in: bool, instant: datetime, zone: ZoneInfo) -> bool:
    """Sign-in mail at any hour, everything else from 07:30 until just before 20:00 local."""
    return is_sign_in or OPENS <= instant.astimezone(zone).time() < CLOSES


def next_opening(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant itself when mail may leave, else the next 07:30 local, as UTC."""
    if may_send(False, instant, zone):
        return instant.astimezone(UTC)
    local = instant.astimezone(zone)
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return _utc(day, OPENS, zone)


def morning(day: date, zone: ZoneInfo, hour: int = MORNING) -> datetime:
    """When the reminders of a day are due to somebody, as UTC: at the local hour that they chose."""
    return _utc(day, time(hour), zone)


def begun_on(instant: datetime, zone: ZoneInfo, hour: int, off: DaysOff = frozenset()) -> date | None:
    """The working day whose reminders may be planned now: from somebody's hour until 20:00 of their day."""
    local = instant.astimezone(zone)
    is_open = time(hour) <= local.time() < CLOSES and is_working(local.date(), off)
    return local.date() if is_open else None


def next_morning(instant: datetime, zone: ZoneInfo, hour: int, off: DaysOff) -> date:
    """The first working day on which somebody's hour is still to come."""
    local = instant.astimezone(zone)
    return next_working(local.date() + _DAY * (local.time() >= time(hour)), off)


def opening_of_work(instant: datetime, zone: ZoneInfo, hour: int, off: DaysOff) -> datetime:
    """When what reminds of work may leave: as any mail, but on a day off at somebody's hour of the next working day."""
    opening = next_opening(instant, zone)
    day = opening.astimezone(zone).date()
    return opening if is_working(day, off) else morning(next_working(day, off), zone, hour)


def _utc(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
