"""Closing a recommendation says what becomes of each open action of it, and can be undone with a reason."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Problems, Refused
from app.domain.progress import Closure, Status
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.services.followup import actions, closures, recommendation_closures
from app.services.followup.recommendation_closures import Fate
from app.services.meetings import takebacks
from tests import scenes
from tests.scenes import Scene

WHY = Closure.NO_LONGER_APPLICABLE


def close(made: Scene, fates: dict[str, Fate] | None = None, name: str = "amina", reason: str = "Caduc.") -> None:
    recommendation_closures.close(made.session, made.actor(name), made.recommendation, WHY, reason=reason, fates=fates)


def test_no_action_stays_open_under_a_closed_recommendation(session: Session) -> None:
    made = scenes.scene(session, published=True)
    begun, declared, done = (
        scenes.action(made, state) for state in (State.IN_PROGRESS, State.SUBMITTED, State.VERIFIED)
    )

    close(made, {begun.ref: Fate.CANCELLED, declared.ref: Fate.NOT_APPLICABLE})

    assert (begun.state, declared.state, done.state) == (State.CANCELLED, State.NOT_APPLICABLE, State.VERIFIED)
    assert begun.end_reason == declared.end_reason == made.recommendation.closure_reason == "Caduc."
    assert made.recommendation.status == Status.NO_LONGER_APPLICABLE


def test_each_open_action_without_a_fate_is_named_and_nothing_is_closed(session: Session) -> None:
    made = scenes.scene(session)
    one, two = scenes.action(made), scenes.action(made, State.BLOCKED)

    with pytest.raises(Problems) as refused:
        close(made, {one.ref: Fate.CANCELLED})

    assert [problem.field for problem in refused.value.problems] == [f"fates.{two.ref}"]
    assert (made.recommendation.closure, one.state) == (None, State.IN_PROGRESS)


@pytest.mark.parametrize("name", ["karim", "youssef", "nadia", "omar"])
def test_the_secretariat_alone_closes_and_opens_again(session: Session, name: str) -> None:
    made = scenes.scene(session)

    with pytest.raises(NotAllowed):
        close(made, name=name)
    close(made)
    with pytest.raises(NotAllowed):
        takebacks.closure(session, made.actor(name), made.recommendation, reason="Erreur.")


def test_a_closure_is_undone_with_a_reason_and_its_actions_stay_ended(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    close(made, {action.ref: Fate.CANCELLED})

    with pytest.raises(Refused):
        takebacks.closure(session, made.actor("amina"), made.recommendation, reason=" ")
    takebacks.closure(session, made.actor("amina"), made.recommendation, reason="Le décret tient.")

    assert (made.recommendation.closure, made.recommendation.closure_reason) == (None, "")
    assert (made.recommendation.status, action.state) == (Status.ACCEPTED_NO_ACTION, State.CANCELLED)
    event = session.scalars(sa.select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event
    assert (event.verb, event.data["reason"]) == ("reopen", "Le décret tient.")


def test_nothing_begins_under_a_closed_recommendation(session: Session) -> None:
    made = scenes.scene(session)
    ended, draft = scenes.action(made), scenes.draft(made)
    close(made, {ended.ref: Fate.CANCELLED})

    with pytest.raises(Refused):
        closures.reopen(session, made.actor("amina"), ended, reason="Encore.")
    with pytest.raises(Refused):
        actions.assign(session, made.actor("amina"), draft)
    with pytest.raises(Refused):
        scenes.draft(made)
    with pytest.raises(Refused):
        close(made)

    takebacks.closure(session, made.actor("amina"), made.recommendation, reason="Le décret tient.")
    closures.reopen(session, made.actor("amina"), ended, reason="Encore.")
    assert ended.state == State.IN_PROGRESS
