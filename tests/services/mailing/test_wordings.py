"""The installation's words are in the next mail that is written; what was written stays; no wording holds up a mail."""

import datetime as dt
from email import message_from_bytes, policy
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.workflow import State
from app.i18n import voices
from app.i18n.voices import SpokenVoice
from app.mail.deposits import MemoryTransport
from app.mail.failures import Temporary
from app.models.actions import Action
from app.models.notifications import Delivery, Envelope
from app.models.people import Holding
from app.models.wordings import Wording
from app.queries.mailing import wording_faults
from app.services.kernel import outbox
from app.services.mailing import delivery
from app.services.mailing.delivery import channel, claims, preparation, said
from tests import builders
from tests.builders import instant
from tests.statements import statements

MORNING = "2026-12-07"
SUBJECT = "New action for your post: %(title)s"
MANY = 3


@pytest.fixture(autouse=True)
def actions(database: Database) -> None:
    """Three, just assigned to Karim, who reads French."""
    with database.write() as session:
        programme = builders.programme(session)
        post = builders.post(session, builders.organisation(session))
        builders.person(session, "Karim", holds=post, locale="fr")
        parent = builders.recommendation(session, builders.meeting(session, programme))
        karim = session.scalars(sa.select(col(Holding.person_id))).one()
        for number in range(MANY):
            made = builders.action(
                session, parent, post, State.ASSIGNED, dt.date(2026, 12, 14), assigned_at=instant("2026-12-04")
            )
            with clock.at(instant(MORNING)):
                outbox.enqueue(session, "action_assigned", karim, f"u{number}", about=("action", made.id))


def say(database: Database, lang: str, *forms: str) -> None:
    with database.write() as session:
        session.add(Wording(lang=lang, text=SUBJECT, forms=[*forms], edited_at=clock.now(), version=1))


def dispatch(database: Database, transport: MemoryTransport, at: str = MORNING) -> None:
    with clock.at(instant(at)):
        delivery.dispatch(database.write, transport, instant(at))


def subjects(transport: MemoryTransport) -> list[str]:
    return [str(message_from_bytes(one.raw, policy=policy.default)["Subject"]) for one in transport.sent]


def test_the_next_mail_says_it_in_its_readers_language(database: Database) -> None:
    say(database, "ar", "عمل جديد: %(title)s")
    say(database, "fr", "Du travail : %(title)s")
    transport = MemoryTransport()

    dispatch(database, transport)

    assert len(transport.sent) == MANY
    assert all(subject.startswith("Du travail : ") for subject in subjects(transport))


def test_words_for_other_languages_change_nothing(database: Database) -> None:
    say(database, "ar", "عمل جديد: %(title)s")
    transport = MemoryTransport()

    dispatch(database, transport)

    assert all(subject.startswith("Nouvelle action") for subject in subjects(transport))


def test_what_was_written_leaves_as_it_was_written(database: Database) -> None:
    transport = MemoryTransport(*(Temporary(450, "greylisted") for _ in range(MANY)))
    dispatch(database, transport)
    assert transport.sent == []
    say(database, "fr", "Du travail : %(title)s")

    dispatch(database, transport, "2026-12-07T09:00")

    assert len(transport.sent) == MANY
    assert all(subject.startswith("Nouvelle action") for subject in subjects(transport))


@pytest.mark.parametrize("words", ["%(nothing)s", "%(title)d", "%", "%(title"])
def test_words_that_fail_hold_up_no_mail_and_the_log_says_so(
    database: Database, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    """They are refused where they are typed; whoever writes them past the pages harms nobody."""
    say(database, "fr", words)
    transport = MemoryTransport()

    dispatch(database, transport)

    assert all(subject.startswith("Nouvelle action") for subject in subjects(transport))
    assert len(transport.sent) == MANY
    assert "the wording of the mail action_assigned in fr failed" in caplog.text
    with database.read() as session:
        assert set(session.scalars(sa.select(col(Envelope.state)))) == {Delivery.SENT}
        links = session.execute(sa.text("SELECT count(*) FROM update_link")).scalar_one()
        faults = [fault[:2] for fault in wording_faults.listed(session)]
    assert links == MANY, "the key of the letter that failed is not kept"
    assert faults == [("fr", "action_assigned")]  # what the administrator's page tells


def test_what_the_letter_that_failed_would_have_done_is_done_once() -> None:
    """As the line that a reply to it names: kept twice it would stop the handful."""
    case: Any = SimpleNamespace(keys=[], later=[], envelope=SimpleNamespace(kind="reminder"), lang="fr", now=None)

    def load(case: Any) -> bool:
        case.keys.append("key")
        case.later.append("line")
        return voices.current() is not None

    def message(is_reworded: bool) -> str:
        assert not is_reworded
        return "mail"

    kind: Any = SimpleNamespace(load=load, message=message)

    assert said.written(kind, case, SpokenVoice("fr", {})) == cast(Any, "mail")
    assert (case.keys, case.later[:-1]) == (["key"], ["line"])


def test_what_is_wanted_no_longer_is_no_fault_of_the_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    say(database, "fr", "Du travail : %(title)s")
    with database.write() as session:
        session.execute(sa.update(Action).values(state=State.CANCELLED))

    dispatch(database, MemoryTransport())

    assert "the wording of the mail" not in caplog.text


def test_a_handful_asks_once_for_all_its_words(database: Database) -> None:
    now = instant(MORNING)
    with database.write() as session:
        taken = claims.claim(session, now, now + claims.LEASE, 50, channel.WELL).claims
    assert len(taken) == MANY

    with Session(database.writer) as session, clock.at(now):
        few = statements(session, lambda: preparation.written(session, taken[:1], now))
        all_of_them = statements(session, lambda: preparation.written(session, taken, now))

    for asked in (few, all_of_them):
        assert len([one for one in asked if "FROM wording" in one]) == 1
