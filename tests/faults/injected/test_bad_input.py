"""Addresses, languages, words and relays that make no sense: each ends in a clear state, and stops nobody else's mail.

What is told of it stands in the ledger; no page waits for the relay or shows how the program fell.
"""

import os
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.mail import sayings
from app.models.notifications import Delivery, Envelope, Heartbeat
from app.models.people import Person
from app.models.wordings import Wording
from app.queries.mailing import health
from app.services.mailing.delivery import channel
from tests import scenes
from tests.faults.injected.stage import Stage
from tests.faults.injected.test_promises import DUE, HOUR, MINUTE, at
from tests.fixtures.certificates import self_signed
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

PATIENCE, LONGEST = "0.4", 8.0  # seconds: for an answer of the relay, for a page on a busy machine
LONG = os.environ.get("FAULTS") == "long"
BAD = (
    "karim\nbcc: omar@example.ma", "karim\r\n.\r\nquit@example.ma", "\u202ekarim@example.ma", "karim",
    "karim@exam\u200bple.ma", "karim@nowhere\x00.ma", "<karim@example.ma>", "karim@a@example.ma",
)  # fmt: skip
UNSENDABLE = "cannot stand in the header of an e-mail"
TIMED_OUT = "timed out"
# How the relay answers, and what is then told of it.
BABBLE = {
    "hang_at_banner": TIMED_OUT,
    "drip_at_ehlo": TIMED_OUT,
    "hang_at_mail": TIMED_OUT,
    "line_at_rcpt": "is no SMTP",
    "more_at_rcpt": "does not end its answer",
    "yes_at_data": "250 yes",
    "binary_at_end": "The connection was lost",
}
MORE_BABBLE = {
    "binary_at_banner": "is no SMTP",
    "more_at_banner": "does not end its answer",
    "yes_at_banner": "250 yes",
    "hang_at_ehlo": TIMED_OUT,
    "silence_at_ehlo": "is no SMTP",
    "html_at_mail": "is no SMTP",
    "hang_at_rcpt": TIMED_OUT,
    "drip_at_rcpt": TIMED_OUT,
    "hang_at_data": TIMED_OUT,
    "line_at_data": "is no SMTP",
    "hang_at_end": "The connection was lost",
    "more_at_end": "The connection was lost",
}
Ledger = Callable[..., str]


@pytest.fixture
def ledger(stage: Stage, client: TestClient, database: Database, configure: Configure) -> Ledger:
    """The page of what goes out as Amina reads it, quickly and without a trace of the program."""

    configure(smtp_url=stage.sink.url)

    def read(lang: str = "en") -> str:
        with database.write() as session:
            amina = session.scalars(sa.select(col(Person.id)).where(col(Person.name) == "Amina")).first()
            assert amina
            client.cookies.update(scenes.session_of(session, amina, f"amina-{time.monotonic_ns()}"))
        begun = time.perf_counter()
        page = client.get(f"/{lang}/workspace/outgoing")
        assert (page.status_code, time.perf_counter() - begun < LONGEST) == (200, True)
        text = str(page.text)
        assert "Traceback" not in text
        return text

    return read


def told(database: Database) -> str:
    """Why mails wait or ended, and why the channel rests."""
    with database.read() as session:
        of_mails = session.scalars(sa.select(col(Envelope.reason)).where(col(Envelope.reason) != ""))
        rest = session.get(Heartbeat, channel.NAME)
        of_channel = str(rest.detail["reason"]) if rest else ""
        return " · ".join([*of_mails, of_channel, *map(str, health.followup(session, at("08:06")).reasons)])


def readdress(stage: Stage, old: list[str], new: list[str]) -> None:
    """Past every form."""
    for one, other in zip(old, new, strict=True):
        stage.change(sa.update(Person).where(stage.to(one)).values(email=other))


@pytest.mark.sqlite_only
def test_addresses_that_no_form_lets_in_are_dead_letters_with_the_reason_and_the_others_get_theirs(
    stage: Stage, database: Database, ledger: Ledger
) -> None:
    bad = (*BAD, "k" * 300 + "@example.ma", f"karim@{'x' * 2000}.ma")
    owners = stage.owners([DUE] * (len(bad) + 3))
    readdress(stage, owners[: len(bad)], [*bad])
    scheduler = stage.scheduler()
    for minutes in (0, 5, 90):
        scheduler.run(at("08:05") + minutes * MINUTE)

    assert sorted(one.to for one in stage.reminders()) == sorted(owners[len(bad) :])
    assert stage.states()[Delivery.DEAD] == len(bad)
    with database.read() as session:
        query = sa.select(col(Envelope.reason)).where(col(Envelope.state) == Delivery.DEAD)
        assert [reason for reason in session.scalars(query) if UNSENDABLE not in reason] == []
    for lang in ("ar", "fr", "en"):
        assert UNSENDABLE in ledger(lang)


