"""An action against its deadline, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.schedule import STALE_DAYS, Judgement, Schedule, fresh_from, is_overdue, is_stale, judge, silence_days
from app.domain.workflow import AWAITED, OPEN, State

DUE = date(2027, 3, 31)
RUNNING = sorted(OPEN - {State.SUBMITTED})
CLOSED = [State.CANCELLED, State.SUPERSEDED, State.NOT_APPLICABLE]
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def look(state: State, today: date, *, due_on: date | None = DUE, submitted_on: date | None = None) -> Judgement:
    return judge(state, baseline_on=DUE, due_on=due_on, submitted_on=submitted_on, today=today)


@pytest.mark.parametrize(
    ("days_left", "expected", "late"),
    [
        (400, Schedule.ON_TRACK, 0),
        (15, Schedule.ON_TRACK, 0),
        (14, Schedule.DUE_SOON, 0),
        (1, Schedule.DUE_SOON, 0),
        (0, Schedule.DUE_TODAY, 0),
        (-1, Schedule.OVERDUE, 1),
        (-45, Schedule.OVERDUE, 45),
    ],
)
@pytest.mark.parametrize("state", RUNNING)
def test_an_open_action_is_judged_today(state: State, days_left: int, expected: Schedule, late: int) -> None:
    assert look(state, DUE - timedelta(days=days_left)) == Judgement(expected, late, False)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VERIFIED])
def test_a_submitted_action_stays_in_time_however_slow_the_verifier_is(state: State) -> None:
    judged = look(state, DUE + timedelta(days=90), submitted_on=DUE)
    assert judged == Judgement(Schedule.DONE_ON_TIME, 0, False)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VERIFIED])
def test_what_was_submitted_late_stays_as_late_as_it_was(state: State) -> None:
    judged = look(state, DUE + timedelta(days=90), submitted_on=DUE + timedelta(days=5))
    assert judged == Judgement(Schedule.DONE_LATE, 5, False)


@pytest.mark.parametrize("state", RUNNING)
def test_a_returned_action_is_judged_as_if_never_submitted(state: State) -> None:
    judged = look(state, DUE + timedelta(days=20), submitted_on=DUE - timedelta(days=3))
    assert judged == Judgement(Schedule.OVERDUE, 20, False)


@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_action_is_never_late(state: State) -> None:
    assert look(state, DUE + timedelta(days=900)) == Judgement(Schedule.CLOSED, 0, False)


@pytest.mark.parametrize("state", sorted(set(State) - set(CLOSED)))
def test_without_a_date_there_is_nothing_to_judge(state: State) -> None:
    assert look(state, DUE, due_on=None, submitted_on=DUE).schedule is Schedule.NO_DATE


def test_a_draft_owes_nothing_yet() -> None:
    assert look(State.DRAFT, DUE + timedelta(days=3)) == Judgement(Schedule.NO_DATE, 0, False)


@pytest.mark.parametrize(("moved", "slipped"), [(-5, False), (0, False), (1, True)])
def test_an_action_has_slipped_when_its_deadline_lies_after_its_baseline(moved: int, slipped: bool) -> None:
    assert look(State.IN_PROGRESS, DUE, due_on=DUE + timedelta(days=moved)).slipped is slipped


def test_an_extension_ends_the_lateness_but_not_the_slip() -> None:
    judged = look(State.IN_PROGRESS, DUE + timedelta(days=10), due_on=DUE + timedelta(days=40))
    assert judged == Judgement(Schedule.ON_TRACK, 0, True)


def test_the_leap_day_is_a_day() -> None:
    judged = judge(
        State.IN_PROGRESS, baseline_on=None, due_on=date(2028, 2, 28), submitted_on=None, today=date(2028, 3, 1)
    )
    assert judged.days_late == 2


def test_lateness_runs_over_the_end_of_the_year() -> None:
    judged = judge(
        State.BLOCKED, baseline_on=None, due_on=date(2026, 12, 31), submitted_on=None, today=date(2027, 1, 1)
    )
    assert judged == Judgement(Schedule.OVERDUE, 1, False)


@given(st.sampled_from(State), st.none() | days, st.none() | days, st.none() | days, days)
def test_every_action_has_one_verdict_and_days_late_only_when_late(
    state: State, baseline_on: date | None, due_on: date | None, submitted_on: date | None, today: date
) -> None:
    judged = judge(state, baseline_on=baseline_on, due_on=due_on, submitted_on=submitted_on, today=today)
    assert (judged.days_late > 0) == (judged.schedule in (Schedule.OVERDUE, Schedule.DONE_LATE))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("days_left", [-1, 0, 1, None])
def test_overdue_means_the_same_to_lists_and_letters_as_to_the_judgement(state: State, days_left: int | None) -> None:
    due_on = None if days_left is None else DUE + timedelta(days=days_left)
    judged = look(state, DUE, due_on=due_on).schedule
    assert is_overdue(state, due_on, DUE) is (judged is Schedule.OVERDUE)


def test_what_was_given_back_is_overdue_although_nobody_is_asked_for_it() -> None:
    assert is_overdue(State.DECLINED, DUE, DUE + timedelta(days=1))
    assert State.DECLINED not in AWAITED


@given(st.none() | days, st.none() | days, days)
def test_stale_is_what_has_been_silent_for_thirty_days_however_it_is_asked(
    word_on: date | None, assigned_on: date | None, today: date
) -> None:
    silent = silence_days(word_on, assigned_on, today)
    assert is_stale(word_on, assigned_on, today) is (silent is not None and silent >= STALE_DAYS)
    heard_on = word_on or assigned_on
    assert heard_on is None or (heard_on < fresh_from(today)) is is_stale(word_on, assigned_on, today)


@pytest.mark.parametrize(("days_ago", "stale"), [(0, False), (29, False), (30, True), (300, True)])
def test_thirty_days_without_a_word_are_stale(days_ago: int, stale: bool) -> None:
    today = date(2027, 1, 15)
    said_on = today - timedelta(days=days_ago)
    assert is_stale(said_on, date(2026, 1, 1), today) is stale
    assert is_stale(None, said_on, today) is stale
    assert silence_days(said_on, date(2026, 1, 1), today) == days_ago


def test_what_was_never_assigned_is_not_silent() -> None:
    assert silence_days(None, None, DUE) is None
    assert not is_stale(None, None, DUE)
