"""Each line of a morning has a key of its own: to the action, one milestone, one post's part; each with its life."""

import datetime as dt

import pytest
from sqlmodel import Session

from app import clock
from app.domain.ladder import Kind
from app.domain.workflow import State
from app.mail.letters import Answers
from app.models.actions import Action, Milestone
from app.queries.mailing import ladder_candidates
from app.queries.mailing.letters import recipients
from app.services.followup import milestones
from app.services.mailing.letters import Case, LetterCache, QueuedMessage, keys
from tests import scenes
from tests.scenes import Scene

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
DUE = dt.date(2026, 12, 1)


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def owed(made: Scene, state: State = State.IN_PROGRESS) -> tuple[Action, Milestone]:
    """Karim's, with a milestone on its very day; Salma's part of it is due before."""
    with clock.at(NOW - dt.timedelta(days=40)):
        action = scenes.action(made, state, due_on=DUE)
        scenes.support(made, action, dt.date(2026, 11, 26))
        stone = milestones.add(made.session, made.actor("amina"), action, titles={"fr": "Maquette"}, due_on=DUE)
    return action, stone


def asked(made: Scene, kind: Kind, subject_id: int, name: str = "karim") -> tuple[Answers, dict[str, object]]:
    """The answers of a line, and what is kept of their key."""
    person_id = made.people[name]
    envelope = QueuedMessage(0, person_id, "reminder", "2026-11-24", "", 0, {})
    case = Case(LetterCache(made.session, NOW), envelope, recipients(made.session, [person_id])[person_id])
    _, [candidate] = ladder_candidates.chosen(made.session, [(kind, subject_id)])
    with clock.at(NOW):
        answers = keys.morning_answers(case, candidate, case.table.told([candidate.action_id])[candidate.action_id])
    [row] = case.keys
    return answers, row


def test_an_action_and_its_milestone_of_one_morning_have_a_key_each(made: Scene) -> None:
    action, stone = owed(made)

    of_action, whole = asked(made, Kind.ACTION, action.id)
    of_stone, one = asked(made, Kind.MILESTONE, stone.id)

    assert (whole["action_id"], whole["milestone_id"]) == (action.id, None)
    assert (one["action_id"], one["milestone_id"]) == (action.id, stone.id)
    assert whole["token_hash"] != one["token_hash"]
    assert (of_action.reached, of_stone.done) == ("", "")
    assert of_stone.reached.endswith("/milestone?s=reached")
    assert of_action.done.endswith("?s=done")


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (Kind.ACTION, 20),  # again on the eve, in six days
        (Kind.MILESTONE, 21),  # again on its day, in seven
        (Kind.PART, 15),  # again on the eve of its own date, tomorrow
    ],
)
def test_a_key_lives_until_the_next_step_of_its_own_subject_and_a_fortnight(made: Scene, kind: Kind, days: int) -> None:
    action, stone = owed(made)
    subject_id = stone.id if kind is Kind.MILESTONE else action.id

    _, row = asked(made, kind, subject_id, "salma" if kind is Kind.PART else "karim")

    assert row["expires_at"] == NOW + dt.timedelta(days=days)


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.BLOCKED])
def test_a_part_is_asked_what_its_post_can_answer(made: Scene, state: State) -> None:
    action, _ = owed(made, state)

    answers, row = asked(made, Kind.PART, action.id, "salma")

    assert row["post_id"] == made.posts["salma"]
    assert (answers.blocked, answers.done, answers.reached) == ("", "", "")
    assert answers.news.endswith("?s=report")
    assert answers.on_track, "whatever holds up the whole"
