"""A digest carries the way out of it in its head and at its foot; the key lives as long as the mail, kept nowhere."""

import datetime as dt
import re
from email import message_from_bytes

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import clock
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.mail.deposits import MemoryTransport
from app.models import metadata
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.services.mailing import delivery
from tests import builders, passes
from tests.builders import instant
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

MONDAY = instant("2026-11-23")


def deliver(database: Database, now: dt.datetime = MONDAY) -> list[bytes]:
    transport = MemoryTransport()
    with clock.at(now):
        with database.write() as session:
            passes.plan_digests(session, now)
        delivery.dispatch(database.write, transport, now)
    return [one.raw for one in transport.sent]


@pytest.fixture
def owed(database: Database) -> None:
    with database.write() as session:
        programme, post = builders.programme(session), builders.post(session)
        builders.person(session, "Karim", holds=post, locale="ar")
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme, locale="fr")
        parent = builders.recommendation(session, builders.meeting(session, programme))
        builders.action(session, parent, post, due_on=dt.date(2026, 11, 20))


def test_each_digest_is_stopped_by_what_stands_in_its_head_and_foot(
    database: Database, client: TestClient, owed: None, configure: Configure
) -> None:
    configure(mail_reply_to="Secrétariat <secretariat@example.ma>")
    mails = [message_from_bytes(raw) for raw in deliver(database)]

    assert len(mails) == 2
    for mail in mails:
        address = str(mail["List-Unsubscribe"]).strip("<>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert str(mail["Reply-To"]).endswith("<secretariat@example.ma>")
        text, html = (part.get_payload(decode=True).decode() for part in mail.get_payload())  # type: ignore[union-attr]
        assert re.search(rf"^{re.escape(address)}\r?$", text.rpartition("\n--")[2], re.M)
        assert f'href="{address}"' in html.partition('class="foot"')[2]
        path = address.removeprefix(settings().base)
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with database.read() as session:
        assert set(session.scalars(select(Person.has_digest))) == {False}
        everything = " ".join(str(row) for table in metadata.sorted_tables for row in session.execute(sa.select(table)))
    assert not re.search(r"/off/[\w-]", everything)
    assert everything.count("/off/…") == 2, "the ledger shows the mail without its key"


def test_who_stopped_it_meanwhile_gets_none_and_the_old_key_still_works(
    database: Database, client: TestClient, owed: None
) -> None:
    old = [str(message_from_bytes(raw)["List-Unsubscribe"]).strip("<>") for raw in deliver(database)]
    later = MONDAY + dt.timedelta(days=7)
    with clock.at(later), database.write() as session:
        passes.plan_digests(session, later)
    for address in old:
        assert client.post(address.removeprefix(settings().base)).status_code == 200

    assert deliver(database, later) == []
    with database.read() as session:
        query = sa.select(col(Envelope.state), col(Envelope.reason)).where(col(Envelope.period) == "2026-W49")
        assert {row.state for row in session.execute(query)} <= {Delivery.CANCELLED}
