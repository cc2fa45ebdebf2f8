"""Working days and the moving of steps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import (
    add_working_days,
    deferred,
    is_working,
    next_working,
    previous_working,
)

# Monday 11 January 2027 (the Manifesto of Independence) and Thursday the 14th (the Amazigh new year)
OFF = frozenset({date(2027, 1, 11), date(2027, 1, 14)})
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
days_off = st.frozensets(st.dates(date(2026, 1, 1), date(2031, 12, 31)), max_size=40)


def test_weekends_and_days_off_are_not_worked() -> None:
    week = [date(2027, 1, 11) + timedelta(days=n) for n in range(7)]
    assert [is_working(day, OFF) for day in week] == [False, True, True, False, True, False, False]


def test_a_working_day_is_its_own_next_and_previous() -> None:
    assert next_working(date(2027, 1, 12), OFF) == previous_working(date(2027, 1, 12), OFF) == date(2027, 1, 12)


def test_a_long_weekend_is_stepped_over_in_both_directions() -> None:
    assert next_working(date(2027, 1, 9), OFF) == date(2027, 1, 12)
    assert previous_working(date(2027, 1, 11), OFF) == date(2027, 1, 8)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2027, 1, 8), 1, date(2027, 1, 12)),
        (date(2027, 1, 8), 5, date(2027, 1, 19)),
        (date(2027, 1, 10), 0, date(2027, 1, 10)),
        (date(2027, 1, 12), -1, date(2027, 1, 8)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, count: int, expected: date) -> None:
    assert add_working_days(start, count, OFF) == expected


@given(days, st.integers(1, 60), days_off)
def test_adding_counts_each_working_day_and_goes_back_too(start: date, count: int, off: frozenset[date]) -> None:
    end = add_working_days(start, count, off)
    assert is_working(end, off)
    assert sum(is_working(start + timedelta(days=n), off) for n in range(1, (end - start).days + 1)) == count
    assert add_working_days(start, -count, off) < start


def test_a_step_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert deferred(date(2027, 1, 9), OFF, date(2027, 1, 20)) == date(2027, 1, 12)


def test_a_step_is_never_moved_past_the_deadline() -> None:
    assert deferred(date(2027, 1, 10), OFF, date(2027, 1, 11)) == date(2027, 1, 8)


def test_after_the_deadline_a_step_only_moves_forward() -> None:
    assert deferred(date(2027, 1, 10), OFF) == date(2027, 1, 12)


@given(days, st.integers(0, 40), days_off)
def test_a_moved_step_is_a_working_day_not_after_the_deadline(day: date, margin: int, off: frozenset[date]) -> None:
    deadline = day + timedelta(days=margin)
    moved = deferred(day, off, deadline)
    assert is_working(moved, off)
    assert moved <= deadline


@given(days, st.integers(0, 20), st.integers(0, 20), days_off)
def test_moving_keeps_the_order_of_steps(day: date, gap: int, margin: int, off: frozenset[date]) -> None:
    later, deadline = day + timedelta(days=gap), day + timedelta(days=gap + margin)
    assert deferred(day, off, deadline) <= deferred(later, off, deadline)
