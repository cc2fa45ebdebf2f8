"""Periods of a calendar, which of them is owed, and how many passed in silence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ladder, periods
from app.domain.calendar import is_working
from app.domain.ladder import Audience, Kind, Subject
from app.domain.periods import Period, Rhythm
from app.domain.workflow import IN_HAND, State

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
rhythms = st.sampled_from(Rhythm)
gaps = st.none() | st.integers(0, 1500)
DAY = timedelta(days=1)


@given(days, rhythms)
def test_each_day_lies_in_one_period_and_periods_follow_without_gap_or_overlap(day: date, rhythm: Rhythm) -> None:
    here = periods.around(day, rhythm)
    then, before = periods.following(here, rhythm), periods.preceding(here, rhythm)

    assert here.start <= day <= here.end
    assert then.start == here.end + DAY
    assert before.end == here.start - DAY
    assert here.start.day == 1
    months = (then.start.year - here.start.year) * 12 + then.start.month - here.start.month
    assert (months, 12 % months, (here.start.month - 1) % months) == (rhythm.months, 0, 0)


@given(days, rhythms)
def test_the_first_period_never_begins_in_the_past_and_is_the_first_that_does_not(day: date, rhythm: Rhythm) -> None:
    first = periods.first_from(day, rhythm)

    assert first.start >= day
    assert periods.preceding(first, rhythm).start < day


@given(days, rhythms, gaps)
def test_what_is_owed_is_the_first_period_since_asked_that_has_no_word(since: date, rhythm: Rhythm, gap: int) -> None:
    """Told a second time, by looking at one period after the other."""
    heard = None if gap is None else since + timedelta(days=gap - 400)
    one = periods.first_from(since, rhythm)
    while heard is not None and heard >= one.start:
        one = periods.following(one, rhythm)

    assert periods.owed(rhythm, since, heard).period == one


@given(days, rhythms, gaps, st.integers(0, 1500))
def test_silence_counts_the_whole_periods_that_ended_without_word(
    since: date, rhythm: Rhythm, gap: int, later: int
) -> None:
    heard = None if gap is None else since + timedelta(days=gap)
    today = max(since, heard or since) + timedelta(days=later)
    owed = periods.owed(rhythm, since, heard)
    count, one = 0, owed.period
    while one.end < today:
        count, one = count + 1, periods.following(one, rhythm)

    assert owed.missed(today) == count


@given(days, rhythms)
def test_the_last_askable_period_has_ended_by_the_day_and_none_after_it_has(day: date, rhythm: Rhythm) -> None:
    last = periods.last_askable(day, rhythm)

    assert last.end <= day < periods.following(last, rhythm).end


@pytest.mark.parametrize(
    ("rhythm", "day", "whole"),
    [
        (Rhythm.MONTH, date(2028, 2, 29), Period(date(2028, 2, 1), date(2028, 2, 29))),
        (Rhythm.MONTH, date(2026, 12, 31), Period(date(2026, 12, 1), date(2026, 12, 31))),
        (Rhythm.QUARTER, date(2026, 11, 27), Period(date(2026, 10, 1), date(2026, 12, 31))),
        (Rhythm.HALF_YEAR, date(2026, 6, 30), Period(date(2026, 1, 1), date(2026, 6, 30))),
        (Rhythm.YEAR, date(2027, 1, 1), Period(date(2027, 1, 1), date(2027, 12, 31))),
    ],
)
def test_months_quarters_halves_and_years_are_those_of_the_calendar(rhythm: Rhythm, day: date, whole: Period) -> None:
    assert periods.around(day, rhythm) == whole


def test_late_word_answers_the_period_it_came_in_and_those_before() -> None:
    since = date(2026, 10, 1)

    assert periods.owed(Rhythm.MONTH, since, None).due_on == date(2026, 10, 31)
    assert periods.owed(Rhythm.MONTH, since, date(2026, 12, 3)).due_on == date(2027, 1, 31)


def _subject(end: date, state: State = State.IN_PROGRESS) -> Subject:
    return Subject(state, kind=Kind.WORD, assigned_on=date(1990, 1, 1), due_on=end, deadline_version=end.toordinal())


@given(days, rhythms, st.frozensets(st.dates(date(2000, 1, 1), date(2101, 12, 31)), max_size=8))
def test_word_is_asked_for_on_working_days_within_the_period_and_every_week_after_it(
    day: date, rhythm: Rhythm, off: frozenset[date]
) -> None:
    period = periods.around(day, rhythm)
    steps = ladder.plan(_subject(period.end), today=period.end, off=off, horizon=40)
    mine = [step for step in steps if step.audience is Audience.HOLDER]

    assert [step.rung for step in mine[:2]] == ["before_7", "day_0"]
    assert all(step.on <= period.end for step in mine[:2])
    assert all(step.on > period.end for step in mine[2:])
    assert mine[0].on >= period.start
    assert all(is_working(step.on, off) for step in steps)
    assert all(step.key.startswith("word.") for step in steps)


def test_silence_about_a_period_climbs_to_the_manager_once() -> None:
    steps = ladder.plan(_subject(date(2026, 11, 30)), today=date(2027, 3, 1), off=frozenset(), horizon=0)

    assert [(step.key, step.on) for step in steps if step.audience is Audience.MANAGER] == [
        ("word.manager_14", date(2026, 12, 14))
    ]


@pytest.mark.parametrize("state", State)
def test_only_what_is_in_hand_is_asked_about(state: State) -> None:
    steps = ladder.plan(_subject(date(2026, 11, 30), state), today=date(2026, 12, 31), off=frozenset(), horizon=0)

    assert bool(steps) is (state in IN_HAND)
