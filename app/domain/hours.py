"""The hours of the day in which mail may leave, in the recipient's zone; digests and ladders choose the days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS = time(7, 30)
CLOSES = time(20)
MORNING = time(8)


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


def morning(day: date, zone: ZoneInfo) -> datetime:
    """08:00 local of a day, as UTC: when its reminders are due."""
    return _utc(day, MORNING, zone)


def _utc(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
