"""The wording of mails: changed by an administrator, recorded, taken back; of two at once one is heard."""

import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.errors import NotAllowed, NotFound, Problems, Stale
from app.domain.permissions import Role, Viewer
from app.mail import sayings
from app.models.audit import AuditEvent
from app.models.wordings import Wording
from app.queries.mailing import wording_faults as faults
from app.queries.mailing import wordings as found
from app.queries.mailing.wordings import Worded
from app.services.kernel import wording_faults
from app.services.kernel.audit import SERVICE, Actor
from app.services.setup import wordings
from tests import scenes

SUBJECT = "Returned to you: %(title)s"
MAIL = "action_returned"
WORDS = {"0": "À revoir : %(title)s"}


def worded(session: Session, text: str = SUBJECT, lang: str = "fr", mail: str = MAIL) -> Worded:
    [sentence] = [one for one in sayings.of(mail) if one.text == text]
    return found.get(session, SERVICE.viewer, lang, mail, sentence.key)


def administrator(session: Session) -> Actor:
    person_id = scenes.person(session, "sara")
    scenes.grant(session, person_id, Role.ADMINISTRATOR)
    return Actor(Viewer(person_id=person_id, grants=SERVICE.viewer.grants))


def events(session: Session) -> Sequence[AuditEvent]:
    query = sa.select(AuditEvent).where(col(AuditEvent.subject_kind) == "wording").order_by(col(AuditEvent.id))
    return session.scalars(query).all()


def test_the_words_are_spoken_in_their_language_and_the_record_holds_both(session: Session) -> None:
    sara = administrator(session)

    wordings.reword(session, sara, worded(session), WORDS, 0)

    voices = found.spoken(session)
    assert set(voices) == {"fr"}
    assert voices["fr"].forms == {SUBJECT: ("À revoir : %(title)s",)}
    now = worded(session)
    assert (now.own, now.version) == (("À revoir : %(title)s",), 1)
    [event] = events(session)
    assert (event.verb, event.actor_id) == ("reword", sara.person_id)
    assert event.data == {"lang": "fr", "text": SUBJECT, "before": [], "after": ["À revoir : %(title)s"]}


def test_changed_words_forget_that_those_of_their_language_failed(session: Session) -> None:
    for lang in ("fr", "ar"):
        wording_faults.remember(session, lang, MAIL, clock.now())
    assert [fault[:2] for fault in faults.listed(session)] == [("ar", MAIL), ("fr", MAIL)]

    wordings.reword(session, SERVICE, worded(session), WORDS, 0)

    assert [fault[:2] for fault in faults.listed(session)] == [("ar", MAIL)]


def test_back_to_the_original_keeps_the_version_rising(session: Session) -> None:
    wordings.reword(session, SERVICE, worded(session), WORDS, 0)
    wordings.take_back(session, SERVICE, worded(session), 1)

    assert found.spoken(session) == {}
    assert (worded(session).own, worded(session).version) == ((), 2)
    with pytest.raises(Stale):
        wordings.reword(session, SERVICE, worded(session), WORDS, 0)
    assert [event.data["after"] for event in events(session)] == [["À revoir : %(title)s"], []]


def test_the_original_typed_again_is_the_original(session: Session) -> None:
    here = worded(session)
    wordings.reword(session, SERVICE, here, {"0": here.ours[0]}, 0)

    assert found.spoken(session) == {}
    assert [(event.data["before"], event.data["after"]) for event in events(session)] == [([], [])]


def test_a_stale_form_is_told_what_stands_and_nothing_is_written(session: Session) -> None:
    wordings.reword(session, SERVICE, worded(session), WORDS, 0)
    with pytest.raises(Stale) as stale:
        wordings.reword(session, SERVICE, worded(session), {"0": "Encore : %(title)s"}, 0)

    assert stale.value.current == {"version": 1, "forms": ["À revoir : %(title)s"]}
    assert worded(session).own == ("À revoir : %(title)s",)


