"""The chip and the flags that rows carry."""

from itertools import product

import pytest

from app.domain.marks import PRECEDENCE, Flag, Lead, Marks, for_action, for_recommendation
from app.domain.progress import Status
from app.domain.schedule import Judgement, Schedule
from app.domain.workflow import Evidence, State

CALM = Judgement(Schedule.ON_TRACK, 0, False)
LATE = Judgement(Schedule.OVERDUE, 12, False)


@pytest.mark.parametrize(
    ("state", "lead"),
    [
        ("draft", "notstarted"),
        ("assigned", "notstarted"),
        ("acknowledged", "notstarted"),
        ("declined", "notstarted"),
        ("in_progress", "progress"),
        ("blocked", "progress"),
        ("submitted", "declared"),
        ("verified", "verified"),
        ("cancelled", "setaside"),
        ("superseded", "setaside"),
        ("not_applicable", "setaside"),
    ],
)
def test_the_lead_chip_of_an_action_is_its_state(state: str, lead: str) -> None:
    assert for_action(State(state), CALM, Evidence.NONE, is_stale=False).lead == lead


@pytest.mark.parametrize(
    ("status", "lead"),
    [
        ("implemented", "verified"),
        ("partially_implemented", "partial"),
        ("in_progress", "progress"),
        ("not_started", "notstarted"),
        ("awaiting_response", "awaiting"),
        ("accepted_no_action", "awaiting"),
        ("not_accepted", "setaside"),
        ("closed_not_implemented", "setaside"),
        ("referred", "setaside"),
        ("merged", "setaside"),
        ("no_longer_applicable", "setaside"),
    ],
)
def test_the_lead_chip_of_a_recommendation_is_its_status(status: str, lead: str) -> None:
    assert for_recommendation(Status(status)) == Marks(Lead(lead))


def test_a_blocked_late_silent_action_shows_the_two_heaviest_flags() -> None:
    marks = for_action(State.BLOCKED, LATE, Evidence.NONE, is_stale=True)
    assert marks == Marks(Lead.PROGRESS, (Flag.OVERDUE, Flag.BLOCKED))


def test_silence_alone_is_a_flag() -> None:
    assert for_action(State.IN_PROGRESS, CALM, Evidence.NONE, is_stale=True).flags == (Flag.SILENT,)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VERIFIED, State.CANCELLED, State.DRAFT])
def test_nobody_is_called_silent_when_no_word_is_awaited(state: State) -> None:
    assert for_action(state, CALM, Evidence.DOCUMENTED, is_stale=True).flags == ()


def test_what_was_done_late_is_not_overdue() -> None:
    done = Judgement(Schedule.DONE_LATE, 4, False)
    assert for_action(State.VERIFIED, done, Evidence.VERIFIED, is_stale=False).flags == ()


def test_a_dispute_stands_beside_verified_with_equal_weight() -> None:
    marks = for_action(State.VERIFIED, CALM, Evidence.DISPUTED, is_stale=False)
    assert marks == Marks(Lead.VERIFIED, (Flag.DISPUTED,))
    assert marks.single is Flag.DISPUTED


def test_what_was_set_aside_is_late_for_nobody_but_may_be_disputed() -> None:
    assert for_recommendation(Status.REFERRED, Flag) == Marks(Lead.SETASIDE, (Flag.DISPUTED,))


def test_where_one_mark_fits_the_order_of_the_design_holds() -> None:
    order = "disputed overdue blocked awaiting declared progress partial notstarted verified setaside"
    assert " ".join(PRECEDENCE) == order
    assert Marks(Lead.NOTSTARTED, (Flag.OVERDUE, Flag.BLOCKED)).single is Flag.OVERDUE
    assert Marks(Lead.PROGRESS, (Flag.BLOCKED, Flag.SILENT)).single is Flag.BLOCKED
    assert Marks(Lead.PROGRESS, (Flag.SILENT,)).single is Lead.PROGRESS
    assert Marks(Lead.VERIFIED).single is Lead.VERIFIED


def test_every_action_has_one_lead_and_at_most_two_flags() -> None:
    for state, schedule, evidence, stale in product(State, Schedule, Evidence, (False, True)):
        marks = for_action(state, Judgement(schedule, 0, False), evidence, is_stale=stale)
        assert len(marks.flags) <= 2
        assert marks.single in PRECEDENCE
