"""Which step is due for whom: the rules of reminders and escalations, on real calendars."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import add_working_days, is_working
from app.domain.ladder import LADDER, Audience, Kind, Step, Subject, announce, next_on, plan, rank
from app.domain.workflow import TERMINAL, State

NO_DAYS_OFF: frozenset[date] = frozenset()
DUE = date(2027, 3, 31)  # a Wednesday
ASSIGNED = date(2027, 1, 4)  # a Monday
KARIM = Subject(State.IN_PROGRESS, assigned_on=ASSIGNED, due_on=DUE)
HELD = sorted({State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED})

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
days_off = st.frozensets(st.dates(date(2025, 10, 1), date(2029, 3, 31)), max_size=30)


def all_steps(subject: Subject, off: frozenset[date] = NO_DAYS_OFF, horizon: int = 400) -> list[Step]:
    return plan(subject, today=subject.assigned_on or ASSIGNED, off=off, horizon=horizon)


def told(subject: Subject, audience: Audience, horizon: int = 400) -> dict[str, date]:
    return {step.key: step.on for step in all_steps(subject, horizon=horizon) if step.audience is audience}


class Due(NamedTuple):
    """What goes out, at most one step for each audience, and what it makes superfluous."""

    go: list[Step]
    superseded: list[Step]


def due(subject: Subject, today: date, off: frozenset[date], *, recorded: frozenset[str] = frozenset()) -> Due:
    """What a pass makes of the ladder, said for audiences: who of them is one person, only the tables know."""
    steps = plan(subject, today=today, off=off, horizon=0)
    highest = [
        max(same, key=lambda step: rank(step, step.audience))
        for audience in Audience
        if (same := [step for step in steps if step.audience is audience])
    ]
    new = [step for step in steps if step.key not in recorded]
    return Due([step for step in highest if step in new], [step for step in new if step not in highest])


def keys(steps: list[Step]) -> list[str]:
    return [step.key for step in steps]


@pytest.mark.parametrize("state", HELD)
def test_the_holder_hears_before_on_and_after_the_deadline(state: State) -> None:
    assert told(replace(KARIM, state=state), Audience.HOLDER, horizon=105) == {
        "before_30": date(2027, 3, 1),
        "before_14": date(2027, 3, 17),
        "before_7": date(2027, 3, 24),
        "before_1": date(2027, 3, 30),
        "day_0": DUE,
        "after_3": date(2027, 4, 5),  # the third day after is a Saturday
        "after_7": date(2027, 4, 7),
        "after_14": date(2027, 4, 14),
    }


def test_weekly_repeats_go_on_and_each_has_its_own_key() -> None:
    weekly = [step for step in all_steps(KARIM, horizon=300) if step.rung == "after_7"]
    assert keys(weekly)[:4] == ["after_7", "after_14", "after_21", "after_28"]
    assert len({step.key for step in weekly}) == len(weekly) > 25
    assert all(step.weekly for step in weekly)


@pytest.mark.parametrize("state", HELD)
def test_an_overdue_action_climbs_to_the_manager_and_then_to_the_secretariat(state: State) -> None:
    late = replace(KARIM, state=state)
    assert told(late, Audience.MANAGER) == {"manager_7": date(2027, 4, 7)}
    assert told(late, Audience.SECRETARIAT) == {"secretariat_14": date(2027, 4, 14)}


def test_of_a_blocked_action_the_manager_also_hears_every_week() -> None:
    stuck = replace(KARIM, state=State.BLOCKED, blocked_on=date(2027, 2, 1))
    assert told(stuck, Audience.MANAGER, horizon=45) == {
        "blocked_7@2027-02-01": date(2027, 2, 8),
        "blocked_14@2027-02-01": date(2027, 2, 15),
    }


def test_an_unconfirmed_assignment_is_chased_in_working_days() -> None:
    fresh = replace(KARIM, state=State.ASSIGNED)
    off = frozenset({date(2027, 1, 11)})  # the Manifesto of Independence
    assert [(step.key, step.audience, step.on) for step in all_steps(fresh, off)] == [
        ("assigned_5@2027-01-04", Audience.HOLDER, date(2027, 1, 12)),
        ("copy_5@2027-01-04", Audience.MANAGER, date(2027, 1, 12)),
        ("assigned_10@2027-01-04", Audience.SECRETARIAT, date(2027, 1, 19)),
    ]


def test_while_submitted_the_owner_is_left_in_peace_and_the_verifiers_are_not() -> None:
    waiting = replace(KARIM, state=State.SUBMITTED, submitted_on=date(2027, 1, 8))  # a Friday, long before the deadline
    assert [(step.key, step.audience, step.on) for step in all_steps(waiting)] == [
        ("submitted_5@2027-01-08", Audience.VERIFIER, date(2027, 1, 15)),
        ("submitted_10@2027-01-08", Audience.VERIFIER, date(2027, 1, 22)),
        ("submitted_15@2027-01-08", Audience.SECRETARIAT, date(2027, 1, 29)),
    ]


def test_a_second_submission_is_a_new_obligation() -> None:
    first = replace(KARIM, state=State.SUBMITTED, submitted_on=date(2027, 1, 8))
    second = replace(first, submitted_on=date(2027, 2, 8))
    assert not set(keys(all_steps(first))) & set(keys(all_steps(second)))


def test_an_extension_request_reminds_who_decides_while_the_dates_go_on() -> None:
    asked = replace(KARIM, asked_on=date(2027, 3, 15))
    assert told(asked, Audience.DECIDER) == {
        "asked_3@2027-03-15": date(2027, 3, 18),
        "asked_7@2027-03-15": date(2027, 3, 22),
    }
    assert told(asked, Audience.HOLDER) == told(KARIM, Audience.HOLDER)


def test_a_milestone_is_recalled_a_week_before_on_the_day_and_weekly() -> None:
    mark = replace(KARIM, kind=Kind.MILESTONE)
    assert keys(all_steps(mark, horizon=102)) == [
        "milestone.before_7",
        "milestone.day_0",
        "milestone.after_7",
        "milestone.after_14",
    ]


def test_what_is_assigned_to_an_empty_post_is_told_that_very_day() -> None:
    """Only steps of a deadline are past because the assignment came after them."""
    empty = replace(KARIM, state=State.ASSIGNED, has_holder=False, vacant_on=ASSIGNED)
    assert told(empty, Audience.SECRETARIAT, horizon=0) == {f"vacant_0@{ASSIGNED}": ASSIGNED}


def test_a_supporting_post_is_reminded_of_its_part_under_keys_of_its_own() -> None:
    part = told(replace(KARIM, kind=Kind.PART), Audience.HOLDER)
    assert part == {f"part.{key}": on for key, on in told(KARIM, Audience.HOLDER).items()}


def test_without_a_holder_the_secretariat_hears_at_once_and_never_silence() -> None:
    empty = replace(KARIM, has_holder=False, vacant_on=date(2027, 2, 6))  # a Saturday
    assert told(empty, Audience.HOLDER) == {}
    assert told(empty, Audience.SECRETARIAT, horizon=42) == {
        "vacant_0@2027-02-06": date(2027, 2, 8),
        "vacant_7@2027-02-06": date(2027, 2, 15),
    }
    assert "manager_7" in told(empty, Audience.MANAGER)


@pytest.mark.parametrize("state", sorted(TERMINAL | {State.DRAFT}))
@pytest.mark.parametrize("has_holder", [True, False])
def test_of_drafts_and_ended_actions_nobody_hears(state: State, has_holder: bool) -> None:
    whole = Subject(
        state, assigned_on=ASSIGNED, due_on=DUE, submitted_on=DUE, blocked_on=DUE, asked_on=DUE, has_holder=has_holder
    )
    assert all_steps(whole) == []


def test_an_action_without_a_date_has_no_deadline_to_be_reminded_of() -> None:
    assert all_steps(replace(KARIM, due_on=None)) == []


def test_steps_already_past_at_assignment_are_not_planned() -> None:
    short = replace(KARIM, assigned_on=date(2027, 3, 24))  # exactly a week before
    assert list(told(short, Audience.HOLDER, horizon=12)) == ["before_1", "day_0", "after_3"]


def test_steps_already_past_when_the_deadline_moved_are_not_planned() -> None:
    moved = replace(KARIM, deadline_version=2, armed_on=date(2027, 3, 20))
    assert next(iter(told(moved, Audience.HOLDER))) == "before_7"
    assert {step.version for step in all_steps(moved)} == {2}


def test_what_was_assigned_after_its_deadline_is_chased_from_then_on() -> None:
    late = replace(KARIM, assigned_on=DUE + timedelta(days=10))
    assert next(iter(told(late, Audience.HOLDER))) == "after_14"


def test_a_step_on_a_weekend_moves_to_monday_but_never_past_the_deadline() -> None:
    sunday = replace(KARIM, due_on=date(2027, 3, 28))
    steps = told(sunday, Audience.HOLDER)
    assert steps["before_7"] == date(2027, 3, 22)
    assert steps["before_1"] == steps["day_0"] == date(2027, 3, 26)


def test_steps_that_meet_on_one_morning_send_the_latest_alone() -> None:
    sunday = replace(KARIM, due_on=date(2027, 3, 28))
    found = due(sunday, date(2027, 3, 26), NO_DAYS_OFF, recorded=frozenset({"before_30", "before_14", "before_7"}))
    assert keys(found.go) == ["day_0"]
    assert keys(found.superseded) == ["before_1"]


def test_after_an_outage_one_step_goes_and_those_missed_are_recorded() -> None:
    found = due(KARIM, date(2027, 3, 25), NO_DAYS_OFF, recorded=frozenset({"before_30"}))
    assert keys(found.go) == ["before_7"]
    assert keys(found.superseded) == ["before_14"]


def test_each_audience_has_its_own_latest_step() -> None:
    found = due(KARIM, date(2027, 4, 14), NO_DAYS_OFF)
    assert sorted(keys(found.go)) == ["after_14", "manager_7", "secretariat_14"]


def test_the_day_before_a_step_nothing_is_due_and_a_day_after_it_is_not_due_again() -> None:
    assert due(KARIM, date(2027, 2, 28), NO_DAYS_OFF) == Due([], [])
    assert keys(due(KARIM, date(2027, 3, 1), NO_DAYS_OFF).go) == ["before_30"]
    assert due(KARIM, date(2027, 3, 2), NO_DAYS_OFF, recorded=frozenset({"before_30"})) == Due([], [])


def test_a_late_return_to_work_is_reminded_once_of_where_it_stands() -> None:
    returned = replace(KARIM, submitted_on=date(2027, 3, 28))
    found = due(returned, date(2027, 4, 12), NO_DAYS_OFF, recorded=frozenset({"before_30", "before_14", "before_7"}))
    assert keys([step for step in found.go if step.audience is Audience.HOLDER]) == ["after_7"]
    assert keys(found.superseded) == ["before_1", "day_0", "after_3"]


def test_a_moved_holiday_shifts_a_step_without_changing_its_key() -> None:
    off = frozenset({date(2027, 3, 24)})
    assert told(KARIM, Audience.HOLDER)["before_7"] == date(2027, 3, 24)
    assert {step.key: step.on for step in all_steps(KARIM, off)}["before_7"] == date(2027, 3, 25)


def test_the_preview_shows_a_week_and_what_was_missed() -> None:
    found = plan(KARIM, today=date(2027, 3, 17), off=NO_DAYS_OFF)
    assert keys(found) == ["before_30", "before_14", "before_7"]


def test_the_preview_knows_steps_that_a_weekend_pulls_forward() -> None:
    sunday = replace(KARIM, due_on=date(2027, 3, 28))
    assert keys(plan(sunday, today=date(2027, 3, 19), off=NO_DAYS_OFF))[-2:] == ["before_1", "day_0"]


def test_the_assignment_announces_the_whole_ladder() -> None:
    announced = announce(replace(KARIM, state=State.ASSIGNED), NO_DAYS_OFF)
    assert [step.rung for step in announced] == [
        "assigned_5",
        "copy_5",
        "assigned_10",
        "before_30",
        "before_14",
        "before_7",
        "before_1",
        "day_0",
        "after_3",
        "after_7",
        "manager_7",
        "secretariat_14",
    ]
    assert [step.rung for step in announced if step.weekly] == ["after_7"]


def test_a_ladder_over_the_leap_day_counts_it() -> None:
    leap = replace(KARIM, due_on=date(2028, 3, 7), assigned_on=date(2028, 1, 3))
    assert told(leap, Audience.HOLDER)["before_7"] == date(2028, 2, 29)


def test_a_ladder_climbs_over_the_end_of_the_year() -> None:
    turn = replace(KARIM, due_on=date(2026, 12, 31), assigned_on=date(2026, 11, 2))
    assert told(turn, Audience.HOLDER)["after_7"] == date(2027, 1, 7)


def test_a_deadline_at_the_end_of_all_dates_stops_nobody() -> None:
    assert all_steps(replace(KARIM, due_on=date.max)) == []
    assert announce(replace(KARIM, due_on=date.max), NO_DAYS_OFF)


def test_no_two_rows_of_the_ladder_share_a_key() -> None:
    assert len({rung.key for rung in LADDER}) == len(LADDER)
    assert all(int(rung.key.rpartition("_")[2]) == abs(rung.offset) for rung in LADDER)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    assigned_on = draw(days)

    def later() -> date:
        return assigned_on + timedelta(days=draw(st.integers(0, 200)))

    return Subject(
        draw(st.sampled_from(State)),
        kind=draw(st.sampled_from(Kind)),
        assigned_on=assigned_on,
        due_on=draw(st.none() | st.just(later())),
        blocked_on=later(),
        submitted_on=later(),
        asked_on=draw(st.none() | st.just(later())),
        has_holder=draw(st.booleans()),
    )


@given(subjects(), days_off)
def test_steps_fall_on_working_days_and_reminders_never_past_the_deadline(
    subject: Subject, off: frozenset[date]
) -> None:
    for step in all_steps(subject, off):
        assert is_working(step.on, off)
        if ".before_" in f".{step.key}" or "day_0" in step.key:
            assert subject.due_on is not None
            assert step.on <= subject.due_on
            assert subject.assigned_on is not None
            assert step.on > subject.assigned_on


@given(subjects(), days_off)
def test_steps_of_one_rung_climb_and_keys_are_never_used_twice(subject: Subject, off: frozenset[date]) -> None:
    steps = all_steps(subject, off)
    assert len({step.key for step in steps}) == len(steps)
    assert [step.on for step in steps] == sorted(step.on for step in steps)
    towards = [step for step in steps if step.audience is Audience.HOLDER]
    assert [step.days for step in towards] == sorted(step.days for step in towards)


@given(subjects(), days_off, st.integers(0, 300), st.integers(1, 40))
def test_a_pass_every_day_or_after_an_outage_tells_nobody_twice_and_forgets_nothing(
    subject: Subject, off: frozenset[date], start: int, outage: int
) -> None:
    first = (subject.assigned_on or ASSIGNED) + timedelta(days=start)
    recorded: set[str] = set()
    for today in (first, first + timedelta(days=outage), first + timedelta(days=outage)):
        found = due(subject, today, off, recorded=frozenset(recorded))
        fresh = keys(found.go) + keys(found.superseded)
        assert not recorded & set(fresh)
        assert len({step.audience for step in found.go}) == len(found.go)
        recorded.update(fresh)
        assert recorded == set(keys(plan(subject, today=today, off=off, horizon=0)))


@given(days, days_off)
def test_what_is_announced_is_what_is_later_planned(assigned_on: date, off: frozenset[date]) -> None:
    subject = replace(KARIM, assigned_on=assigned_on, due_on=add_working_days(assigned_on, 40, off))
    planned = {
        (step.key, step.on)
        for state in (State.ASSIGNED, State.IN_PROGRESS)
        for step in all_steps(replace(subject, state=state), off)
    }
    assert {(step.key, step.on) for step in announce(subject, off)} <= planned


@given(st.integers(0, 900), st.integers(0, 60))
def test_leaving_out_what_is_long_past_changes_nothing_of_what_is_near(late: int, back: int) -> None:
    today = DUE + timedelta(days=late)
    since = today - timedelta(days=back)
    near = plan(KARIM, today=today, off=NO_DAYS_OFF, since=since)

    whole = plan(KARIM, today=today, off=NO_DAYS_OFF)

    assert [step for step in near if step.on >= since] == [step for step in whole if step.on >= since]
    assert set(near) <= set(whole)


some_day = st.none() | st.dates(DUE - timedelta(90), DUE + timedelta(90))
any_subject = st.builds(
    Subject, st.sampled_from(State), st.sampled_from(Kind), assigned_on=some_day, due_on=some_day, armed_on=some_day,
    blocked_on=some_day, submitted_on=some_day, asked_on=some_day, vacant_on=some_day, has_holder=st.booleans(),
)  # fmt: skip


@given(any_subject, st.integers(-60, 60), days_off)
def test_what_subjects_share_is_what_each_would_be_told_alone(
    subject: Subject, later: int, off: frozenset[date]
) -> None:
    today = DUE + timedelta(later)
    for since in (None, today):
        alone = plan(subject, today=today, off=off, ladder=[*LADDER], since=since)
        assert plan(subject, today=today, off=off, since=since) == alone


@pytest.mark.parametrize("before", range(60))
def test_however_late_before_the_deadline_it_was_assigned(before: int) -> None:
    late = replace(KARIM, assigned_on=DUE - timedelta(before))

    assert plan(late, today=DUE, off=NO_DAYS_OFF) == plan(late, today=DUE, off=NO_DAYS_OFF, ladder=[*LADDER])


@given(any_subject, st.integers(-60, 60), days_off)
def test_until_the_next_step_nothing_comes_up(subject: Subject, later: int, off: frozenset[date]) -> None:
    today = DUE + timedelta(later)

    ahead = [step.on for step in plan(subject, today=today, off=off, horizon=400, since=today) if step.on > today]

    assert next_on(subject, today, off) == min(ahead, default=None)
