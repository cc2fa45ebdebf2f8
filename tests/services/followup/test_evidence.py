"""Pieces of evidence: who names them, what they do to the fourth axis, when they are public, who may not verify."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.errors import NotAllowed, Refused
from app.domain.permissions import Role
from app.domain.places import NEWS, of
from app.domain.workflow import Evidence, State
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.meetings import ReleasePolicy
from app.models.notifications import Envelope
from app.models.rollups import PublicChange
from app.models.updates import Update, Via
from app.queries.followup import actions
from app.services.followup import evidence, updates, verifications
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.kernel.audit import Actor
from tests import scenes
from tests.scenes import Scene


@pytest.mark.parametrize("name", ["karim", "salma", "amina"])
def test_who_owes_the_action_and_the_secretariat_name_documents(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    scenes.support(made, action)

    item = evidence.attach(session, made.actor(name), action, title=" Le guide\u202e ", location="https://a.ma/guide")

    assert (item.title, item.location) == ("Le guide", "https://a.ma/guide")
    assert action.evidence == Evidence.DOCUMENTED


def test_what_is_handed_out_is_what_was_written(database: Database) -> None:
    """It was never loaded: another transaction finds the same."""
    with database.write() as session:
        made = scenes.scene(session)
        action = scenes.action(made)
        told = updates.report(session, made.actor("karim"), action, words=Words("Interne", "Trois réunions", 40, "fr"))
        item = evidence.attach(session, made.actor("karim"), action, title="Guide", location="2026/17", update=told)
        item.title = "Le guide"
    with database.read() as session:
        for row in (told, item):
            assert session.get_one(type(row), row.id).model_dump() == row.model_dump()


def test_a_later_document_is_shown_where_its_action_is_and_nowhere_else(database: Database) -> None:
    """Pages in memory are made anew where the log says: not those of the whole site for each document."""
    with database.write() as session:
        made = scenes.scene(session, published=True)
        action, inside = scenes.action(made), scenes.action(made)
        scenes.publish(made, action)
        for item in (action, inside):
            evidence.attach(session, made.actor("karim"), item, title="Le guide")
    for item, places in ((action, {NEWS, of("recommendation", made.ids["recommendation"])}), (inside, None)):
        with database.write() as session:
            made.within(session)
            found = actions.get(session, made.viewer("karim"), item.ref, lock=True)
            session.execute(sa.delete(PublicChange))
            session.info.clear()
            evidence.attach(session, made.actor("karim"), found, title="Deuxième pièce")
        with database.read() as session:
            logged = session.scalars(sa.select(col(PublicChange.scopes))).all()
        assert [set(scopes) for scopes in logged] == ([places] if places else [])


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


def by_mail(made: Scene, name: str = "karim") -> Actor:
    return Actor(made.actor(name).viewer, Via.MAIL_LINK)


def declared(made: Scene, actor: Actor, title: str = "Le guide", summary: str = "Le guide est paru.") -> Update:
    """Done, with a document in the same form."""
    words = Words(note="Fait.", public_summary=summary)
    return updates.submit(made.session, actor, scenes.action(made), words=words, document=Document(title))


def piece(made: Scene, update: Update) -> EvidenceItem:
    query = sa.select(EvidenceItem).where(col(EvidenceItem.update_id) == update.id)
    return made.session.scalars(query, execution_options={"populate_existing": True}).one()


def test_a_piece_alone_is_public_at_once_from_the_workspace_and_by_hand_from_a_mail(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)

    shown = evidence.attach(session, made.actor("karim"), action, title="Le guide")
    waiting = evidence.attach(session, by_mail(made), action, title="La photo")
    assert (shown.released_at is not None, waiting.released_at) == (True, None)

    # Other words change nothing: it came alone.
    update = updates.on_track(session, by_mail(made), action, words=Words(public_summary="Voici la photo."))
    updates.release(session, made.actor("amina"), update)
    session.refresh(waiting)
    assert waiting.released_at is None
    evidence.release(session, made.actor("amina"), action, waiting)
    assert waiting.released_at is not None


def test_a_piece_becomes_public_with_the_words_it_came_with(session: Session) -> None:
    made = scenes.scene(session)
    update = declared(made, by_mail(made))
    assert piece(made, update).released_at is None

    updates.release(session, made.actor("amina"), update)

    assert piece(made, update).released_at == update.released_at


def test_the_document_of_withheld_words_stays_in_the_house_whatever_is_released_later(session: Session) -> None:
    made = scenes.scene(session)
    update = declared(made, by_mail(made))
    action = session.get_one(Action, update.action_id)
    updates.withhold(session, made.actor("amina"), update, reason="Un nom y figure.")
    verifications.send_back(session, made.actor("youssef"), action, reason="Encore.")

    later = updates.on_track(session, by_mail(made), action, words=Words(public_summary="Nous continuons."))
    updates.release(session, made.actor("amina"), later)

    assert piece(made, update).released_at is None


def test_words_taken_off_again_take_their_document_with_them(session: Session) -> None:
    made = scenes.scene(session)
    update = declared(made, made.actor("karim"))
    assert piece(made, update).released_at is not None

    updates.withhold(session, made.actor("amina"), update, reason="Un nom y figure.")

    assert piece(made, update).released_at is None


def test_a_piece_is_not_public_before_its_words(session: Session) -> None:
    made = scenes.scene(session)
    update = declared(made, by_mail(made))
    action = session.get_one(Action, update.action_id)

    with pytest.raises(Refused):
        evidence.release(session, made.actor("amina"), action, piece(made, update))


def test_a_piece_withheld_on_its_own_does_not_follow_its_words(session: Session) -> None:
    made = scenes.scene(session)
    update = declared(made, by_mail(made))
    action = session.get_one(Action, update.action_id)

    with pytest.raises(Refused):
        evidence.withhold(session, made.actor("amina"), action, piece(made, update), reason=" ")
    evidence.withhold(session, made.actor("amina"), action, piece(made, update), reason="Des signatures y figurent.")
    updates.release(session, made.actor("amina"), update)

    assert piece(made, update).released_at is None
    evidence.release(session, made.actor("amina"), action, piece(made, update))
    assert piece(made, update).released_at is not None


@pytest.mark.parametrize("name", ["karim", "leila", "youssef", "omar"])
def test_the_secretariat_alone_releases_and_withholds_documents(session: Session, name: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    item = evidence.attach(session, by_mail(made), action, title="La photo")

    with pytest.raises(NotAllowed):
        evidence.release(session, made.actor(name), action, item)
    with pytest.raises(NotAllowed):
        evidence.withhold(session, made.actor(name), action, item, reason="Non.")


def test_a_piece_alone_is_released_by_itself_where_the_programme_says_so(session: Session) -> None:
    made = scenes.scene(session)
    made.programme.release_policy, made.programme.release_days = ReleasePolicy.AFTER_DAYS, 1
    item = evidence.attach(session, by_mail(made), scenes.action(made), title="La photo")
    assert item.release_on
    assert item.released_at is None

    with clock.at(dt.datetime.combine(item.release_on, dt.time(9), tzinfo=dt.UTC)):
        updates.release_due(session)

    session.refresh(item)
    assert item.released_at is not None


@pytest.mark.parametrize("name", ["amina", "salma"])
def test_who_named_the_evidence_does_not_verify_it(session: Session, name: str) -> None:
    made = scenes.scene(session)
    scenes.grant(session, made.people[name], Role.VERIFIER, made.programme)
    action = scenes.action(made)
    scenes.support(made, action)
    evidence.attach(session, made.actor(name), action, title="Le guide")
    updates.submit(session, made.actor("karim"), action, words=Words(note="Fait."))

    asked = session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "action_submitted"))
    assert list(asked) == [made.people["youssef"]]
    with pytest.raises(NotAllowed):
        verifications.verify(session, made.actor(name), action)


def test_who_recorded_it_on_behalf_does_not_verify_it_until_it_is_returned(session: Session) -> None:
    made = scenes.scene(session)
    scenes.grant(session, made.people["amina"], Role.VERIFIER, made.programme)
    action = scenes.action(made)
    told = updates.on_track(session, made.actor("karim"), action)
    told.person_id, told.via = made.people["amina"], Via.ON_BEHALF
    updates.submit(session, made.actor("karim"), action, words=Words(note="Fait."))

    with pytest.raises(NotAllowed):
        verifications.verify(session, made.actor("amina"), action)
    verifications.send_back(session, made.actor("youssef"), action, reason="Encore.")
    updates.submit(session, made.actor("karim"), action, words=Words(note="Fait."))
    verifications.verify(session, made.actor("amina"), action)

    assert action.state == State.VERIFIED
