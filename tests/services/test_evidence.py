"""Pieces of evidence: who names them, and what they do to the fourth axis."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, Refused
from app.domain.workflow import Evidence, State
from app.models.evidence import EvidenceItem
from app.models.updates import Via
from app.services import evidence, updates
from app.services.audit import Actor
from app.services.transitions import Words
from tests import scenes


@pytest.mark.parametrize("name", ["karim", "salma", "amina"])
def test_who_owes_the_action_and_the_secretariat_name_documents(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)

    item = evidence.attach(session, made.actor(name), action, title=" Le guide\u202e ", location="https://a.ma/guide")

    assert (item.title, item.location) == ("Le guide", "https://a.ma/guide")
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


def test_a_release_lets_nothing_out_of_another_action(session: Session) -> None:
    made = scenes.scene(session)
    mailed = Actor(made.actor("karim").viewer, Via.MAIL_LINK)
    this, other = scenes.action(made), scenes.action(made)
    for action in (other, this):
        evidence.attach(session, mailed, action, title="La photo")

    update = updates.on_track(session, mailed, this, words=Words(public_summary="Voici la photo."))
    updates.release(session, made.actor("amina"), update)

    released = sa.select(col(EvidenceItem.action_id)).where(col(EvidenceItem.released_at).is_not(None))
    assert set(session.scalars(released)) <= {this.id}


def test_a_piece_is_public_at_once_from_the_workspace_and_by_hand_from_a_mail(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    mailed = Actor(made.actor("karim").viewer, Via.MAIL_LINK)

    shown = evidence.attach(session, made.actor("karim"), action, title="Le guide")
    waiting = evidence.attach(session, mailed, action, title="La photo")
    assert (shown.released_at is not None, waiting.released_at) == (True, None)

    update = updates.on_track(session, mailed, action, words=Words(public_summary="Voici la photo."))
    updates.release(session, made.actor("amina"), update)
    session.refresh(waiting)
    assert waiting.released_at is not None
