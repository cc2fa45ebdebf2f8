"""An external partner answers as any owner, and nothing of its words is public before somebody releases them."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.domain.answers import Answer
from app.domain.workflow import State
from app.models.evidence import EvidenceItem
from app.models.meetings import Programme, ReleasePolicy
from app.models.people import Organisation, Post
from app.models.updates import Via
from app.queries.followup import extensions as asked
from app.queries.followup.actions import facts
from app.services.followup import answers, corrections, evidence, extensions, updates
from app.services.followup.evidence import Document
from app.services.followup.transitions import Words
from app.services.setup import organisations
from tests import scenes
from tests.scenes import Scene

SAID = Words(note="", public_summary="Onze coopératives sont d'accord.")


@pytest.fixture
def made(session: Session) -> Scene:
    """Karim's post is that of a partner, in a programme that releases what comes by mail at once."""
    made = scenes.scene(session)
    made.programme.release_policy = ReleasePolicy.AT_ONCE
    body_of(made).is_partner = True
    session.flush()
    return made


def body_of(made: Scene) -> Organisation:
    post = made.session.get_one(Post, made.posts["karim"])
    return made.session.get_one(Organisation, post.organisation_id)


@pytest.mark.parametrize("via", [Via.WORKSPACE, Via.MAIL_LINK])
def test_its_words_wait_for_their_release_by_whatever_door_they_come(made: Scene, via: Via) -> None:
    update = updates.report(made.session, made.actor("karim", via), scenes.action(made), words=SAID)

    assert (update.released_at, update.release_on) == (None, None)
    updates.release(made.session, made.actor("amina"), update)
    assert update.released_at


def test_no_day_releases_them_by_itself(made: Scene) -> None:
    made.session.get_one(Programme, made.programme.id).release_policy = ReleasePolicy.AFTER_DAYS
    update = updates.report(made.session, made.actor("karim", Via.MAIL_LINK), scenes.action(made), words=SAID)

    assert update.release_on is None
    assert updates.release_due(made.session) == 0


def test_its_documents_wait_as_its_words_do(made: Scene) -> None:
    action = scenes.action(made)
    alone = evidence.add(made.session, made.actor("karim"), action, Document("L'accord", "https://a.ma/accord"))
    told = updates.submit(
        made.session, made.actor("karim"), action, words=SAID, document=Document("La liste", "https://a.ma/liste")
    )

    assert (alone.released_at, alone.release_on, told.released_at) == (None, None, None)


def test_the_word_itself_counts_and_is_public_with_the_action(made: Scene) -> None:
    action = scenes.action(made, State.ASSIGNED)
    updates.report(made.session, made.actor("karim"), action, words=SAID)

    assert action.state is State.IN_PROGRESS
    assert action.last_word_at


def test_what_the_secretariat_and_other_bodies_say_is_released_as_ever(made: Scene) -> None:
    body_of(made).is_partner = False
    update = updates.report(made.session, made.actor("karim"), scenes.action(made), words=SAID)

    assert update.released_at


@pytest.mark.parametrize("via", [Via.WORKSPACE, Via.MAIL_LINK])
def test_its_corrected_words_wait_for_their_release_again_but_not_those_of_the_secretariat(
    made: Scene, via: Via
) -> None:
    action, given = scenes.action(made), Document("La liste", "https://a.ma/liste")
    update = answers.give(made.session, made.actor("karim"), action, Answer.ON_TRACK, words=SAID, document=given)
    updates.release(made.session, made.actor("amina"), update)

    corrections.correct(made.session, made.actor("amina"), action, update, public_summary="Dix coopératives.")
    assert update.released_at
    corrections.correct(made.session, made.actor("karim", via), action, update, public_summary="Neuf coopératives.")

    made.session.expire_all()
    piece = made.session.scalars(sa.select(EvidenceItem)).one()
    assert [update.released_at, update.release_on, piece.released_at] == [None, None, None]
    updates.release(made.session, made.actor("amina"), update)
    assert update.released_at


def test_its_manager_does_not_decide_about_its_own_delay(made: Scene) -> None:
    made.programme.managers_decide = True
    action = scenes.action(made)
    request = extensions.ask(
        made.session, made.actor("karim"), action, due_on=scenes.in_days(90), reason="Le bureau change."
    )
    about = facts(made.session, action)

    assert not asked.may_decide(made.session, made.viewer("leila"), request, about)
    body_of(made).is_partner = False
    made.session.flush()
    assert asked.may_decide(made.session, made.viewer("leila"), request, about)


def test_who_may_change_a_body_says_whether_it_is_a_partner(made: Scene) -> None:
    body = organisations.create(made.session, made.actor("amina"), titles={"fr": "Union"}, is_partner=True)
    assert body.is_partner

    organisations.edit(made.session, made.actor("amina"), body, version=body.version, is_partner=False)
    assert not body.is_partner
