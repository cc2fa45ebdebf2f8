"""The words of an answer are corrected by who gave it or the secretariat; the public reads the new ones, marked."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotAllowed, Refused, Stale
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.evidence import EvidenceItem
from app.models.meetings import ReleasePolicy
from app.models.searches import SearchDocument
from app.models.updates import Update, Via
from app.search.words import stems
from app.services.followup import corrections, evidence, updates
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.kernel import searches
from app.services.upkeep import integrity
from tests import scenes
from tests.scenes import Scene

OLD, NEW = "Le guide est chez l'imprimeur Benjelloun.", "Le guide est chez l'imprimeur."
SAID = Words(note="Livraison mardi.", public_summary=OLD)


def reported(made: Scene, via: Via = Via.WORKSPACE, words: Words = SAID) -> tuple[Action, Update]:
    action = scenes.action(made)
    scenes.publish(made, action)
    return action, updates.report(made.session, made.actor("karim", via), action, words=words)


def correct(made: Scene, found: tuple[Action, Update], who: str = "karim", **changes: object) -> None:
    given: dict[str, object] = {"public_summary": NEW}
    via = changes.pop("via", Via.WORKSPACE)
    corrections.correct(made.session, made.actor(who, via), *found, **(given | changes))  # type: ignore[arg-type]


def test_the_new_words_stand_and_the_old_ones_are_in_the_record_alone(session: Session) -> None:
    made = scenes.scene(session, published=True)
    action, update = reported(made)
    released = update.released_at

    correct(made, (action, update))

    assert (update.public_summary, update.note, update.corrections) == (NEW, "Livraison mardi.", 1)
    assert (update.released_at, update.corrected_at is not None) == (released, True)
    event = session.scalars(sa.select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event
    assert (event.verb, event.subject_id) == ("correct", action.id)
    assert event.data["was"] == {"note": "Livraison mardi.", "public_summary": OLD}
    assert integrity.differences(session) == []


def test_nobody_finds_the_old_words(session: Session) -> None:
    made = scenes.scene(session, published=True)
    found = reported(made)
    correct(made, found)
    searches.settle(session)

    [stem] = stems("Benjelloun")
    tokens = " ".join(session.scalars(sa.select(col(SearchDocument.tokens))))
    assert stem not in tokens.split(" ")


@pytest.mark.parametrize("who", ["leila", "salma", "youssef", "nadia", "omar"])
def test_only_its_author_and_the_secretariat_correct_it(session: Session, who: str) -> None:
    made = scenes.scene(session)
    found = reported(made)
    scenes.support(made, found[0])

    with pytest.raises(NotAllowed):
        correct(made, found, who)
    correct(made, found, "amina")
    assert found[1].public_summary == NEW


def test_what_was_decided_is_no_answer_to_correct(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.VERIFIED)
    last = session.scalars(sa.select(Update).order_by(col(Update.id).desc())).first()
    assert last

    with pytest.raises(NotAllowed):
        correct(made, (action, last), "amina")


def test_words_that_wait_or_are_withheld_do_not_come_out_by_being_corrected(session: Session) -> None:
    made = scenes.scene(session)
    mailed = reported(made, Via.MAIL_LINK)
    correct(made, mailed)
    assert (mailed[1].public_summary, mailed[1].released_at) == (NEW, None)

    withheld = reported(made)
    updates.withhold(session, made.actor("amina"), withheld[1], reason="Un nom")
    correct(made, withheld)
    assert (withheld[1].released_at, withheld[1].withheld_reason) == (None, "Un nom")


def test_what_is_corrected_behind_a_mailed_key_waits_for_its_release_again_with_its_documents(
    session: Session,
) -> None:
    made = scenes.scene(session)
    action, update = reported(made)
    piece = evidence.add(session, made.actor("karim"), action, Document("Le bon", "n° 7"), update)
    assert piece.released_at

    correct(made, (action, update), via=Via.MAIL_LINK)

    session.expire_all()
    assert update.released_at is None
    assert session.get_one(EvidenceItem, piece.id).released_at is None

    made.programme.release_policy = ReleasePolicy.AT_ONCE
    correct(made, (action, update), via=Via.MAIL_LINK, public_summary="Autre")
    assert update.released_at is not None


def test_a_sentence_is_withdrawn_but_what_needs_words_keeps_some(session: Session) -> None:
    made = scenes.scene(session)
    action, update = reported(made)
    correct(made, (action, update), public_summary="")
    assert (update.public_summary, update.note) == ("", "Livraison mardi.")

    with pytest.raises(Refused, match="without a word"):
        correct(made, (action, update), public_summary="", note=" ")
    with pytest.raises(Refused, match="stand there already"):
        correct(made, (action, update), public_summary="")


def test_a_note_that_said_the_same_says_the_same_again(session: Session) -> None:
    made = scenes.scene(session)
    found = reported(made, Via.MAIL_LINK, Words(note=OLD, public_summary=OLD))
    correct(made, found)
    assert found[1].note == NEW


def test_a_note_alone_is_corrected_without_a_public_mark(session: Session) -> None:
    made = scenes.scene(session)
    found = reported(made)
    correct(made, found, public_summary=OLD, note="Livraison jeudi.")
    assert (found[1].note, found[1].corrected_at) == ("Livraison jeudi.", None)


def test_a_form_made_before_another_correction_is_stale(session: Session) -> None:
    made = scenes.scene(session)
    found = reported(made)
    correct(made, found, seen=0)

    with pytest.raises(Stale) as stale:
        correct(made, found, public_summary="Autre", seen=0)
    assert stale.value.current["public_summary"] == NEW


def test_silence_and_state_are_not_moved_by_a_correction(session: Session) -> None:
    made = scenes.scene(session)
    action, update = reported(made)
    before = action.state, action.last_word_at, action.moved_at, update.at
    with clock.at(clock.now().replace(year=2027)):
        correct(made, (action, update))
    assert (action.state, action.last_word_at, action.moved_at, update.at) == before
