"""Pieces of evidence: who names them, and what they do to the fourth axis."""

import pytest
from sqlmodel import Session

from app.domain.errors import NotAllowed, Refused
from app.domain.workflow import Evidence, State
from app.services import evidence
from tests import scenes


@pytest.mark.parametrize("name", ["karim", "salma", "amina"])
def test_who_owes_the_action_and_the_secretariat_name_documents(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)

    item = evidence.attach(session, made.actor(name), action, title=" Le guide\u202e ", location="https://a.ma/guide")

    assert (item.title, item.location, item.released_at) == ("Le guide", "https://a.ma/guide", None)
    assert action.evidence == Evidence.DOCUMENTED


@pytest.mark.parametrize("name", ["leila", "youssef", "nadia", "omar"])
def test_nobody_else_does(session: Session, name: str) -> None:
    made = scenes.scene(session)

    with pytest.raises(NotAllowed):
        evidence.attach(session, made.actor(name), scenes.action(made), title="Le guide")


def test_a_document_has_a_name(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(Refused):
        evidence.attach(session, made.actor("karim"), scenes.action(made), title=" \u202e ")


def test_a_later_document_does_not_undo_a_verification(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.VERIFIED)

    evidence.attach(session, made.actor("karim"), action, title="Annexe")

    assert action.evidence == Evidence.VERIFIED
