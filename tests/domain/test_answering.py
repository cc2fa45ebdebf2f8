"""The sentences of the page behind a mailed key, over a table of situations with the dates around them."""

import datetime as dt

import pytest

from app.domain import answering
from app.domain.answering import Situation, Whose
from app.domain.messages import Message
from app.domain.workflow import OPEN, OWED, TERMINAL, BlockReason, MilestoneWord, State, Verb

TODAY = dt.date(2026, 11, 26)
WORKING = [State.ACKNOWLEDGED, State.IN_PROGRESS]


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days)


def said(messages: list[Message]) -> list[str]:
    return [str(message) for message in messages]


def stands(state: State = State.IN_PROGRESS, **facts: object) -> list[str]:
    return said(answering.standing(Situation(state=state, today=TODAY, **facts)))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", WORKING)
@pytest.mark.parametrize(
    ("due", "heard", "expected"),
    [
        (-61, 0, ["The deadline passed 61 days ago.", "The last word on it came today."]),
        (-60, 0, ["The last word on it came today."]),
        (-21, 0, ["The last word on it came today."]),
        (-1, -3, ["The last word on it came on 2026-11-23."]),
        (-1, None, ["No word on it has come yet."]),
        (0, -40, []),
        (1, None, []),
    ],
)
def test_what_is_late_says_when_it_was_last_heard_of_and_by_how_much_where_its_deadline_does_not(
    state: State, due: int, heard: int | None, expected: list[str]
) -> None:
    assert stands(state, due_on=day(due), heard_on=None if heard is None else day(heard)) == expected


def test_a_word_that_the_page_tells_already_is_not_told_twice() -> None:
    assert stands(due_on=day(-2), heard_on=TODAY, answered_on=TODAY) == []
    assert stands(due_on=day(-2), heard_on=TODAY, answered_on=day(-1)) == ["The last word on it came today."]


def test_what_is_blocked_says_since_when_and_why_and_that_it_is_late_as_well() -> None:
    facts = {"blocked_on": day(-6), "block_reason": BlockReason.BUDGET, "heard_on": day(-6)}

    assert stands(State.BLOCKED, **facts, due_on=day(9)) == [
        "The action is blocked since 2026-11-20: budget.", "The last word on it came on 2026-11-20.",
    ]  # fmt: skip
    assert stands(State.BLOCKED, **facts, due_on=day(-90))[0] == "The deadline passed 90 days ago."


@pytest.mark.parametrize(
    ("submitted", "due", "expected"),
    [
        (-2, -2, "Declared done on 2026-11-24: it waits"),
        (-2, None, "Declared done on 2026-11-24: it waits"),
        (-2, -3, "Declared done on 2026-11-24, 1 day after the deadline: it waits"),
        (0, -21, "Declared done on 2026-11-26, 21 days after the deadline: it waits"),
        (-5, -2, "Declared done on 2026-11-21: it waits"),  # late is the verifier, not the owner
    ],
)
def test_what_was_declared_done_is_judged_on_its_own_day(submitted: int, due: int | None, expected: str) -> None:
    due_on = None if due is None else day(due)

    [only] = stands(State.SUBMITTED, submitted_on=day(submitted), due_on=due_on, heard_on=day(submitted))

    assert only.startswith(expected)
    assert only.endswith("Nothing is expected of you now.")


def test_what_was_declined_waits_for_the_secretariat_however_late() -> None:
    [only] = stands(State.DECLINED, due_on=day(-30))

    assert only.startswith("Your post declined it")


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_of_what_has_ended_nothing_is_said(state: State) -> None:
    """Cancelled, verified and then disputed: the key is dead, and its page tells nothing of the action."""
    assert stands(state, due_on=day(-30), heard_on=TODAY, reached_on=TODAY) == []


@pytest.mark.parametrize("state", sorted(OWED))
def test_a_milestone_that_was_reached_is_late_no_more(state: State) -> None:
    reached = Situation(state=state, today=TODAY, due_on=day(-9), reached_on=day(-1))

    assert said(answering.standing(reached)) == [
        "Reached on 2026-11-25. Nothing more is asked of you for this milestone."
    ]
    assert reached.days_late == 0


@pytest.mark.parametrize("state", sorted(OPEN))
def test_only_what_is_still_owed_is_late(state: State) -> None:
    late = Situation(state=state, today=TODAY, due_on=day(-1))

    assert late.days_late == (0 if state is State.SUBMITTED else 1)
    assert Situation(state=state, today=TODAY, due_on=TODAY).days_late == 0


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        (-61, "Deadline: 2026-09-26"),
        (-2, "Deadline: 2026-11-24 (2 days ago)"),
        (-1, "Deadline: 2026-11-25 (yesterday)"),
        (0, "Deadline: 2026-11-26 (today)"),
        (1, "Deadline: 2026-11-27 (tomorrow)"),
        (2, "Deadline: 2026-11-28 (in 2 days)"),
        (60, "Deadline: 2027-01-25 (in 60 days)"),
        (61, "Deadline: 2027-01-26"),
    ],
)
def test_a_deadline_says_how_far_it_is_while_that_helps(away: int, expected: str) -> None:
    assert str(answering.deadline(Whose.ACTION, day(away), TODAY)) == expected


