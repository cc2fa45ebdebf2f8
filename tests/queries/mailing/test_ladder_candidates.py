"""What the ladder is asked about: open actions, parts with a date, milestones not yet reached."""

import datetime as dt

import pytest
from sqlmodel import Session, col, select

from app.domain import ladder
from app.domain.ladder import Audience, Kind
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.actions import Action, Milestone
from app.models.people import Holding, Person
from app.queries.mailing import directory, ladder_candidates
from app.queries.mailing.ladder_candidates import Candidate
from app.services.followup import extensions
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def found(made: Scene, days: int = 30) -> list[Candidate]:
    made.session.flush()
    return ladder_candidates.candidates(made.session, directory.load(made.session), scenes.in_days(days))


def stone(made: Scene, action: Action, done_on: dt.date | None = None) -> int:
    row = Milestone(action_id=action.id, titles={"fr": "Marché"}, due_on=scenes.in_days(5), done_on=done_on)
    made.session.add(row)
    made.session.flush()
    return row.id


def leave(made: Scene, days: int) -> None:
    """Karim's post has had nobody for so many days."""
    holding = made.session.exec(select(Holding).where(col(Holding.post_id) == made.posts["karim"])).one()
    holding.until_on = scenes.in_days(-days)
    made.session.flush()


def test_an_action_its_part_and_its_milestones_are_three_subjects(made: Scene) -> None:
    action = scenes.action(made)
    scenes.support(made, action, due_on=scenes.in_days(3))
    wanted = {(Kind.ACTION, action.id), (Kind.PART, action.id), (Kind.MILESTONE, stone(made, action))}

    assert {(one.kind, one.subject_id) for one in found(made)} == wanted
    assert {one.kind: one.post_id for one in found(made)}[Kind.PART] == made.posts["salma"]


def test_nobody_is_reminded_of_a_milestone_that_was_reached(made: Scene) -> None:
    action = scenes.action(made)
    reached, open_one = stone(made, action, scenes.in_days(-1)), stone(made, action)
    keys = {(Kind.MILESTONE.value, reached), (Kind.MILESTONE.value, open_one)}

    assert [one.subject_id for one in found(made) if one.kind is Kind.MILESTONE] == [open_one]
    _, chosen = ladder_candidates.chosen(made.session, keys)
    assert [one.subject_id for one in chosen] == [open_one]


@pytest.mark.parametrize("state", [State.DRAFT, State.VERIFIED, State.CANCELLED, State.NOT_APPLICABLE])
def test_nobody_is_reminded_of_what_is_not_open(made: Scene, state: State) -> None:
    action = scenes.action(made, state)
    scenes.support(made, action, due_on=scenes.in_days(3))
    stone(made, action)

    assert not found(made)
    assert not ladder_candidates.chosen(made.session, {(Kind.ACTION.value, action.id)})[1]


@pytest.mark.parametrize(("days", "since"), [(40, 0), (0, 0)])
def test_an_action_is_without_a_holder_at_most_since_it_was_assigned(made: Scene, days: int, since: int) -> None:
    leave(made, days)
    made.recommendation = scenes.recommendation(made)
    action = scenes.action(made, State.ASSIGNED)
    [one] = [one for one in found(made) if one.action_id == action.id]

    assert (one.subject.has_holder, one.subject.vacant_on) == (False, scenes.in_days(-since))


def test_a_post_that_was_left_later_is_empty_since_then(made: Scene) -> None:
    action = scenes.action(made)
    action.assigned_at = action.assigned_at and action.assigned_at - dt.timedelta(days=60)
    leave(made, 10)
    [one] = found(made)

    assert one.subject.vacant_on == scenes.in_days(-10)


def test_a_holder_who_may_not_come_in_is_none(made: Scene) -> None:
    scenes.action(made)
    made.session.get_one(Person, made.people["karim"]).is_active = False
    [one] = found(made)

    assert (one.subject.has_holder, one.subject.vacant_on) == (False, scenes.in_days(0))


def test_who_decides_is_asked_again_after_three_and_seven_days_while_the_request_waits(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, due_on=scenes.in_days(60))
    asked = extensions.ask(
        session, made.actor("karim"), action, due_on=scenes.in_days(90), reason="L'imprimeur est fermé."
    )

    def rungs() -> set[str]:
        [found] = ladder_candidates.chosen(session, [("action", action.id)])[1]
        steps = ladder.plan(found.subject, today=scenes.in_days(0), off=frozenset(), horizon=20)
        return {step.rung for step in steps} & {"asked_3", "asked_7"}

    assert rungs() == {"asked_3", "asked_7"}
    extensions.refuse(session, made.actor("amina"), action, asked, reason="Rien n'a commencé.")
    session.flush()
    assert rungs() == set()


def test_whoever_submitted_it_or_may_answer_for_its_post_is_not_asked_to_verify_it(made: Scene) -> None:
    action = scenes.action(made, State.SUBMITTED)
    action.submitted_by_id = made.people["leila"]
    for name in ("karim", "leila"):
        scenes.grant(made.session, made.people[name], Role.VERIFIER, made.programme)
    [candidate] = [one for one in found(made) if one.subject_id == action.id]
    people = directory.load(made.session)

    assert candidate.hearing(people, Audience.VERIFIER) == (Audience.VERIFIER, [made.people["youssef"]])