@pytest.mark.parametrize(("how", "reason"), [("550_domain", "550 5.1.2 no such domain"), ("550_nul", "no such user")])
def test_a_domain_that_nobody_knows_is_one_dead_letter_in_words_that_a_page_can_show(
    stage: Stage, ledger: Ledger, how: str, reason: str
) -> None:
    owners = stage.owners([DUE] * 4)
    met = iter([how])
    stage.sink.choose = lambda: next(met, "good")
    scheduler = stage.scheduler()
    for minutes in (0, 5, 90):
        scheduler.run(at("08:05") + minutes * MINUTE)

    assert len({one.to for one in stage.reminders()}) == len(owners) - 1
    assert (stage.states()[Delivery.DEAD], stage.sink.met[how]) == (1, 1)
    page = ledger()
    assert reason in page
    assert not {"\x00", "\u202e", "\x1b"} & set(page)


@pytest.mark.parametrize("lang", ["", "xx"])
def test_who_has_no_language_hears_in_one_of_ours(stage: Stage, ledger: Ledger, lang: str) -> None:
    owners = stage.owners([DUE] * 2)
    stage.change(sa.update(Person).where(stage.to(owners[0])).values(locale=lang))
    stage.scheduler().run(at("08:05"))

    assert sorted(one.to for one in stage.reminders()) == sorted(owners)
    ledger()


def test_words_and_a_template_that_fail_hold_up_no_mail_but_that_one(
    stage: Stage, database: Database, ledger: Ledger
) -> None:
    owners = stage.owners([DUE] * 4)
    with database.write() as session:
        for sentence in sayings.of("reminder"):
            session.add(Wording(lang="en", text=sentence.text, forms=["%(nobody)s %"], edited_at=clock.now()))
    failing = stage.scheduler(RAISES="Karim1")
    for minutes in (0, 5, 90):
        failing.run(at("08:05") + minutes * MINUTE)

    assert sorted(one.to for one in stage.reminders()) == sorted([owners[0], *owners[2:]])
    assert "a template that fails" in told(database)
    ledger()
    failing.kill()
    stage.scheduler().run(at("08:05") + 5 * HOUR)  # it was mended
    assert owners[1] in {one.to for one in stage.reminders()}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("mode", "reason"), (BABBLE | (MORE_BABBLE if LONG else {})).items())
def test_a_relay_that_babbles_or_falls_silent_is_waited_for_and_told_of(
    stage: Stage, database: Database, ledger: Ledger, mode: str, reason: str
) -> None:
    owners = stage.owners([DUE] * 4)
    met = iter([mode])
    stage.sink.choose = lambda: next(met, "good")
    scheduler = stage.scheduler(PATIENCE=PATIENCE)
    scheduler.begin(at("08:05"))
    ledger()
    scheduler.end()

    assert reason in told(database)
    for minutes in (10, 25, 90):
        scheduler.run(at("08:05") + minutes * MINUTE)
    assert {one.to for one in stage.reminders()} == set(owners)
    assert stage.states() == {Delivery.SENT: len(owners)}
    assert stage.second_copies() == mode.endswith("_at_end")


@pytest.mark.sqlite_only
def test_a_certificate_that_nobody_vouches_for_and_a_silence_before_it_send_nothing_in_clear(
    stage: Stage, database: Database, ledger: Ledger, tmp_path: Path
) -> None:
    owners, certificate = stage.owners([DUE] * 3), self_signed(tmp_path)
    stage.sink.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stage.sink.tls.load_cert_chain(certificate)
    way = f"smtp://localhost:{stage.sink.port}?starttls=1"
    met = iter(["good", "hang_at_starttls"])
    stage.sink.choose = lambda: next(met, "good")
    stage.scheduler(way, PATIENCE=PATIENCE).run(at("08:05"))
    assert "certificate is not trusted" in told(database)
    assert "certificate is not trusted" in ledger()

    trusting = stage.scheduler(way, PATIENCE=PATIENCE, SSL_CERT_FILE=str(certificate))
    trusting.run(at("08:25"))
    assert TIMED_OUT in told(database)
    assert not stage.sink.accepted
    trusting.run(at("09:30"))

    assert {one.to for one in stage.reminders()} == set(owners)