def test_a_deadline_says_what_it_belongs_to() -> None:
    assert [str(answering.deadline(whose, day(0), TODAY)).partition(":")[0] for whose in Whose] == [
        "Deadline", "Deadline of your part", "Day of the milestone",
    ]  # fmt: skip
    assert answering.deadline(Whose.ACTION, None, TODAY) is None


ANSWERS = {Verb.ON_TRACK, Verb.BLOCK, Verb.SUBMIT, Verb.REPORT, Verb.ACKNOWLEDGE, Verb.DECLINE}


@pytest.mark.parametrize("verb", sorted(ANSWERS))
def test_every_answer_of_a_holder_can_be_told_again(verb: Verb) -> None:
    """Whatever the page can take."""
    working = Situation(state=State.IN_PROGRESS, today=TODAY)

    before, today = (str(answering.earlier(verb, None, on, working)) for on in (day(-2), TODAY))

    assert before.startswith("On 2026-11-24 you answered: ")
    assert today == before.replace("On 2026-11-24 you", "Today you")
    assert before.endswith("You can answer again.")


def test_that_one_can_answer_again_is_said_only_where_the_page_asks() -> None:
    settled = [Situation(state=state, today=TODAY) for state in (State.SUBMITTED, State.DECLINED)]
    reached = Situation(state=State.IN_PROGRESS, today=TODAY, reached_on=TODAY)

    for it in (*settled, reached):
        assert "again" not in str(answering.earlier(Verb.ON_TRACK, None, day(-2), it))
        assert "again" not in str(answering.earlier(Verb.ON_TRACK, None, TODAY, it))


def test_of_a_milestone_its_own_word_is_told() -> None:
    working = Situation(state=State.IN_PROGRESS, today=TODAY)

    told = answering.earlier(Verb.REPORT, MilestoneWord.BLOCKED, TODAY, working)

    assert told.params["answer"] is MilestoneWord.BLOCKED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"is_public": False, "has_words": True, "is_released": False, "release_on": None}, "not public yet"),
        ({"is_public": True, "has_words": False, "is_released": False, "release_on": None}, "shows it now."),
        ({"is_public": True, "has_words": True, "is_released": True, "release_on": None}, "with your words"),
        ({"is_public": True, "has_words": True, "is_released": False, "release_on": day(3)}, "on 2026-11-29"),
        ({"is_public": True, "has_words": True, "is_released": False, "release_on": None}, "wait for the secretariat"),
    ],
)
def test_the_receipt_says_what_of_it_is_public(facts: dict[str, object], expected: str) -> None:
    assert expected in str(answering.is_public_now(**facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"has_words": False, "is_released": False, "release_on": None}, "news of the action."),
        ({"has_words": True, "is_released": True, "release_on": None}, "news of the action, with your words."),
        ({"has_words": True, "is_released": False, "release_on": day(3)}, "your words follow on 2026-11-29"),
        ({"has_words": True, "is_released": False, "release_on": None}, "your words wait for the secretariat"),
    ],
)
def test_of_a_milestone_the_public_learns_that_there_is_news(facts: dict[str, object], expected: str) -> None:
    told = str(answering.is_public_now(is_public=True, of_milestone=True, **facts))  # type: ignore[arg-type]

    assert expected in told
    assert "news of the action" in told
    assert "not public" in str(answering.is_public_now(is_public=False, of_milestone=True, **facts))  # type: ignore[arg-type]


def test_a_late_milestone_does_not_pass_the_last_word_on_its_action_for_one_of_its_own() -> None:
    assert stands(due_on=day(-9), heard_on=TODAY, is_milestone=True) == []


def test_before_the_press_the_page_says_what_becomes_public() -> None:
    assert "not public yet" in str(answering.becomes_public(is_public=False, of_milestone=True))
    assert "becomes public at once" in str(answering.becomes_public(is_public=True))
    assert "news of the action" in str(answering.becomes_public(is_public=True, of_milestone=True))


def test_the_receipt_says_who_hears_or_until_when_the_next_word_is_awaited() -> None:
    def follows(verb: Verb) -> str:
        return str(answering.follows(verb, Whose.ACTION, day(1), TODAY))

    assert "verifier" in follows(Verb.SUBMIT)
    assert "manager" in follows(Verb.BLOCK)
    assert "secretariat" in follows(Verb.DECLINE)
    assert follows(Verb.ON_TRACK) == follows(Verb.REPORT) == "Deadline: 2026-11-27 (tomorrow)"
    assert answering.follows(Verb.ON_TRACK, Whose.ACTION, None, TODAY) is None
