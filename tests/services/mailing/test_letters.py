"""Looked at again before it leaves: a letter goes to whoever it concerns now, and to nobody whom it did concern."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.permissions import Role
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.people import Holding, RoleGrant
from app.models.updates import Update
from app.queries.mailing.letters import recipients
from app.queries.mailing.recipients import standing
from app.services.mailing.letters import KINDS, Case, LetterCache, NoLongerWanted, QueuedMessage
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def look(made: Scene, kind: str, name: str, action: Action) -> None:
    """Raises NoLongerWanted when the letter has lost its sense."""
    envelope = QueuedMessage(0, made.people[name], kind, "u1", "action", action.id, {})
    whom = recipients(made.session, [made.people[name]])[made.people[name]]
    KINDS[kind].look(Case(LetterCache(made.session, clock.now()), envelope, whom))


def hand_over(made: Scene, post: str, to: str) -> None:
    present = sa.update(Holding).where(col(Holding.post_id) == made.posts[post])
    made.session.execute(present.values(until_on=dt.date(2026, 11, 20)))
    scenes.holds(made.session, made.people[to], made.posts[post])


def take_back(made: Scene, name: str, role: Role) -> None:
    theirs = sa.and_(col(RoleGrant.person_id) == made.people[name], col(RoleGrant.role) == role)
    made.session.execute(sa.delete(RoleGrant).where(theirs))


@pytest.mark.parametrize("kind", ["action_assigned", "action_reassigned", "action_returned", "link_renewed"])
def test_what_the_holder_owes_is_told_to_the_holder_of_now(made: Scene, kind: str) -> None:
    action = scenes.action(made, State.ASSIGNED)
    look(made, kind, "karim", action)

    hand_over(made, "karim", "salma")

    look(made, kind, "salma", action)
    with pytest.raises(NoLongerWanted, match="No longer the holder"):
        look(made, kind, "karim", action)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("action_assigned", State.CANCELLED),
        ("action_assigned", State.SUBMITTED),
        ("action_returned", State.VERIFIED),
        ("action_submitted", State.IN_PROGRESS),
        ("action_verified", State.IN_PROGRESS),
        ("action_declined", State.ASSIGNED),
        ("action_blocked", State.IN_PROGRESS),
        ("action_unheld", State.CANCELLED),
    ],
)
def test_what_has_moved_on_is_told_to_nobody(made: Scene, kind: str, state: State) -> None:
    action = scenes.action(made, state)
    for name in ("karim", "amina", "youssef", "leila"):
        with pytest.raises(NoLongerWanted):
            look(made, kind, name, action)


def test_a_verifier_who_is_none_any_more_is_not_asked_to_verify(made: Scene) -> None:
    action = scenes.action(made, State.SUBMITTED)
    look(made, "action_submitted", "youssef", action)

    take_back(made, "youssef", Role.VERIFIER)

    with pytest.raises(NoLongerWanted, match="No longer concerned"):
        look(made, "action_submitted", "youssef", action)


def test_a_manager_who_is_none_any_more_does_not_hear_of_obstacles(made: Scene) -> None:
    action = scenes.action(made, State.BLOCKED)
    look(made, "action_blocked", "leila", action)

    hand_over(made, "leila", "salma")

    look(made, "action_blocked", "salma", action)
    with pytest.raises(NoLongerWanted, match="No longer concerned"):
        look(made, "action_blocked", "leila", action)


def test_a_post_that_has_a_holder_again_is_no_alarm(made: Scene) -> None:
    action = scenes.action(made, State.ASSIGNED)
    with pytest.raises(NoLongerWanted, match="has a holder again"):
        look(made, "action_unheld", "amina", action)

    made.session.execute(sa.update(Holding).values(until_on=dt.date(2026, 11, 20)))

    look(made, "action_unheld", "amina", action)
    with pytest.raises(NoLongerWanted, match="No longer concerned"):
        look(made, "action_unheld", "omar", action)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb.facts.letter])
def test_the_letter_of_every_verb_is_a_kind_that_can_be_written(verb: Verb) -> None:
    assert verb.facts.letter in KINDS, f"write how {verb.facts.letter} is loaded into services/mailing/letters"


def foot(made: Scene, kind: str, name: str, action: Action, **params: object) -> str:
    """Why the reader gets this letter, in English."""
    envelope = QueuedMessage(0, made.people[name], kind, "u1", "action", action.id, params)
    whom = recipients(made.session, [made.people[name]])[made.people[name]]
    to = KINDS[kind].load(Case(LetterCache(made.session, clock.now()), envelope, whom)).to
    return str(to.why).removeprefix("You receive this mail because ")


def test_the_foot_of_a_letter_says_as_what_its_reader_gets_it(made: Scene) -> None:
    second = scenes.post(made.session, "second", made.organisations["chamber"])
    scenes.holds(made.session, made.people["leila"], second)  # in another body, beside the one that she manages
    blocked = scenes.action(made, State.BLOCKED)
    submitted = scenes.action(made, State.SUBMITTED)
    fez = made.programme.titles["fr"]
    centre = "Centre"

    said = {
        "karim": foot(made, "deadline_moved", "karim", blocked, **moved_to(made, blocked)),
        "leila": foot(made, "action_blocked", "leila", blocked),
        "amina": foot(made, "action_blocked", "amina", blocked),
        "youssef": foot(made, "action_submitted", "youssef", submitted),
        "amina, to verify": foot(made, "action_submitted", "amina", submitted),
        "former": foot(made, "link_moved", "leila", blocked, former_post_id=made.posts["karim"]),
    }

    assert said == {
        "karim": f"you hold this post: Poste follow-up · {centre}.",
        "leila": f"you manage: {centre}.",
        "amina": f"you belong to the secretariat of: {fez}.",
        "youssef": f"you verify for: {fez}.",
        "amina, to verify": f"you belong to the secretariat of: {fez}.",
        "former": f"you hold this post: Poste follow-up · {centre}.",
    }


def moved_to(made: Scene, action: Action) -> dict[str, object]:
    query = sa.select(col(Update.id)).where(col(Update.action_id) == action.id).order_by(col(Update.id).desc())
    return {"update_id": made.session.scalars(query).first(), "to_on": str(action.due_on)}


def test_in_the_digest_and_of_a_failed_mail_the_foot_names_what_its_reader_answers_for(made: Scene) -> None:
    assert answered_for(made, "amina") == (Role.SECRETARIAT, ["Programme de Fès"])
    assert answered_for(made, "leila") == (Role.MANAGER, ["Centre"])
    assert answered_for(made, "nadia") == (Role.ADMINISTRATOR, [])
    scenes.grant(made.session, made.people["amina"], Role.SECRETARIAT)
    assert answered_for(made, "amina") == (Role.SECRETARIAT, ["Programme de Fès", "Programme de Rabat"])


def answered_for(made: Scene, name: str) -> tuple[Role, list[str]]:
    role, titles = standing(made.session, made.people[name])
    return role, [one["fr"] for one in titles]
