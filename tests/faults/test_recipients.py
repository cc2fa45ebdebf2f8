"""One bad address is one bad address: everybody else's mail leaves, and the relay is blamed only by evidence."""

import datetime as dt
from collections import Counter

import pytest
from sqlmodel import col, select

from app import clock
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.mail import transport
from app.mail.transport import SmtpTransport, Timeouts
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.queries.mailing import health
from app.services.kernel import outbox
from app.services.mailing import delivery
from app.services.mailing.delivery import SentCounts
from tests import builders
from tests.builders import instant
from tests.faults.relays import HANG_UP, SILENCE, Relay, relay

MORNING = "2026-12-07"
POISON = {
    "hangup": HANG_UP,
    "unknown": "550 5.1.1 no such user",
    "denied": "554 5.7.1 <x@y>: Relay access denied",
    "policy": "554 5.7.9 not from here",
    "closing": "421 4.3.2 closing",
    "silent": SILENCE,
}


def people(database: Database, *names: str) -> None:
    """Each is given an action of their own, and a mail about it."""
    with database.write() as session, clock.at(instant(MORNING)):
        programme = builders.programme(session)
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
        parent = builders.recommendation(session, builders.meeting(session, programme))
        body = builders.organisation(session)
        for name in names:
            post = builders.post(session, body)
            person = builders.person(session, name, holds=post)
            action = builders.action(session, parent, post, State.ASSIGNED, dt.date(2026, 12, 14))
            about = "action", action.id
            outbox.enqueue(session, "action_assigned", person.id, "u1", about=about)


def dispatch(database: Database, server: Relay, at: str = MORNING) -> SentCounts:
    now, quick = instant(at), Timeouts(2, 0.4, 2)
    with clock.at(now):
        way = SmtpTransport(transport.Relay("127.0.0.1", server.port), quick)
        return delivery.dispatch(database.write, way, now)


def states(database: Database) -> dict[str, Delivery]:
    with database.read() as session:
        rows = session.execute(
            select(Person.name, Envelope.state)
            .join(Person, col(Person.id) == col(Envelope.person_id))
            .where(col(Envelope.kind) == "action_assigned")
        )
        return {row[0]: row[1] for row in rows}


@pytest.mark.parametrize("pipelining", [True, False])
def test_six_poisoned_among_two_hundred_two_hundred_arrive_and_each_bad_one_ends_as_its_own(
    database: Database, pipelining: bool
) -> None:
    names = [f"Karim{number}" for number in range(200)]
    for place, name in enumerate(POISON):
        names.insert(place if place < 3 else place * 30, name)
    people(database, *names)
    with relay(at_recipient=POISON, pipelining=pipelining) as server:
        first = dispatch(database, server)
        dispatch(database, server, "2026-12-07T08:01")
        dispatch(database, server, "2026-12-07T08:06")

    arrived = Counter(to.split(".")[0] for to, _ in server.accepted if to.startswith("karim"))
    assert len(arrived) == 200
    assert set(arrived.values()) == {1}
    assert first.sent >= 200, "and in the first pass"
    ends = states(database)
    assert {name: ends[name] for name in POISON} == {
        "hangup": Delivery.QUEUED, "closing": Delivery.QUEUED, "silent": Delivery.QUEUED,
        "unknown": Delivery.DEAD, "denied": Delivery.DEAD, "policy": Delivery.DEAD,
    }  # fmt: skip


@pytest.mark.parametrize("says", [HANG_UP, "554 5.7.1 Relay access denied", "421 4.3.2 closing"])
def test_one_address_first_in_the_queue_holds_back_nobody(database: Database, says: str) -> None:
    people(database, "bad", *(f"Karim{number}" for number in range(30)))
    with relay(at_recipient={"bad": says}) as server:
        assert dispatch(database, server).sent >= 30
        with database.read() as session:
            assert not health.followup(session, instant(MORNING)).is_paused


def test_another_recipient_who_meets_the_same_rests_the_channel_and_blames_nobody(database: Database) -> None:
    people(database, *(f"Karim{number}" for number in range(30)))
    with relay(everybody="554 5.7.1 Client host rejected") as server:
        tallies = [dispatch(database, server, f"2026-12-07T08:{minute:02}") for minute in range(40)]
        assert len(server.asked) < 20, "of thirty, in forty passes"
        with database.read() as session:
            assert health.followup(session, instant("2026-12-07T08:40")).is_paused
        assert sum(tally.dead for tally in tallies) == 0
        server.everybody = ""
        for minute in (0, 2, 10, 59):
            dispatch(database, server, f"2026-12-07T09:{minute:02}")

    assert len({to for to, _ in server.accepted}) == len(server.accepted) == 30
    assert set(states(database).values()) == {Delivery.SENT}


def test_the_trial_after_a_rest_is_somebody_elses_mail(database: Database) -> None:
    people(database, *(f"Karim{number}" for number in range(9)))
    with relay(everybody=HANG_UP) as server:
        for minute in range(30):
            dispatch(database, server, f"2026-12-07T08:{minute:02}")

    assert len(set(server.asked[:6])) == 6


def test_outside_addresses_of_an_internal_relay_never_starve_the_inside(database: Database) -> None:
    people(database, *(f"outside{number}" for number in range(12)))
    with relay(at_recipient={"outside": "554 5.7.1 Relay access denied"}) as server:
        for minute in range(20):
            dispatch(database, server, f"2026-12-07T08:{minute:02}")
        people(database, *(f"Karim{number}" for number in range(30)))
        dispatch(database, server, "2026-12-07T08:35")
        dispatch(database, server, "2026-12-07T08:36")

    assert len([to for to, _ in server.accepted if to.startswith("karim")]) == 30


def test_a_relay_that_breaks_off_in_data_parks_nothing_but_rests(database: Database) -> None:
    people(database, *(f"Karim{number}" for number in range(15)))
    with relay(in_data=HANG_UP) as server:
        for minute in range(60):
            dispatch(database, server, f"2026-12-07T08:{minute:02}")
        assert Delivery.PARKED not in states(database).values()
        assert len(server.asked) < 10
        server.in_data = ""
        for hour in (9, 10, 11):
            dispatch(database, server, f"2026-12-07T{hour:02}:59")

    assert set(states(database).values()) == {Delivery.SENT}
    assert len(server.accepted) == 15
