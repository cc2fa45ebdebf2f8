"""The answers of a holder: which are offered where, and which verb each is."""

import pytest

from app.domain import workflow
from app.domain.answers import VERBS, Answer, by_mail, offered, verb
from app.domain.workflow import Part, State, Verb

OWNER, CONTRIBUTOR = frozenset({Part.OWNER}), frozenset({Part.CONTRIBUTOR})


@pytest.mark.parametrize(
    ("state", "parts", "in_house", "mailed"),
    [
        (State.ASSIGNED, OWNER, "on_track report blocked done", "on_track blocked done"),
        (State.IN_PROGRESS, OWNER, "on_track report blocked done", "on_track blocked done"),
        (State.BLOCKED, OWNER, "on_track report done", "on_track report done"),
        (State.IN_PROGRESS, CONTRIBUTOR, "on_track report done", "on_track report done"),
        (State.BLOCKED, CONTRIBUTOR, "on_track report done", "on_track report done"),
        (State.SUBMITTED, OWNER, "", ""),
        (State.DECLINED, OWNER, "", ""),
    ],
)
def test_a_holder_is_offered_what_can_be_said(state: State, parts: frozenset[Part], in_house: str, mailed: str) -> None:
    possible = workflow.possible(state, parts)
    assert " ".join(offered(possible)) == in_house
    assert " ".join(by_mail(possible)) == mailed


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_is_a_verb_and_blocked_twice_is_a_report(answer: Answer) -> None:
    assert verb(answer, State.IN_PROGRESS) is VERBS[answer]
    assert verb(answer, State.BLOCKED) is (Verb.REPORT if answer is Answer.BLOCKED else VERBS[answer])
