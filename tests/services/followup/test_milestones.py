"""Milestones: planned by whoever owes the action or plans it, reached once, each act in the record."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotAllowed, Refused
from app.domain.workflow import MilestoneWord, State, Verb
from app.models.actions import Action, Milestone
from app.models.audit import AuditEvent
from app.models.updates import Update
from app.services.followup import milestones
from app.services.followup.transitions import Words
from tests import scenes
from tests.fixtures.settings import Configure
from tests.scenes import Scene

EVENING = dt.datetime(2026, 11, 23, 20, tzinfo=dt.UTC)


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


@pytest.fixture
def action(made: Scene) -> Action:
    found = scenes.action(made)
    scenes.support(made, found)
    return found


def planned(made: Scene, action: Action, name: str = "amina") -> Milestone:
    due_on = dt.date(2026, 12, 1)
    return milestones.add(made.session, made.actor(name), action, titles={"fr": " Marché passé "}, due_on=due_on)


def events(made: Scene, action: Action) -> list[tuple[str, int | None, dict[str, object]]]:
    query = sa.select(col(AuditEvent.verb), col(AuditEvent.actor_id), col(AuditEvent.data)).where(
        col(AuditEvent.subject_kind) == "action",
        col(AuditEvent.subject_id) == action.id,
        col(AuditEvent.verb).endswith("_milestone"),
    )
    return [tuple(row) for row in made.session.execute(query.order_by(col(AuditEvent.id)))]


@pytest.mark.parametrize("name", ["amina", "karim", "salma"])
def test_who_owes_and_who_plans_set_and_reach_them_and_the_record_says_who(
    made: Scene, action: Action, name: str
) -> None:
    stone = planned(made, action, name)
    milestones.reach(made.session, made.actor(name), action, stone)

    assert stone.titles == {"fr": "Marché passé"}
    assert events(made, action) == [
        ("add_milestone", made.people[name], {"milestone_id": stone.id, "due_on": "2026-12-01"}),
        ("reach_milestone", made.people[name], {"milestone_id": stone.id}),
    ]


@pytest.mark.parametrize("name", ["leila", "youssef", "nadia", "omar"])
def test_nobody_else_touches_them(made: Scene, action: Action, name: str) -> None:
    stone = planned(made, action)

    with pytest.raises(NotAllowed):
        planned(made, action, name)
    with pytest.raises(NotAllowed):
        milestones.reach(made.session, made.actor(name), action, stone)
    assert stone.done_on is None


def test_a_second_tick_changes_and_records_nothing(made: Scene, action: Action) -> None:
    stone = planned(made, action)
    with clock.at(EVENING):
        milestones.reach(made.session, made.actor("karim"), action, stone)
    version = stone.version
    with clock.at(EVENING + dt.timedelta(days=3)):
        milestones.reach(made.session, made.actor("amina"), action, stone)

    assert (stone.done_on, stone.version) == (EVENING.date(), version)
    assert [verb for verb, *_ in events(made, action)] == ["add_milestone", "reach_milestone"]


def test_it_is_reached_on_the_local_day(made: Scene, action: Action, configure: Configure) -> None:
    configure(timezone="Pacific/Auckland")
    stone = planned(made, action)
    with clock.at(EVENING):
        milestones.reach(made.session, made.actor("karim"), action, stone)

    assert stone.done_on == dt.date(2026, 11, 24)


def test_it_has_a_name(made: Scene, action: Action) -> None:
    with pytest.raises(Refused):
        milestones.add(made.session, made.actor("karim"), action, titles={"fr": "  "})


def answered(made: Scene, action: Action, stone: Milestone, word: MilestoneWord, name: str = "karim") -> Update:
    words = Words(note="Un mot.", lang="fr", of_milestone=word)
    return milestones.answer(made.session, made.actor(name), action, stone, words)


@pytest.mark.parametrize("word", MilestoneWord)
def test_an_answer_is_progress_of_the_action_that_names_the_milestone(
    made: Scene, action: Action, word: MilestoneWord
) -> None:
    stone = planned(made, action)

    update = answered(made, action, stone, word)

    assert (update.verb, update.milestone_id, update.milestone_word) == (Verb.REPORT, stone.id, word)
    assert (action.state, action.submitted_at, action.blocked_at) == (State.IN_PROGRESS, None, None)
    assert (stone.done_on is not None) == (word is MilestoneWord.REACHED)
    assert made.session.get_one(Update, update.id, populate_existing=True).milestone_word is word


def test_reached_names_its_day_and_says_enough_without_words(made: Scene, action: Action) -> None:
    stone, day = planned(made, action), dt.date(2026, 11, 1)
    words = Words(of_milestone=MilestoneWord.REACHED)

    milestones.answer(made.session, made.actor("karim"), action, stone, words, day)

    assert stone.done_on == day
    assert [verb for verb, *_ in events(made, action)] == ["add_milestone", "reach_milestone"]


@pytest.mark.parametrize(
    ("words", "done_on", "field"),
    [
        (Words(note="Un mot."), None, "s"),
        (Words(of_milestone=MilestoneWord.BLOCKED), None, "note"),
        (Words(of_milestone=MilestoneWord.REACHED), dt.date(2026, 11, 24), "done_on"),
    ],
)
def test_what_an_answer_lacks_is_named_and_nothing_is_kept(
    made: Scene, action: Action, words: Words, done_on: dt.date | None, field: str
) -> None:
    stone, before = planned(made, action), action.last_word_at

    with clock.at(EVENING), pytest.raises(Refused) as refused:
        milestones.answer(made.session, made.actor("karim"), action, stone, words, done_on)

    assert refused.value.field == field
    assert (stone.done_on, action.last_word_at) == (None, before)


@pytest.mark.parametrize("name", ["amina", "leila", "youssef", "omar"])
def test_only_whoever_owes_the_action_answers_for_its_milestone(made: Scene, action: Action, name: str) -> None:
    stone = planned(made, action)

    with pytest.raises(NotAllowed):
        answered(made, action, stone, MilestoneWord.ON_TRACK, name)


def test_what_was_reached_or_declared_done_is_answered_for_no_more(made: Scene, action: Action) -> None:
    reached, other = planned(made, action), planned(made, action)
    answered(made, action, reached, MilestoneWord.REACHED)
    with pytest.raises(Refused, match="was reached"):
        answered(made, action, reached, MilestoneWord.BLOCKED)

    scenes.WAY[State.SUBMITTED][1](made, action)

    with pytest.raises(Refused, match="moved on"):
        answered(made, action, other, MilestoneWord.ON_TRACK)
