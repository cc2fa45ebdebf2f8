"""Whose morning begins when: the hour that somebody chose, in their zone, on a working day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.calendar import (
    CLOSES,
    MORNING,
    OPENS,
    REMINDER_HOURS,
    begun_on,
    is_working,
    morning,
    next_morning,
    opening_of_work,
)
from app.domain.zones import ZONES
from tests.fixtures.zones import RABAT

MONDAY = date(2026, 11, 23)
REPEATED, CHANGED, LEAP = date(2026, 2, 15), date(2026, 9, 20), date(2028, 2, 29)
zones = st.sampled_from(sorted(ZONES)).map(ZoneInfo)
hours = st.sampled_from(REMINDER_HOURS)
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
off = st.frozensets(days, max_size=40)
NEVER_OFF: frozenset[date] = frozenset()


@given(days, zones, hours)
@example(REPEATED, RABAT, 8)
@example(CHANGED, RABAT, 19)
@example(LEAP, RABAT, 12)
def test_the_hour_that_was_chosen_is_that_hour_on_the_wall(day: date, zone: ZoneInfo, hour: int) -> None:
    wall = morning(day, zone, hour).astimezone(zone)

    assert (wall.date(), wall.time()) == (day, time(hour))


def test_eight_in_rabat_is_seven_in_utc_until_the_clock_changes_for_good() -> None:
    assert morning(REPEATED - timedelta(days=1), RABAT) == datetime(2026, 2, 14, 7, tzinfo=UTC)
    assert morning(REPEATED, RABAT) == datetime(2026, 2, 15, 8, tzinfo=UTC)
    assert morning(CHANGED - timedelta(days=1), RABAT) == datetime(2026, 9, 19, 7, tzinfo=UTC)
    assert morning(CHANGED, RABAT) == datetime(2026, 9, 20, 8, tzinfo=UTC)


def test_every_hour_that_is_offered_lies_where_mail_may_leave() -> None:
    assert all(OPENS <= time(hour) < CLOSES for hour in REMINDER_HOURS)
    assert (min(REMINDER_HOURS), max(REMINDER_HOURS)) == (MORNING, 19) == (8, 19)


@pytest.mark.parametrize(
    ("wall", "hour", "is_begun"),
    [
        ("07:59", 8, False),
        ("08:00", 8, True),
        ("16:59", 17, False),
        ("17:00", 17, True),
        ("19:59", 19, True),
        ("20:00", 8, False),
    ],
)
def test_reminders_are_planned_from_ones_hour_until_eight_in_the_evening(wall: str, hour: int, is_begun: bool) -> None:
    instant = datetime.combine(MONDAY, time.fromisoformat(wall), RABAT)

    assert begun_on(instant, RABAT, hour) == (MONDAY if is_begun else None)


@given(instants, zones, hours, off)
def test_no_morning_begins_on_a_day_off(instant: datetime, zone: ZoneInfo, hour: int, off: frozenset[date]) -> None:
    day = begun_on(instant, zone, hour, off)

    assert day is None or (is_working(day, off) and day == instant.astimezone(zone).date())


@pytest.mark.parametrize(("wall", "days"), [("07:59", 0), ("08:00", 1), ("08:01", 1)])
def test_at_ones_hour_itself_the_next_morning_is_the_day_after(wall: str, days: int) -> None:
    instant = datetime.combine(MONDAY, time.fromisoformat(wall), RABAT)

    assert next_morning(instant, RABAT, 8, NEVER_OFF) == MONDAY + timedelta(days=days)


@given(instants, zones, hours, off)
def test_between_a_moment_and_the_next_morning_none_begins(
    instant: datetime, zone: ZoneInfo, hour: int, off: frozenset[date]
) -> None:
    day = next_morning(instant, zone, hour, off)

    assert begun_on(morning(day, zone, hour), zone, hour, off) == day
    assert morning(day, zone, hour) > instant
    today, between = instant.astimezone(zone).date(), day - timedelta(days=1)
    while between > today:
        assert not is_working(between, off)
        between -= timedelta(days=1)


@given(instants, zones, hours, off)
def test_what_reminds_of_work_leaves_on_a_working_day_within_its_hours(
    instant: datetime, zone: ZoneInfo, hour: int, off: frozenset[date]
) -> None:
    leaves = opening_of_work(instant, zone, hour, off)
    wall = leaves.astimezone(zone)

    assert leaves >= instant
    assert is_working(wall.date(), off)
    assert OPENS <= wall.time() < CLOSES
    assert opening_of_work(leaves, zone, hour, off) == leaves, "and then at once"


def test_on_a_working_day_what_is_late_leaves_when_mail_may_and_after_a_day_off_at_ones_hour() -> None:
    late = datetime(2026, 11, 23, 5, tzinfo=UTC)

    assert opening_of_work(late, RABAT, 17, NEVER_OFF) == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert opening_of_work(late, RABAT, 17, frozenset({MONDAY})) == datetime(2026, 11, 24, 17, tzinfo=UTC)
