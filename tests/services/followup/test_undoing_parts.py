"""What a supporting post said of its part is undone as an owner's answer is: part and action stand as before."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlmodel import Session

from app import clock
from app.domain.answers import Answer
from app.domain.errors import NotAllowed, TooLate
from app.domain.extensions import RequestOutcome
from app.domain.undoing import PUT_BACK_OF_PART
from app.domain.workflow import PartState
from app.models.actions import Action, ActionSupport
from app.models.updates import Update
from app.services.followup import extensions, parts, updates
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene
from tests.services.followup.undone import SAID, stands, story, undo

Answering = Callable[[Scene, Action], Update]


def _of_part(said: Answer) -> Answering:
    return lambda made, it: parts.answer(made.session, made.actor("salma"), it, said, words=SAID)


OF_PART: dict[str, Answering] = {
    "receipt": lambda made, it: parts.acknowledge(made.session, made.actor("salma"), it),
    "on track": _of_part(Answer.ON_TRACK),
    "report": _of_part(Answer.REPORT),
    "done": _of_part(Answer.DONE),
}


def part(support: ActionSupport, action: Action) -> dict[str, object]:
    found = {name: getattr(support, name) for name in PUT_BACK_OF_PART}
    return found | {"parts_due_on": action.parts_due_on}


@pytest.mark.parametrize("name", OF_PART)
def test_a_supporting_post_undoes_what_it_said_of_its_part(session: Session, name: str) -> None:
    made = scenes.scene(session, published=True)
    with clock.at(clock.now() - dt.timedelta(hours=1)):
        action = scenes.action(made)
        scenes.support(made, action, scenes.in_days(5), PartState.ASKED)
    support = parts.one(session, action, made.organisations["chamber"])
    before, of_part, entries = stands(action), part(support, action), story(session, action)
    given = OF_PART[name](made, action)
    assert part(support, action) != of_part

    with pytest.raises(NotAllowed):
        undo(made, action, given)
    undo(made, action, given, "salma")

    assert (stands(action), part(support, action)) == (before, of_part)
    assert story(session, action) == entries
    assert integrity.differences(session) == []


def test_a_request_for_its_part_that_lapsed_is_open_again(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action, scenes.in_days(5))
    asked = extensions.ask(session, made.actor("salma"), action, due_on=scenes.in_days(9), reason="Fermé")
    given = OF_PART["done"](made, action)
    assert asked.outcome is RequestOutcome.LAPSED

    undo(made, action, given, "salma")

    assert (asked.outcome, asked.decided_at) == (RequestOutcome.OPEN, None)


def test_it_stands_once_the_owner_has_answered_since(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)
    given = OF_PART["done"](made, action)
    updates.on_track(session, made.actor("karim"), action)

    with pytest.raises(TooLate, match="acted on it"):
        undo(made, action, given, "salma")
