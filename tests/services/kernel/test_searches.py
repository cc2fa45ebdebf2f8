"""The index of search follows the verbs: what changes hands is found by those who have it now, and by nobody before."""

from sqlmodel import Session

from app.domain.workflow import State
from app.services.followup import actions, updates
from app.services.followup.transitions import Words
from app.services.kernel import search_rebuild
from app.services.meetings import meetings, recommendations
from tests import scenes
from tests.queries.followup.test_searches import CANARY, found


def test_who_gets_an_action_finds_what_was_said_before_and_who_gave_it_up_does_not(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS)
    updates.report(session, made.actor("karim"), action, words=Words(f"Note {CANARY}", ""))
    assert found(made, "karim", CANARY) == [("note", action.ref)]
    assert found(made, "salma", CANARY) == []

    actions.reassign(session, made.actor("amina"), action, owner_post_id=made.posts["salma"], reason="Autre poste.")

    assert found(made, "salma", CANARY) == [("note", action.ref)]
    assert found(made, "karim", CANARY) == []
    assert search_rebuild.faults(session) == []


def test_who_supports_an_action_finds_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.IN_PROGRESS, titles={"fr": CANARY})
    assert found(made, "salma", CANARY) == []

    scenes.support(made, action)

    assert found(made, "salma", CANARY) == [("action", action.ref)]


def test_a_title_that_is_corrected_is_found_by_its_new_words_alone(session: Session) -> None:
    made = scenes.scene(session)
    item = made.recommendation
    item.titles = {"fr": CANARY}

    assert found(made, "amina", CANARY) == [("recommendation", item.ref)]
    assert found(made, "amina", "certifier") == []


def test_publishing_a_meeting_and_taking_it_back_is_followed_for_all_below(session: Session) -> None:
    made = scenes.scene(session, published=True)
    scenes.support(made, scenes.action(made, State.SUBMITTED))
    meetings.withdraw(session, made.actor("amina"), made.meeting, reason="Une erreur.")
    session.commit()
    assert search_rebuild.faults(session) == []

    meetings.publish(session, made.actor("amina"), made.meeting)
    recommendations.withdraw(session, made.actor("amina"), made.recommendation, reason="Une erreur.")
    session.commit()
    assert search_rebuild.faults(session) == []
