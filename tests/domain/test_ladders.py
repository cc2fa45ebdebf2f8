"""A ladder of a programme's own: what may be edited, that ours is among them, and that an edit looks only ahead."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import ladder_rules
from app.domain.calendar import is_working
from app.domain.errors import Problems, Refused
from app.domain.ladder import LADDER, Audience, Kind, Ladder, Subject, announce, next_on, plan
from app.domain.ladders import OURS, LadderDays, armed, built, kept, name, of
from app.domain.workflow import State
from tests.domain.test_ladder import days_off

DUE = date(2026, 12, 15)
TODAY = date(2026, 11, 27)
OFF = frozenset[date]()
KARIM = Subject(State.IN_PROGRESS, assigned_on=date(2026, 8, 3), due_on=DUE)
TYPED: dict[str, str | bool] = {
    "before": "30, 14, 7, 1", "on_day": True, "after": "3, 7", "is_weekly": True, "manager": "7", "secretariat": "14",
    "confirm": "5", "confirm_manager": "5", "confirm_secretariat": "10", "blocked": "7", "verifiers": "5, 10",
    "verify_secretariat": "15", "deciders": "3, 7", "milestones": "7", "values_manager": "14",
}  # fmt: skip


MENDED: dict[str, dict[str, Any]] = {
    "after": {"on_day": True, "is_weekly": True},
    "verifiers": {"verifiers": (5,)},
}


def some(most: int, size: int, least: int = 0) -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(st.integers(1, most), min_size=least, max_size=size).map(lambda found: tuple(sorted(found)))


@st.composite
def legal(draw: st.DrawFn) -> LadderDays:
    def maybe(most: int) -> int | None:
        return draw(st.none() | st.integers(1, most))

    days = LadderDays(
        before=draw(some(90, 6)), on_day=draw(st.booleans()), after=draw(some(90, 6)), is_weekly=draw(st.booleans()),
        manager=maybe(90), secretariat=maybe(90), confirm=draw(st.integers(1, 20)), confirm_manager=maybe(20),
        confirm_secretariat=maybe(20), blocked=maybe(30), verifiers=draw(some(20, 3)), verify_secretariat=maybe(20),
        deciders=draw(some(30, 3, 1)), milestones=draw(some(14, 3)), values_manager=maybe(90),
    )  # fmt: skip
    while faults := [problem.field or "" for problem in refused(days)]:
        changes: dict[str, Any] = {}
        for fault in faults:
            changes |= MENDED.get(fault, {fault: None})
        days = replace(days, **changes)
    return days


def refused(days: LadderDays) -> tuple[Refused, ...]:
    try:
        ladder_rules.checked(days)
    except Problems as several:
        return several.problems
    return ()


some_day = st.none() | st.dates(DUE - timedelta(120), DUE + timedelta(120))
any_subject = st.builds(
    Subject, st.sampled_from(State), st.sampled_from(Kind), assigned_on=some_day, due_on=some_day, armed_on=some_day,
    blocked_on=some_day, submitted_on=some_day, asked_on=some_day, vacant_on=some_day, has_holder=st.booleans(),
)  # fmt: skip


def told(subject: Subject, ladder: Ladder, horizon: int = 150, off: frozenset[date] = OFF) -> list[tuple[str, date]]:
    return [(step.key, step.on) for step in plan(subject, today=DUE, off=off, horizon=horizon, ladder=ladder)]


def fields_at_fault(**typed: str | bool) -> set[str | None]:
    with pytest.raises(Problems) as caught:
        ladder_rules.read(TYPED | typed)
    return {problem.field for problem in caught.value.problems}


def test_what_stands_in_the_fields_is_our_ladder() -> None:
    assert ladder_rules.read(TYPED) == OURS
    assert of(kept(OURS)) == OURS
    assert of({}) == OURS


@given(any_subject, days_off)
def test_our_days_make_the_steps_of_our_table(subject: Subject, off: frozenset[date]) -> None:
    ours = plan(subject, today=DUE, off=off, horizon=200)
    made = plan(subject, today=DUE, off=off, horizon=200, ladder=built(OURS))

    assert sorted((step.key, step.on, step.audience) for step in made) == sorted(
        (step.key, step.on, step.audience) for step in ours
    )


@pytest.mark.parametrize("typed", ["30 14 7 1", "1;7;14;30", "٣٠، ١٤، ٧، ١", " 30 , 14,, 7,1 "])
def test_days_are_read_however_they_are_separated_and_ordered(typed: str) -> None:
    assert ladder_rules.read(TYPED | {"before": typed}) == OURS


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *((name, typed) for name in ("before", "manager") for typed in ("x", "-3", "2.5", "0", "91", "9" * 400, "1e3")),
        ("before", "7, 7"),
        ("before", "1, 2, 3, 4, 5, 6, 7"),
        ("manager", "7, 8"),
        ("confirm", "21"),
        ("verifiers", "1 2 3 4"),
        ("milestones", "15"),
        ("milestones", "1 2 3 4"),
        ("values_manager", "91"),
    ],
)
def test_days_that_make_no_sense_are_refused_at_their_field(field: str, typed: str) -> None:
    assert fields_at_fault(**{field: typed}) == {field}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"on_day": False, "after": "", "is_weekly": False}, "after"),  # the holder never hears that it is late
        ({"after": "", "is_weekly": False, "manager": "", "secretariat": ""}, "after"),  # nobody does
        ({"on_day": False, "after": "5", "manager": "4"}, "manager"),
        ({"on_day": False, "after": "", "manager": "6"}, "manager"),  # weekly begins after a week
        ({"manager": "", "on_day": False, "after": "9", "secretariat": "8"}, "secretariat"),
        ({"secretariat": "6"}, "secretariat"),
        ({"confirm": ""}, "confirm"),
        ({"confirm": "6"}, "confirm_manager"),
        ({"confirm_secretariat": "5"}, "confirm_secretariat"),
        ({"verifiers": "", "verify_secretariat": ""}, "verifiers"),
        ({"verify_secretariat": "10"}, "verify_secretariat"),
        ({"deciders": ""}, "deciders"),
    ],
)
def test_a_ladder_neither_falls_silent_nor_goes_over_the_holders_head(typed: dict[str, str | bool], field: str) -> None:
    assert fields_at_fault(**typed) == {field}


def test_every_field_at_fault_is_told_at_once() -> None:
    assert fields_at_fault(before="x", manager="y", after="91") == {"before", "manager", "after"}
    assert fields_at_fault(deciders="", confirm="") == {"deciders", "confirm"}
    assert fields_at_fault(before="99", manager="99") == {"before", "manager"}


def test_all_that_may_be_left_out_can_be() -> None:
    bare = ladder_rules.read(
        TYPED
        | dict.fromkeys(("before", "after", "manager", "secretariat"), "")
        | dict.fromkeys(("confirm_manager", "confirm_secretariat", "blocked", "verify_secretariat"), "")
    )
    assert [rung.key for rung in built(bare) if Kind.ACTION in rung.kinds] == [
        "day_0", "after_7", "assigned_5", "submitted_5", "submitted_10", "asked_3", "asked_7", "vacant_0",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "manager"), [(Kind.MILESTONE, None), (Kind.WORD, 3), (Kind.INDICATOR, 3)])
def test_milestones_and_words_have_days_of_their_own_and_are_always_asked_for_when_due(
    kind: Kind, manager: int | None
) -> None:
    edited = built(replace(OURS, milestones=(2, 10), values_manager=3, before=(1,), manager=5))
    silent = built(replace(OURS, milestones=(), values_manager=None, on_day=False, after=(9,), is_weekly=False))

    steps = [key for key, _ in told(replace(KARIM, kind=kind), edited, 15)]
    above = [f"{kind}.manager_{manager}"] if manager else []
    holder = [f"{kind}.{step}" for step in ("before_10", "before_2", "day_0", "after_7", "after_14")]
    assert steps == [*holder[:3], *above, *holder[3:]]
    assert [key for key, _ in told(replace(KARIM, kind=kind), silent, 15)] == holder[2:]


@given(legal())
def test_without_a_holder_the_secretariat_always_hears(days: LadderDays) -> None:
    vacant = replace(KARIM, has_holder=False, vacant_on=TODAY)
    heard = [step for step in plan(vacant, today=TODAY, off=OFF, horizon=21, ladder=built(days)) if step.on >= TODAY]
    weekly = [step.on for step in heard if step.rung == "vacant_0"]

    assert weekly == [TODAY + timedelta(7 * week) for week in range(4)]
    assert {step.audience for step in heard if step.rung == "vacant_0"} == {Audience.SECRETARIAT}


@given(legal(), any_subject, days_off)
def test_of_any_legal_ladder_each_step_comes_once_on_a_working_day_and_in_its_bounds(
    days: LadderDays, subject: Subject, off: frozenset[date]
) -> None:
    ladder = built(days)
    steps = plan(subject, today=DUE, off=off, horizon=300, ladder=ladder)
    assert len({(step.key, step.audience) for step in steps}) == len(steps)
    assert all(int(rung.key.rpartition("_")[2]) == abs(rung.offset) for rung in ladder)
    armed_on = max((day for day in (subject.assigned_on, subject.armed_on) if day), default=None)
    for step in steps:
        assert is_working(step.on, off)
        if ".before_" in f".{step.key}" or "day_0" in step.key:
            assert subject.due_on is not None
            assert step.on <= subject.due_on
            assert armed_on is None or step.on > armed_on


@given(legal(), any_subject, st.integers(-90, 90), days_off)
def test_of_any_legal_ladder_what_subjects_share_is_what_each_would_be_told_alone(
    days: LadderDays, subject: Subject, later: int, off: frozenset[date]
) -> None:
    ladder, today = built(days), DUE + timedelta(later)
    for since in (None, today):
        alone = plan(subject, today=today, off=off, ladder=[*ladder], since=since)
        assert plan(subject, today=today, off=off, ladder=ladder, since=since) == alone
    ahead = [step.on for step in plan(subject, today=today, off=off, horizon=400, ladder=ladder, since=today)]
    assert next_on(subject, today, off, ladder) == min((on for on in ahead if on > today), default=None)


@given(legal(), legal(), st.integers(-60, 90))
def test_an_edit_brings_nothing_that_is_past_and_takes_nothing_that_both_ladders_have(
    former: LadderDays, days: LadderDays, later: int
) -> None:
    today = DUE + timedelta(later)
    before = built(former)
    after = built(days, armed(days, before, today))
    had, has, whole = (set(told(KARIM, ladder)) for ladder in (before, after, built(days)))

    assert {step for step in has - had if step[1] <= today} == set()
    assert {step for step in whole if step[1] > today} <= has
    kept_rungs = {name(rung) for rung in before} & {name(rung) for rung in after}
    assert {rung.since for rung in after if name(rung) in kept_rungs} <= {None}


@pytest.mark.parametrize(
    ("former", "days", "since"),
    [((14,), (), TODAY), ((14,), (7,), TODAY), ((), (14,), None), ((3,), (3,), None), ((3,), (4,), TODAY)],
)
def test_weekly_steps_go_on_where_the_former_ones_told_and_begin_anew_before_them(
    former: tuple[int, ...], days: tuple[int, ...], since: date | None
) -> None:
    found = armed(LadderDays(after=days), built(LadderDays(after=former)), TODAY)

    rungs = [rung for rung in built(LadderDays(after=days)) if rung.weekly and rung.key.startswith("after_")]
    [weekly] = [name(rung) for rung in rungs if not name(rung).endswith(".ours")]  # those of milestones never change
    assert found.get(weekly) == since


def test_what_another_audience_heard_on_that_day_is_new_to_this_one() -> None:
    former = built(replace(OURS, confirm=10, confirm_secretariat=15))

    found = armed(replace(OURS, confirm=5, confirm_secretariat=10), former, TODAY)

    assert (found.get("assigned_10.secretariat"), found.get("assigned_5.holder")) == (TODAY, TODAY)


@settings(max_examples=40)
@given(st.lists(legal(), min_size=2, max_size=3), st.integers(-40, 40))
def test_switched_back_and_forth_on_one_day_every_ladder_looks_only_ahead(edits: list[LadderDays], later: int) -> None:
    today, ladder = DUE + timedelta(later), built(OURS)
    ours = set(told(KARIM, ladder))
    for days in (*edits, OURS):
        ladder = built(days, armed(days, ladder, today))
    back = set(told(KARIM, ladder))

    assert back <= ours
    assert {step for step in ours if step[1] > today} == {step for step in back if step[1] > today}


def test_a_weekly_reminder_switched_on_goes_on_from_the_last_day_and_takes_no_step_away() -> None:
    off = replace(OURS, is_weekly=False)
    today = DUE + timedelta(7)  # after_7 is due this very morning

    again = built(OURS, armed(OURS, built(off), today))

    assert [key for key, on in told(KARIM, again, 30) if key.startswith("after") and on > DUE] == [
        "after_3", "after_7", "after_14", "after_21", "after_28",
    ]  # fmt: skip


def test_days_that_a_weekly_reminder_told_already_are_not_new() -> None:
    named = replace(OURS, after=(3, 7, 14, 21))

    assert armed(named, built(OURS), TODAY) == {}
    assert armed(named, LADDER, TODAY) == {}
    assert armed(replace(OURS, after=(3, 7, 15)), built(OURS), TODAY) == {
        "after_15.holder": TODAY,
        "after_22+.holder": TODAY,
    }


@pytest.mark.parametrize("before", range(0, 110, 3))
def test_however_early_the_ladder_begins_what_was_past_at_the_assignment_is_not_told(before: int) -> None:
    ladder = built(replace(OURS, before=(1, 60, 90)))
    late = replace(KARIM, assigned_on=DUE - timedelta(before))

    assert plan(late, today=DUE, off=OFF, ladder=ladder) == plan(late, today=DUE, off=OFF, ladder=[*ladder])


def test_the_same_days_are_the_same_ladder() -> None:
    since = {"before_21.holder": TODAY}
    days = replace(OURS, before=(1, 21))

    assert built(days, since) is built(replace(days), dict(since))
    assert built(days, since) != built(days)
    assert built(days, since).whole == built(days)
    assert built(days).whole is built(days)


def test_the_assignment_announces_the_ladder_of_the_programme() -> None:
    ladder = built(replace(OURS, before=(2, 45), after=(), manager=None, is_weekly=False, secretariat=20))
    subject = replace(KARIM, state=State.ASSIGNED)

    assert [(step.rung, step.audience) for step in announce(subject, OFF, ladder=ladder)] == [
        ("assigned_5", Audience.HOLDER), ("copy_5", Audience.MANAGER), ("assigned_10", Audience.SECRETARIAT),
        ("before_45", Audience.HOLDER), ("before_2", Audience.HOLDER), ("day_0", Audience.HOLDER),
        ("secretariat_20", Audience.SECRETARIAT),
    ]  # fmt: skip


def test_the_days_of_actions_change_nothing_of_milestones_words_and_values() -> None:
    edited = built(replace(OURS, before=(90,), on_day=False, after=(), manager=40))
    for kind in set(Kind) - {Kind.ACTION, Kind.PART}:
        subject = replace(KARIM, kind=kind)
        assert told(subject, edited) == told(subject, LADDER)


@given(legal())
def test_a_ladder_survives_being_kept(days: LadderDays) -> None:
    assert of(kept(days)) == days
    assert {field.name for field in fields(LadderDays)} == set(kept(days))


def test_nobody_keeps_days_that_the_rules_forbid() -> None:
    with pytest.raises(Problems):
        ladder_rules.checked(replace(OURS, before=(30, 7)))
