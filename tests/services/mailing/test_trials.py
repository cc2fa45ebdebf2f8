"""A channel that rested is tried by one at a time, whoever else sends: processes and hosts ask the same row."""

import datetime as dt
import threading

import pytest

from app import clock
from app.db import Database
from app.mail.deposits import MemoryTransport
from app.mail.failures import Unreachable
from app.services.kernel import outbox
from app.services.kernel.outbox import Priority
from app.services.mailing import delivery
from app.services.mailing.delivery import channel, claims
from tests import builders
from tests.builders import instant
from tests.services.mailing.test_pace import queue

NOW = instant("2026-12-07T09:00")
LATER = NOW + dt.timedelta(minutes=1)


class Slow(MemoryTransport):
    """Takes its time over each message, until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def send(self, raw: bytes, sender: str, recipient: str) -> None:
        self.has_begun.set()
        self.may_end.wait(10)
        super().send(raw, sender, recipient)


@pytest.fixture
def resting(database: Database) -> Database:
    queue(database, centre=60)
    with clock.at(NOW):
        delivery.dispatch(database.write, MemoryTransport(Unreachable(0, "no route")), NOW)
    return database


def send(database: Database, transport: MemoryTransport, at: dt.datetime = LATER) -> None:
    with clock.at(at):
        delivery.dispatch(database.write, transport, at)


def test_while_one_tries_the_others_send_nothing_and_when_it_is_well_all_goes(resting: Database) -> None:
    trying, others = Slow(), [MemoryTransport() for _ in range(3)]
    trial = threading.Thread(target=send, args=(resting, trying), daemon=True)
    trial.start()
    assert trying.has_begun.wait(10)

    for other in others:
        send(resting, other)
    assert [len(other.sent) for other in others] == [0, 0, 0]

    trying.may_end.set()
    trial.join(20)
    assert len(trying.sent) == 60


def test_where_the_clock_was_set_back_nobody_waits_for_the_old_time(resting: Database) -> None:
    transport = MemoryTransport()
    with resting.read() as session:
        assert not channel.look(session, NOW).is_open
        assert channel.look(session, NOW - dt.timedelta(hours=1)).is_open

    send(resting, transport, NOW - dt.timedelta(minutes=30))
    send(resting, transport)
    assert len(transport.sent) == 60


def test_whoever_vanished_in_a_trial_is_waited_for_and_then_another_tries(resting: Database) -> None:
    with resting.write() as session:
        state = channel.look(session, LATER)
        assert state.is_on_trial
        assert channel.may_try(session, LATER, "vanished")
        channel.note_trial(session, LATER, "vanished")

    other = MemoryTransport()
    send(resting, other, LATER + dt.timedelta(minutes=1))
    assert other.sent == []
    send(resting, other, LATER + dt.timedelta(minutes=3))
    assert len(other.sent) == 60


def test_who_finds_nothing_to_try_leaves_it_to_the_next(database: Database) -> None:
    with database.write() as session:
        channel.rest(session, Unreachable(0, "no route"), NOW)
    send(database, MemoryTransport())
    queue(database, centre=1)
    other = MemoryTransport()
    send(database, other, LATER + dt.timedelta(seconds=10))
    assert len(other.sent) == 1


def test_while_the_queue_is_held_whoever_asks_to_sign_in_since_then_is_answered_and_nothing_else(
    database: Database,
) -> None:
    def asked(minutes: int, kind: str) -> int:
        with clock.at(NOW + dt.timedelta(minutes=minutes)), database.write() as session:
            priority = Priority.SIGN_IN if kind == "sign_in" else Priority.ACT
            return outbox.enqueue(session, kind, karim, f"{minutes}", about=("action", 1), priority=priority)

    with database.write() as session:
        karim = builders.person(session, "Karim").id
    asked(0, "sign_in")
    with clock.at(NOW + dt.timedelta(minutes=1)), database.write() as session:
        channel.hold(session)
    since = asked(2, "sign_in")
    asked(2, "link_moved")

    now = NOW + dt.timedelta(minutes=3)
    with database.write() as session:
        state = channel.look(session, now)
        taken = claims.claim(session, now, now + claims.LEASE, 50, state)
    assert [one.id for one in taken.claims] == [since]
