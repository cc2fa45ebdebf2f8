"""Which ISO week's digest is due for a person, and the window it tells of; contents and sending live elsewhere."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOURS = range(6, 20)
CLOSES_AT = time(20)  # on Sunday

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Preference:
    """When a person wants the digest; `since_at`: the instant at which it was (last) switched on."""

    zone: ZoneInfo
    weekday: int = 0  # 0 = Monday
    hour: int = 8
    since_at: datetime | None = None


@dataclass(frozen=True)
class Slot:
    """One week's digest: it may be made from `planned_at` until just before `closes_at`."""

    period: str
    planned_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Window:
    """What happened from `start_at` on and before `end_at`."""

    start_at: datetime
    end_at: datetime


def period(day: date) -> str:
    """The ISO week of a day: "2026-W48"."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def slot(week: str, preference: Preference) -> Slot:
    """The slot of a week under these preferences, as UTC instants."""
    return _slot(week, preference.weekday, preference.hour, preference.zone)


@lru_cache(maxsize=1 << 10)
def _slot(week: str, weekday: int, hour: int, zone: ZoneInfo) -> Slot:
    """Thousands of readers share a few of them."""
    monday = date.fromisoformat(f"{week}-1")
    planned_at = _utc(monday + timedelta(days=weekday), time(hour), zone)
    return Slot(week, planned_at, _utc(monday + timedelta(days=6), CLOSES_AT, zone))


def due(instant: datetime, preference: Preference, last_period: str | None = None) -> Slot | None:
    """The slot open at `instant`, unless `last_period`, the last one made, skipped or missed, has reached it."""
    week = slot(period(_local_day(instant, preference)), preference)
    is_new = last_period is None or week.period > last_period
    is_open = week.planned_at <= instant < week.closes_at
    return week if is_new and is_open and _is_on(week, preference) else None


def missed(instant: datetime, preference: Preference, last_period: str | None) -> list[Slot]:
    """The slots after `last_period` that have closed unmade: to be recorded, and covered by the next window."""
    start = _first_monday(preference, last_period)
    if start is None:
        return []
    weeks = range(((_local_day(instant, preference) - start).days // _WEEK.days) + 1)
    slots = (slot(period(start + week * _WEEK), preference) for week in weeks)
    return [week for week in slots if week.closes_at <= instant and _is_on(week, preference)]


def upcoming(instant: datetime, preference: Preference, last_period: str | None = None) -> Slot:
    """The next slot that will be made, the one now due included: for the preview."""
    if open_now := due(instant, preference, last_period):
        return open_now
    day = _local_day(instant, preference)
    while True:
        week = slot(period(day), preference)
        if week.planned_at > instant and _is_on(week, preference) and week.period > (last_period or ""):
            return week
        day += _WEEK


def window(week: Slot, preference: Preference, last_end: datetime | None = None) -> Window:
    """From where the last window ended, or the switch, or a week before, to the planned hour; never backwards."""
    known = [at for at in (last_end, preference.since_at) if at is not None]
    start_at = max(known) if known else _a_week_before(week, preference)
    return Window(start_at, max(start_at, week.planned_at))


def _is_on(week: Slot, preference: Preference) -> bool:
    return preference.since_at is None or week.planned_at >= preference.since_at


def _first_monday(preference: Preference, last_period: str | None) -> date | None:
    if last_period is not None:
        return date.fromisoformat(f"{last_period}-1") + _WEEK
    if preference.since_at is None:
        return None
    day = _local_day(preference.since_at, preference)
    return day - timedelta(days=day.weekday())


def _a_week_before(week: Slot, preference: Preference) -> datetime:
    monday = date.fromisoformat(f"{week.period}-1") - _WEEK
    return slot(period(monday), preference).planned_at


def _local_day(instant: datetime, preference: Preference) -> date:
    return instant.astimezone(preference.zone).date()


def _utc(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
