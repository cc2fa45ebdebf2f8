"""Making, editing, assigning and publishing actions: references, the baseline, who hears, what becomes public."""

from functools import partial

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Problems, Refused, Stale
from app.domain.progress import Response, Status
from app.domain.workflow import State
from app.models.actions import ActionSupport
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.people import Holding
from app.services.followup import actions, updates
from app.services.meetings import recommendations
from tests import scenes
from tests.scenes import Scene


def heard(made: Scene) -> list[tuple[str, int]]:
    query = sa.select(col(Envelope.kind), col(Envelope.person_id)).order_by(col(Envelope.id))
    return [(kind, person_id) for kind, person_id in made.session.execute(query)]


def test_actions_are_numbered_under_their_recommendation(session: Session) -> None:
    made = scenes.scene(session)

    first, second = scenes.draft(made), scenes.draft(made)

    assert [first.ref, second.ref] == [f"{made.recommendation.ref}.1", f"{made.recommendation.ref}.2"]
    assert first.lead_organisation_id == made.organisations["centre"]
    assert heard(made) == []


def test_a_draft_plans_nothing_yet(session: Session) -> None:
    made = scenes.scene(session)

    scenes.draft(made)

    assert made.recommendation.status == Status.AWAITING_RESPONSE


def test_an_assigned_action_accepts_its_recommendation_and_tells_the_holder(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.draft(made)

    actions.assign(session, made.actor("amina"), action)

    assert (action.state, action.baseline_on, action.deadline_version) == (State.ASSIGNED, scenes.in_days(20), 1)
    assert made.recommendation.response == Response.ACCEPTED
    assert made.recommendation.status == Status.NOT_STARTED
    assert heard(made) == [("action_assigned", made.people["karim"])]


def test_an_action_without_post_or_date_is_not_assigned_and_both_are_named(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.draft(made, owner_post_id=None, due_on=None)

    with pytest.raises(Problems) as several:
        actions.assign(session, made.actor("amina"), action)

    assert [problem.field for problem in several.value.problems] == ["owner_post_id", "due_on"]
    assert action.state == State.DRAFT


def test_an_empty_post_is_told_to_the_secretariat(session: Session) -> None:
    made = scenes.scene(session)
    session.execute(sa.delete(Holding).where(col(Holding.post_id) == made.posts["karim"]))

    actions.assign(session, made.actor("amina"), scenes.draft(made))

    assert heard(made) == [("action_unheld", made.people["amina"])]


def test_a_declined_action_that_was_public_keeps_its_baseline_and_counts_the_new_date(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made, State.ASSIGNED)
    scenes.publish(made, action)
    updates.decline(session, made.actor("karim"), action, reason="Ce n'est pas de notre ressort.")

    anew = partial(actions.assign, session, made.actor("amina"), action, owner_post_id=made.posts["salma"])
    with pytest.raises(Refused, match="Give the reason"):
        anew(due_on=scenes.in_days(40))
    update = anew(due_on=scenes.in_days(40), reason="La chambre reprend à zéro.")

    assert (action.baseline_on, action.due_on, action.extensions) == (scenes.in_days(20), scenes.in_days(40), 1)
    assert (update.public_summary, update.released_at is not None) == ("La chambre reprend à zéro.", True)


def test_a_declined_action_that_was_public_keeps_its_date_without_a_reason(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made, State.ASSIGNED)
    scenes.publish(made, action)
    updates.decline(session, made.actor("karim"), action, reason="Ce n'est pas de notre ressort.")

    update = actions.assign(session, made.actor("amina"), action, owner_post_id=made.posts["salma"])

    assert (action.due_on, action.extensions, update.public_summary) == (scenes.in_days(20), 0, "")


def test_a_declined_action_gets_its_first_date_anew_while_nobody_outside_has_seen_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.DECLINED)

    actions.assign(session, made.actor("amina"), action, owner_post_id=made.posts["salma"], due_on=scenes.in_days(40))

    assert (action.baseline_on, action.due_on, action.extensions) == (scenes.in_days(40), scenes.in_days(40), 0)
    assert action.lead_organisation_id == made.organisations["chamber"]
    assert action.deadline_version == 2
    assert action.last_word_at is None


def test_reassigning_kills_the_old_keys_and_tells_the_new_holder(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    token = scenes.link(made, action)

    actions.reassign(
        session, made.actor("amina"), action, owner_post_id=made.posts["salma"], reason="Le guichet est à la chambre."
    )

    assert (action.state, action.owner_post_id) == (State.ASSIGNED, made.posts["salma"])
    assert heard(made)[-2:] == [("action_reassigned", made.people["salma"]), ("link_moved", made.people["karim"])]
    assert scenes.is_revoked(session, token)


def test_reassigning_to_the_same_post_or_without_reason_is_refused(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)

    for post, reason in (("karim", "Pourquoi pas."), ("salma", " ")):
        with pytest.raises(Refused):
            actions.reassign(session, made.actor("amina"), action, owner_post_id=made.posts[post], reason=reason)


def test_an_edit_changes_words_and_of_a_draft_also_the_plan(session: Session) -> None:
    made = scenes.scene(session)
    drafted, assigned = scenes.draft(made), scenes.action(made, State.ASSIGNED)
    changes = {"titles": {"fr": "Un guide"}, "due_on": scenes.in_days(90), "owner_post_id": made.posts["salma"]}

    for action in (drafted, assigned):
        actions.edit(session, made.actor("amina"), action, version=action.version, **changes)

    assert drafted.titles == assigned.titles == {"fr": "Un guide"}
    assert (drafted.due_on, drafted.owner_post_id) == (scenes.in_days(90), made.posts["salma"])
    assert (assigned.due_on, assigned.owner_post_id) == (scenes.in_days(20), made.posts["karim"])


def test_a_stale_edit_shows_what_stands(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.draft(made)
    actions.edit(session, made.actor("amina"), action, version=1, titles={"fr": "Première"})

    with pytest.raises(Stale) as stale:
        actions.edit(session, made.actor("amina"), action, version=1, titles={"fr": "Seconde"})

    assert stale.value.current["titles"] == {"fr": "Première"}


def test_supporting_bodies_are_named_once_and_never_the_lead(session: Session) -> None:
    made = scenes.scene(session)
    chamber, centre = made.organisations["chamber"], made.organisations["centre"]
    action = scenes.draft(made, supporting=[(chamber, None, None), (chamber, made.posts["salma"], None)])

    with pytest.raises(Refused):
        actions.edit(session, made.actor("amina"), action, supporting=[(centre, None, None)])
    with pytest.raises(Refused):
        actions.edit(session, made.actor("amina"), action, supporting=[(999, None, None)])

    actions.edit(session, made.actor("amina"), action, supporting=[(chamber, made.posts["salma"], None)])
    rows = session.execute(sa.select(col(ActionSupport.organisation_id), col(ActionSupport.post_id))).all()
    assert [tuple(row) for row in rows] == [(chamber, made.posts["salma"])]


def test_an_action_is_public_only_with_its_recommendation(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made)

    actions.publish(session, made.actor("amina"), action)
    assert action.is_public
    recommendations.withdraw(session, made.actor("amina"), made.recommendation, reason="Erreur.")
    assert not action.is_public
    recommendations.publish(session, made.actor("amina"), made.recommendation)

    assert action.is_public
    assert made.recommendation.public_status == Status.IN_PROGRESS


def test_a_withdrawn_action_leaves_the_public_status_with_a_private_reason(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made)
    actions.publish(session, made.actor("amina"), action)

    with pytest.raises(Refused):
        actions.withdraw(session, made.actor("amina"), action, reason=" ")
    actions.withdraw(session, made.actor("amina"), action, reason="Publié trop tôt.")

    assert not action.is_public
    assert made.recommendation.public_status == Status.ACCEPTED_NO_ACTION
    assert _verbs(session)[-1] == "withdraw"


@pytest.mark.parametrize("name", ["karim", "leila", "youssef", "nadia", "omar"])
def test_only_the_secretariat_makes_edits_assigns_and_publishes(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action, actor = scenes.draft(made), made.actor(name)

    with pytest.raises(NotAllowed):
        actions.create(session, actor, made.recommendation, titles={"fr": "Non"})
    with pytest.raises(NotAllowed):
        actions.edit(session, actor, action, titles={"fr": "Non"})
    with pytest.raises(NotAllowed):
        actions.assign(session, actor, action)
    with pytest.raises(NotAllowed):
        actions.publish(session, actor, action)
    with pytest.raises(NotAllowed):
        actions.withdraw(session, actor, action, reason="Non")


def _verbs(session: Session) -> list[str]:
    query = sa.select(col(AuditEvent.verb)).where(col(AuditEvent.subject_kind) == "action")
    return list(session.scalars(query.order_by(col(AuditEvent.id))))
