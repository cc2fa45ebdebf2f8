"""Several hosts on PostgreSQL, where all send, or processes on SQLite, where one leads: each mail leaves once."""

import datetime as dt
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import db
from app.config import ROOT
from app.db import Database
from app.models.notifications import Delivery, Envelope
from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import own_environment
from tests.services.mailing.test_pace import queue

pytestmark = [pytest.mark.slow, pytest.mark.alone]
DUE, HOSTS, PATIENCE = 500, 4, 120.0


@contextmanager
def schedulers(database: Database, relay: str, **settings: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    url = database.url.render_as_string(hide_password=False)
    environment = own_environment(
        database_url=url, smtp_url=relay, secret_key="k" * 40, scheduler="external", mail_processes="1", **settings
    )
    command = [sys.executable, "-m", "app", "scheduler"]
    running = [subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) for _ in range(HOSTS)]
    try:
        yield running
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


@pytest.fixture
def due(database: Database) -> Database:
    """Where it is noon at this moment, so that mail may leave whenever this is run."""
    with database.read() as session:
        now = db.time(session)
    west = now.hour - 12
    queue(database, now - dt.timedelta(minutes=1), f"Etc/GMT{west:+d}" if west else "Etc/GMT", centre=DUE)
    return database


def wait_for(database: Database, least: int) -> int:
    deadline, gone = time.monotonic() + PATIENCE, 0
    while gone < least and time.monotonic() < deadline:
        time.sleep(0.1)
        with database.read() as session:
            sent = sa.select(sa.func.count()).select_from(Envelope).where(col(Envelope.state) == Delivery.SENT)
            gone = session.scalars(sent).one()
    return gone


def message_ids(smtp_server: SmtpServer) -> list[str]:
    return [message["Message-ID"] for message in smtp_server.messages]


def test_four_schedulers_send_five_hundred_once_each(due: Database, smtp_server: SmtpServer) -> None:
    with schedulers(due, smtp_server.url):
        assert wait_for(due, DUE) == DUE
    assert len(set(message_ids(smtp_server))) == len(message_ids(smtp_server)) == DUE
    assert {len(one.recipients) for one in smtp_server.received} == {1}


def test_one_of_them_is_killed_in_the_middle_and_nothing_is_lost(due: Database, smtp_server: SmtpServer) -> None:
    with schedulers(due, smtp_server.url) as running:
        wait_for(due, DUE // 5)
        for one in running[:1]:
            one.send_signal(signal.SIGKILL)
        wait_for(due, DUE - 4 * 50)
        past = sa.update(Envelope).where(col(Envelope.state) == Delivery.CLAIMED)
        time.sleep(15)  # the living end what they have in hand
        with due.write() as session:  # as after a quarter of an hour
            session.execute(past.values(leased_until_at=db.time(session) - dt.timedelta(minutes=1)))
        assert wait_for(due, DUE) == DUE
    received = smtp_server.received
    assert len(set(message_ids(smtp_server))) == DUE
    assert len(received) - DUE <= 4, "at most what was being taken in on the dead one's connections"
    assert len({one.content for one in received}) == DUE, "and then the same bytes"
