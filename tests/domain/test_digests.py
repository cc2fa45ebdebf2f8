"""Weekly digests: each week once, nothing missed and nothing told twice, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.digests import HOURS, Preference, Slot, Window, due, missed, period, slot, upcoming, window
from tests.fixtures.zones import AUCKLAND, NEW_YORK, RABAT

MONDAY_AT_EIGHT = Preference(RABAT)
W48 = Slot("2026-W48", datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 29, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 23), "2026-W48"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_period_is_an_iso_week(day: date, expected: str) -> None:
    assert period(day) == expected


def test_a_slot_opens_at_the_chosen_hour_and_closes_on_sunday_evening() -> None:
    assert slot("2026-W48", MONDAY_AT_EIGHT) == W48


def test_local_hours_follow_the_clock_changes_of_morocco() -> None:
    assert slot("2026-W07", MONDAY_AT_EIGHT).planned_at == datetime(2026, 2, 9, 7, tzinfo=UTC)
    # 15 February 2026, a Sunday: the clock goes back, and the week closes an hour later in UTC
    assert slot("2026-W07", MONDAY_AT_EIGHT).closes_at == datetime(2026, 2, 15, 20, tzinfo=UTC)
    assert slot("2026-W08", MONDAY_AT_EIGHT).planned_at == datetime(2026, 2, 16, 8, tzinfo=UTC)
    assert slot("2026-W38", MONDAY_AT_EIGHT).planned_at == datetime(2026, 9, 14, 7, tzinfo=UTC)
    assert slot("2026-W39", MONDAY_AT_EIGHT).planned_at == datetime(2026, 9, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "is_due"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), True),
        (datetime(2026, 11, 29, 19, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 29, 20, tzinfo=UTC), False),
    ],
)
def test_a_digest_may_be_made_from_its_hour_until_sunday_at_eight(instant: datetime, is_due: bool) -> None:
    assert due(instant, MONDAY_AT_EIGHT, "2026-W47") == (W48 if is_due else None)


def test_a_week_that_was_made_is_not_due_again() -> None:
    assert due(W48.planned_at, MONDAY_AT_EIGHT, "2026-W48") is None


def test_moving_the_day_within_a_week_makes_no_second_digest() -> None:
    friday = Preference(RABAT, weekday=4)
    assert due(datetime(2026, 11, 27, 9, tzinfo=UTC), friday, "2026-W48") is None


def test_weeks_missed_wholly_are_told_and_the_next_window_covers_them() -> None:
    back = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert [week.period for week in missed(back, MONDAY_AT_EIGHT, "2026-W45")] == ["2026-W46", "2026-W47"]
    last_end = slot("2026-W45", MONDAY_AT_EIGHT).planned_at
    assert window(W48, MONDAY_AT_EIGHT, last_end) == Window(last_end, W48.planned_at)


def test_a_week_that_is_still_open_is_not_missed() -> None:
    assert missed(W48.closes_at - timedelta(minutes=1), MONDAY_AT_EIGHT, "2026-W47") == []
    assert missed(W48.closes_at, MONDAY_AT_EIGHT, "2026-W47") == [W48]


def test_a_window_ends_at_the_planned_hour_however_late_it_is_made() -> None:
    assert window(W48, MONDAY_AT_EIGHT) == Window(datetime(2026, 11, 16, 8, tzinfo=UTC), W48.planned_at)


def test_switched_on_again_it_starts_at_the_switch() -> None:
    switched_at = datetime(2026, 11, 24, 15, tzinfo=UTC)
    again = Preference(RABAT, since_at=switched_at)
    assert due(datetime(2026, 11, 25, 9, tzinfo=UTC), again, "2026-W40") is None
    assert missed(datetime(2026, 11, 30, 7, tzinfo=UTC), again, "2026-W40") == []
    following = due(datetime(2026, 11, 30, 8, tzinfo=UTC), again, "2026-W40")
    assert following is not None
    assert window(following, again, datetime(2026, 9, 28, 7, tzinfo=UTC)).start_at == switched_at


def test_a_newcomer_who_was_never_reached_has_missed_the_weeks_since_the_switch() -> None:
    newcomer = Preference(RABAT, since_at=datetime(2026, 11, 11, tzinfo=UTC))
    assert [week.period for week in missed(W48.planned_at, newcomer, None)] == ["2026-W47"]
    assert missed(W48.planned_at, MONDAY_AT_EIGHT, None) == []


def test_a_window_never_runs_backwards_when_somebody_moves_round_the_world() -> None:
    ended_at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert window(W48, MONDAY_AT_EIGHT, ended_at) == Window(ended_at, ended_at)


def test_the_preview_names_the_next_digest() -> None:
    assert upcoming(datetime(2026, 11, 20, 9, tzinfo=UTC), MONDAY_AT_EIGHT, "2026-W47") == W48
    assert upcoming(W48.planned_at, MONDAY_AT_EIGHT, "2026-W47") == W48
    assert upcoming(W48.planned_at, MONDAY_AT_EIGHT, "2026-W48").period == "2026-W49"


def test_every_hour_of_every_day_leaves_a_slot_that_opens_before_it_closes() -> None:
    for weekday in range(7):
        for hour in HOURS:
            week = slot("2026-W08", Preference(RABAT, weekday, hour))
            assert week.planned_at < week.closes_at


@settings(max_examples=60, deadline=None)
@given(
    where=st.sampled_from([RABAT, AUCKLAND, NEW_YORK]),
    weekday=st.integers(0, 6),
    hour=st.sampled_from(HOURS),
    first_hour=st.integers(0, 270 * 24),
    steps=st.lists(st.integers(1, 20 * 24), min_size=1, max_size=60),
)
def test_passes_at_any_hours_neither_miss_nor_repeat_a_week_nor_a_moment(
    where: ZoneInfo, weekday: int, hour: int, first_hour: int, steps: list[int]
) -> None:
    """Across both Moroccan changes of 2026 and those of two other countries, with outages of up to twenty days."""
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=first_hour)
    preference = Preference(where, weekday, hour, since_at=start)
    last: str | None = None
    told: list[str] = []
    windows: list[Window] = []
    now = start
    for step in steps:
        now += timedelta(hours=step)
        for week in missed(now, preference, last):
            told.append(last := week.period)
        if week_due := due(now, preference, last):
            told.append(last := week_due.period)
            windows.append(window(week_due, preference, windows[-1].end_at if windows else None))
    assert [period(date.fromisoformat(f"{a}-1") + timedelta(days=7)) for a in told[:-1]] == told[1:]
    assert all(a.end_at == b.start_at for a, b in pairwise(windows))
    assert all(a.start_at <= a.end_at for a in windows)
    assert not windows or windows[0].start_at == start


def test_the_repeated_night_holds_one_digest_hour_only() -> None:
    # at 03:00 on 15 February 2026 Moroccan clocks go back to 02:00; a digest of that Sunday is planned once
    sunday = Preference(RABAT, weekday=6, hour=6)
    made: list[str] = []
    at = datetime(2026, 2, 14, tzinfo=UTC)
    while at < datetime(2026, 2, 16, tzinfo=UTC):
        if found := due(at, sunday, made[-1] if made else None):
            made.append(found.period)
            assert at.astimezone(RABAT).time() >= time(6)
        at += timedelta(minutes=30)
    assert made == ["2026-W07"]