def test_what_is_unfit_leaves_nothing_behind(session: Session) -> None:
    with pytest.raises(Problems):
        wordings.reword(session, SERVICE, worded(session), {"0": "À revoir"}, 0)

    assert session.scalars(sa.select(Wording)).all() == []
    assert events(session) == []


def test_administrators_alone_read_and_change_it(session: Session) -> None:
    amina = scenes.scene(session).actor("amina")
    here = worded(session)

    with pytest.raises(NotAllowed):
        wordings.reword(session, amina, here, WORDS, 0)
    with pytest.raises(NotAllowed):
        wordings.take_back(session, amina, here, 0)
    with pytest.raises(NotAllowed):
        wordings.take_back_all(session, amina, [here])
    with pytest.raises(NotAllowed):
        found.get(session, amina.viewer, "fr", MAIL, here.sentence.key)
    with pytest.raises(NotAllowed):
        found.counts(session, amina.viewer)


def test_a_whole_mail_goes_back_in_one_language(session: Session) -> None:
    wordings.reword(session, SERVICE, worded(session), WORDS, 0)
    wordings.reword(session, SERVICE, worded(session, lang="en"), {"0": "Again: %(title)s"}, 0)
    wordings.reword(session, SERVICE, worded(session, "Your page", mail=sayings.COMMON), {"0": "Chez vous"}, 0)
    counts = found.counts(session, SERVICE.viewer)
    assert counts.by_name == {(MAIL, "fr"): 1, (MAIL, "en"): 1, (sayings.COMMON, "fr"): 1}

    wordings.take_back_all(session, SERVICE, found.of_mail(session, SERVICE.viewer, "fr", MAIL))

    spoken = found.spoken(session)
    assert {lang: set(voice.forms) for lang, voice in spoken.items()} == {"fr": {"Your page"}, "en": {SUBJECT}}


def test_words_of_a_sentence_that_is_said_no_more_are_kept_apart_until_they_are_removed(session: Session) -> None:
    row = Wording(lang="fr", text="As it was", forms=["Comme avant"], edited_at=clock.now(), version=3)
    session.add(row)
    session.flush()
    counts = found.counts(session, SERVICE.viewer)
    assert (dict(counts.by_name), [one.id for one in counts.unused]) == ({}, [row.id])

    wordings.remove(session, SERVICE, found.unused(session, SERVICE.viewer, row.id, lock=True))

    assert found.counts(session, SERVICE.viewer).unused == []
    with pytest.raises(NotFound):
        found.unused(session, SERVICE.viewer, row.id)


def test_words_that_are_in_use_cannot_be_removed_as_unused(session: Session) -> None:
    wordings.reword(session, SERVICE, worded(session), WORDS, 0)
    row = session.scalars(sa.select(Wording)).one()

    with pytest.raises(NotFound):
        found.unused(session, SERVICE.viewer, row.id)


def test_one_voice_is_kept_while_the_words_are_the_same(session: Session) -> None:
    wordings.reword(session, SERVICE, worded(session), WORDS, 0)
    first = found.spoken(session)["fr"]
    assert found.spoken(session)["fr"] is first

    wordings.reword(session, SERVICE, worded(session), {"0": "Encore : %(title)s"}, 1)
    assert found.spoken(session)["fr"] is not first


def test_of_many_who_reword_a_sentence_first_at_once_one_is_heard(database: Database) -> None:
    with database.read() as session:
        here = worded(session)
    outcomes: list[str] = []
    together = threading.Barrier(6)

    def reword(number: int) -> None:
        together.wait()
        try:
            with database.write() as session:
                wordings.reword(session, SERVICE, here, {"0": f"{number} : %(title)s"}, 0)
            outcomes.append("saved")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=reword, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(outcomes) == ["saved", *["stale"] * 5]
    with database.read() as session:
        assert session.scalars(sa.select(col(Wording.version))).all() == [1]
        assert len(events(session)) == 1
