"""Where many wait they are sent by processes of their own: each once, whoever dies, and none outlives its task."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import clock
from app.db import Database
from app.jobs import table
from app.jobs.table import Occasion
from app.models.notifications import Delivery, Envelope
from app.services.mailing import delivery
from app.services.mailing.delivery import apart, claims
from tests.fixtures.mail import SmtpServer
from tests.fixtures.settings import Configure
from tests.services.mailing.test_pace import NOW, queue

pytestmark = [pytest.mark.slow, pytest.mark.alone]
MANY = 160


@pytest.fixture
def crowd(
    database: Database, configure: Configure, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """More wait than one process is asked for."""
    configure(smtp_url=smtp_server.url, mail_processes="2", secret_key="k" * 32)
    monkeypatch.setattr(apart, "CROWD", MANY)
    queue(database, centre=MANY)
    return database


def states(database: Database) -> set[Delivery]:
    with database.read() as session:
        return set(session.scalars(select(Envelope.state)))


def names(smtp_server: SmtpServer) -> list[str]:
    return [message["Message-ID"] for message in smtp_server.messages]


def children(of: int = 0) -> list[int]:
    """The one that starts the others; of it, those that send."""
    found = Path(f"/proc/{of or os.getpid()}/task").glob("*/children")
    pids = [int(pid) for one in found for pid in one.read_text().split()]
    return [pid for pid in pids if apart.__name__.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def all_have_left(pids: list[int]) -> bool:
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_two_processes_send_all_of_it_once(crowd: Database, smtp_server: SmtpServer) -> None:
    with clock.at(NOW):
        done = table.dispatch(Occasion(NOW))

    assert (done.sent, states(crowd)) == (MANY, {Delivery.SENT})
    assert len(set(names(smtp_server))) == len(names(smtp_server)) == MANY
    assert children() == []


@pytest.mark.parametrize("whose", ["one that sends", "the one that starts them"])
def test_one_that_is_killed_loses_nothing(crowd: Database, smtp_server: SmtpServer, whose: str) -> None:
    seen: list[int] = []

    def kill() -> None:
        while len(smtp_server.received) < MANY // 4:
            time.sleep(0.01)
        (starter,) = children()
        seen.extend([starter, *children(starter)])
        os.kill(seen[1] if whose == "one that sends" else starter, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    with clock.at(NOW):
        table.dispatch(Occasion(NOW))
    killer.join(10)
    assert (len(seen), all_have_left(seen)) == (3, True)
    assert len(set(names(smtp_server))) >= MANY - 2 * delivery.HANDFUL, (
        "what the dead one had in hand waits for its lease"
    )

    later = NOW + claims.LEASE * 2
    with clock.at(later):
        table.dispatch(Occasion(later))
    twice = len(names(smtp_server)) - MANY
    assert (len(set(names(smtp_server))), states(crowd)) == (MANY, {Delivery.SENT})
    assert twice <= apart.MOST, "a second copy of what was being taken in, and of nothing else"


def test_told_to_stop_they_give_back_what_they_have(crowd: Database, smtp_server: SmtpServer) -> None:
    seen: list[int] = []

    def is_enough() -> bool:
        seen.extend(one for starter in children() for one in (starter, *children(starter)) if one not in seen)
        return len(smtp_server.received) >= MANY // 4

    with clock.at(NOW):
        table.dispatch(Occasion(NOW, is_enough))

    assert (len(seen), all_have_left(seen)) == (3, True)
    assert Delivery.CLAIMED not in states(crowd)
    with crowd.read() as session:
        left = session.scalars(sa.select(sa.func.count()).where(col(Envelope.state) == Delivery.QUEUED)).one()
    assert (left > 0, left + len(smtp_server.received)) == (True, MANY)


def test_where_none_can_be_started_it_is_sent_all_the_same(
    crowd: Database, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with clock.at(NOW):
        assert table.dispatch(Occasion(NOW)).sent == MANY


@pytest.mark.parametrize(
    "given", [{"mail_processes": "1"}, {"mail_per_minute": "1000"}, {"mail_per_domain_per_minute": "9"}]
)
def test_nobody_is_started_for_what_one_can_do(crowd: Database, configure: Configure, given: dict[str, str]) -> None:
    assert apart.processes(NOW) == 2
    configure(**given)
    assert apart.processes(NOW) == 0
