"""Who asks about an action, who answers, and when nobody waits any more."""

from itertools import combinations

import pytest

from app.domain import questions
from app.domain.questions import Side
from app.domain.workflow import OPEN, TERMINAL, Part, State

EVERY = [frozenset(some) for size in range(len(Part) + 1) for some in combinations(Part, size)]


@pytest.mark.parametrize("parts", EVERY)
def test_only_the_owner_and_the_secretariat_ask_and_each_answers_the_other(parts: frozenset[Part]) -> None:
    side = questions.asks_as(parts)

    expected = Side.OWNER if Part.OWNER in parts else Side.SECRETARIAT if Part.SECRETARIAT in parts else None
    assert side == expected
    assert questions.may_answer(parts, Side.SECRETARIAT) == (Part.OWNER in parts)
    assert questions.may_answer(parts, Side.OWNER) == (Part.SECRETARIAT in parts)


def test_a_draft_and_what_has_ended_is_not_asked_about() -> None:
    assert set(questions.ASKABLE) == set(OPEN)
    assert State.DRAFT not in questions.ASKABLE


@pytest.mark.parametrize("state", State)
def test_a_question_lapses_with_its_action_and_with_the_post_that_asked(state: State) -> None:
    for side in Side:
        assert questions.lapses(state, side, is_with_its_post=True) == (state in TERMINAL)
    assert questions.lapses(state, Side.OWNER, is_with_its_post=False)
    assert questions.lapses(state, Side.SECRETARIAT, is_with_its_post=False) == (state in TERMINAL)
