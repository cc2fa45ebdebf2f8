"""What a verifier decides: never of their own work; what follows from it for keys, holder and status."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Refused
from app.domain.permissions import Role
from app.domain.progress import Status
from app.domain.workflow import Evidence, State
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.services.followup import updates, verifications
from app.services.followup.transitions import Words
from tests import scenes


def test_what_is_verified_is_told_to_the_holder_and_implements_the_recommendation(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)

    verifications.verify(session, made.actor("youssef"), action, note="Vu le guide.")

    assert (action.state, action.evidence) == (State.VERIFIED, Evidence.VERIFIED)
    assert action.verified_at
    assert action.ended_at
    assert made.recommendation.status == Status.IMPLEMENTED
    told = session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "action_verified")).all()
    assert told == [made.people["karim"]]


def test_a_verified_action_is_closed_for_the_keys_in_mails(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)
    token = scenes.link(made, action)

    verifications.verify(session, made.actor("youssef"), action)

    assert scenes.is_revoked(session, token)


def test_nobody_verifies_what_they_submitted(session: Session) -> None:
    made = scenes.scene(session)
    scenes.grant(session, made.people["karim"], Role.VERIFIER, made.programme)
    action = scenes.action(made, State.SUBMITTED)

    with pytest.raises(NotAllowed):
        verifications.verify(session, made.actor("karim"), action)


def test_the_secretariat_alone_does_not_verify(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(NotAllowed):
        verifications.verify(session, made.actor("amina"), scenes.action(made, State.SUBMITTED))


def test_a_return_needs_a_reason_and_keeps_the_documents(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)

    with pytest.raises(Refused):
        verifications.send_back(session, made.actor("youssef"), action, reason="")
    verifications.send_back(session, made.actor("youssef"), action, reason="Il manque la version arabe.")

    assert (action.state, action.evidence) == (State.IN_PROGRESS, Evidence.DOCUMENTED)


def test_a_return_without_documents_is_as_if_nothing_had_been_declared(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    updates.submit(session, made.actor("karim"), action, words=Words(note="Fait."))

    verifications.send_back(session, made.actor("youssef"), action, reason="Où est-ce écrit ?")

    assert action.evidence == Evidence.NONE


def test_a_dispute_marks_the_recommendation_and_leaves_the_state(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made, State.VERIFIED)
    scenes.publish(made, action)

    scenes.dispute(session, made.actor("amina"), action, text="Le guichet est fermé.")

    assert (action.state, action.evidence) == (State.VERIFIED, Evidence.DISPUTED)
    assert made.recommendation.is_disputed
    assert _verbs(session, action.id)[-1] == "dispute"


def test_only_what_was_verified_can_be_disputed(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(Refused):
        scenes.dispute(session, made.actor("amina"), scenes.action(made), text="Non.")
    with pytest.raises(NotAllowed):
        scenes.dispute(session, made.actor("karim"), scenes.action(made, State.VERIFIED), text="Non.")


def _verbs(session: Session, action_id: int | None) -> list[str]:
    query = sa.select(col(AuditEvent.verb)).where(
        col(AuditEvent.subject_kind) == "action", col(AuditEvent.subject_id) == action_id
    )
    return list(session.scalars(query.order_by(col(AuditEvent.id))))
