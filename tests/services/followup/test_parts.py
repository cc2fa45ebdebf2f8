"""Supporting posts: asked after planning, each with a part of its own that its lead can't hide."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.answers import Answer
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.ladder import Kind
from app.domain.workflow import PartState, State, Verb
from app.models.actions import Action, ActionSupport
from app.models.notifications import Envelope
from app.queries.followup import actions as action_queries
from app.queries.mailing import directory, ladder_candidates
from app.services.followup import actions, answers, parts
from app.services.followup.transitions import Words
from app.services.kernel import rollups
from tests import scenes
from tests.scenes import Scene

DUE = scenes.in_days(10)


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def asked(made: Scene, state: State = State.IN_PROGRESS, due_on: dt.date | None = DUE) -> Action:
    action = scenes.action(made, state, due_on=scenes.in_days(20))
    post_id = made.posts["salma"]
    parts.add(made.session, made.actor("amina"), action, post_id=post_id, titles={"fr": "Les foires"}, due_on=due_on)
    return action


def row(made: Scene, action: Action) -> ActionSupport:
    return made.session.get_one(ActionSupport, (action.id, made.organisations["chamber"]))


def kinds(made: Scene, name: str) -> list[str]:
    made.session.flush()
    query = sa.select(col(Envelope.kind)).where(col(Envelope.person_id) == made.people[name])
    return list(made.session.scalars(query.order_by(col(Envelope.id))))


def say(made: Scene, action: Action, answer: Answer, note: str = "") -> None:
    answers.give(made.session, made.actor("salma"), action, answer, words=Words(note=note))


def test_a_post_is_asked_after_planning_with_words_a_date_and_a_mail(made: Scene) -> None:
    action = asked(made)
    part = row(made, action)

    assert (part.part_state, part.baseline_on, part.titles) == (PartState.ASKED, DUE, {"fr": "Les foires"})
    assert kinds(made, "salma") == ["part_asked"]
    assert rollups.faults(made.session) == []


@pytest.mark.parametrize("state", [State.ASSIGNED, State.IN_PROGRESS, State.BLOCKED, State.SUBMITTED])
def test_what_it_says_is_of_its_part_and_the_action_stays_where_it_is(made: Scene, state: State) -> None:
    action = asked(made, state)
    heard = action.last_word_at

    answers.acknowledge(made.session, made.actor("salma"), action)
    assert row(made, action).part_state is PartState.ACKNOWLEDGED
    say(made, action, Answer.ON_TRACK)
    assert row(made, action).part_state is PartState.UNDER_WAY
    say(made, action, Answer.DONE, "Les listes sont remises.")

    assert row(made, action).part_state is PartState.DONE
    assert (action.state, action.last_word_at) == (state, heard)
    with pytest.raises(Refused):
        say(made, action, Answer.ON_TRACK)
    say(made, action, Answer.REPORT, "Une liste de plus.")
    assert row(made, action).part_state is PartState.DONE


def test_another_date_is_counted_with_its_reason_and_never_behind_the_action(made: Scene) -> None:
    action = asked(made)
    amina, part = made.actor("amina"), row(made, action)

    for due_on, reason in ((scenes.in_days(12), " "), (DUE, "Même date"), (scenes.in_days(21), "Trop tard")):
        with pytest.raises(Refused):
            parts.move(made.session, amina, action, part, due_on=due_on, reason=reason)
    update = parts.move(made.session, amina, action, part, due_on=scenes.in_days(12), reason="La foire est reportée.")

    assert (part.due_on, part.baseline_on, part.extensions) == (scenes.in_days(12), DUE, 1)
    assert update.public_summary == "La foire est reportée."
    assert kinds(made, "salma") == ["part_asked", "part_moved"]


def test_who_is_let_go_hears_loses_sight_and_every_link(made: Scene) -> None:
    action = asked(made)
    token = scenes.link(made, action, "salma")

    update = parts.end(made.session, made.actor("amina"), action, row(made, action), reason="Un autre s'en charge.")

    assert (update.note, update.public_summary) == ("Un autre s'en charge.", "")
    assert scenes.is_revoked(made.session, token)
    assert kinds(made, "salma") == ["part_asked", "part_ended"]
    with pytest.raises(NotFound):
        action_queries.get(made.session, made.viewer("salma"), action.ref)
    assert rollups.faults(made.session) == []


def test_another_owner_kills_the_links_of_those_who_support_too_and_leaves_them_their_parts(made: Scene) -> None:
    action = asked(made)
    token = scenes.link(made, action, "salma")
    other = scenes.post(made.session, "other", made.organisations["centre"])

    actions.reassign(made.session, made.actor("amina"), action, owner_post_id=other, reason="Plus proche.")

    assert scenes.is_revoked(made.session, token)
    assert row(made, action).part_state is PartState.ASKED


def test_who_supports_an_action_leads_it_only_after_the_support_has_ended(made: Scene) -> None:
    action, amina = asked(made), made.actor("amina")
    with pytest.raises(Refused):
        actions.reassign(made.session, amina, action, owner_post_id=made.posts["salma"], reason="Plus proche.")

    parts.end(made.session, amina, action, row(made, action), reason="Elle mène.")
    actions.reassign(made.session, amina, action, owner_post_id=made.posts["salma"], reason="Plus proche.")

    assert action.owner_post_id == made.posts["salma"]
    assert rollups.faults(made.session) == []


def test_editing_an_action_under_way_leaves_its_parts_alone(made: Scene) -> None:
    action = asked(made)
    say(made, action, Answer.ON_TRACK)

    actions.edit(made.session, made.actor("amina"), action, supporting=[])

    assert row(made, action).part_state is PartState.UNDER_WAY


def test_nobody_but_the_secretariat_asks_and_nobody_but_its_post_answers(made: Scene) -> None:
    action = scenes.action(made)
    for name in ("karim", "salma", "youssef", "nadia"):
        with pytest.raises(NotAllowed):
            parts.add(made.session, made.actor(name), action, post_id=made.posts["salma"], titles={}, due_on=None)
    scenes.support(made, action)
    for name in ("amina", "youssef", "nadia", "leila"):
        with pytest.raises(NotAllowed):
            parts.answer(made.session, made.actor(name), action, Answer.DONE, words=Words(note="Fait."))


def test_the_lead_supports_nothing_and_nobody_twice(made: Scene) -> None:
    action = asked(made)
    for name in ("karim", "salma"):
        with pytest.raises(Refused):
            parts.add(made.session, made.actor("amina"), action, post_id=made.posts[name], titles={}, due_on=None)


def test_who_was_planned_to_support_is_asked_with_the_assignment(made: Scene) -> None:
    supporting = [(made.organisations["chamber"], made.posts["salma"], DUE)]
    action = scenes.action(made, State.ASSIGNED, supporting=supporting)

    assert row(made, action).asked_at is not None
    assert kinds(made, "salma") == ["part_asked"]


def subject(made: Scene, action: Action) -> ladder_candidates.Candidate | None:
    made.session.flush()
    people = directory.load(made.session, {made.posts["salma"], made.posts["karim"]}, set())
    until = clock.now().date() + dt.timedelta(days=60)
    found = ladder_candidates.candidates(made.session, people, until)
    return next((one for one in found if one.kind is Kind.PART and one.action_id == action.id), None)


def test_the_ladder_sees_a_part_as_its_own_post_left_it(made: Scene) -> None:
    action = asked(made, State.ASSIGNED)
    waiting = subject(made, action)
    say(made, action, Answer.ON_TRACK)
    going = subject(made, action)
    say(made, action, Answer.DONE, "Remis.")

    assert waiting
    assert waiting.subject.state is State.ASSIGNED
    assert going
    assert going.subject.state is State.IN_PROGRESS
    assert subject(made, action) is None


def test_the_desk_looks_after_the_earliest_part_that_is_not_done(made: Scene) -> None:
    action = asked(made, due_on=scenes.in_days(1))
    assert action.parts_due_on == scenes.in_days(1)

    say(made, action, Answer.DONE, "Remis.")
    assert action.parts_due_on is None


def test_each_word_of_a_part_says_whose_it_is(made: Scene) -> None:
    action = asked(made)
    update = parts.answer(made.session, made.actor("salma"), action, Answer.ON_TRACK)

    said = (update.verb, update.part_of_id, update.post_id)
    assert said == (Verb.PART_ON_TRACK, made.organisations["chamber"], made.posts["salma"])
