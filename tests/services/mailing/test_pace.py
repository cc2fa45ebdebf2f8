"""So many a minute, in all and to each domain, whoever sends; sign-in mails pass in front; nobody is late by it."""

import datetime as dt
import threading
from collections import Counter

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.mail.deposits import MemoryTransport
from app.models.actions import Action
from app.models.notifications import Delivery, Envelope, Pace
from app.models.people import Person
from app.queries.mailing import health
from app.services.kernel import outbox
from app.services.mailing import delivery
from app.services.mailing.delivery import channel, claims, pace
from tests import builders, scenes
from tests.builders import instant
from tests.fixtures.settings import Configure

NOW = instant("2026-12-07T09:00")


def queue(database: Database, at: dt.datetime = NOW, zone: str = "Africa/Casablanca", **counts: int) -> None:
    """So many mails to each domain, each to a person of its own."""
    with clock.at(at), database.write() as session:
        parent = builders.recommendation(session, builders.meeting(session))
        for domain, count in counts.items():
            post = builders.post(session)
            for number in range(count):
                person = builders.person(session, f"{domain}{number}")
                person.email, person.timezone = f"{domain}{number}@{domain}.example.ma", zone
                session.flush()
                action = builders.action(session, parent, post)
                outbox.enqueue(session, "link_moved", person.id, f"a{action.id}", about=("action", action.id))


def sent(database: Database, at: dt.datetime) -> Counter[str]:
    transport = MemoryTransport()
    with clock.at(at):
        delivery.dispatch(database.write, transport, at)
    return Counter(one.recipient.partition("@")[2].partition(".")[0] for one in transport.sent)


def waits(database: Database) -> list[tuple[int, str, dt.datetime]]:
    query = select(Envelope.attempts, Envelope.reason, Envelope.due_at).where(col(Envelope.state) == Delivery.QUEUED)
    with database.read() as session:
        return list(session.execute(query))


def test_without_a_limit_all_leave_and_nothing_is_kept(database: Database) -> None:
    queue(database, centre=30)
    assert sent(database, NOW) == {"centre": 30}
    with database.read() as session:
        assert session.scalars(select(Pace.domain)).all() == []


def test_so_many_in_any_minute_and_the_others_wait_as_if_nothing_had_been(
    database: Database, configure: Configure
) -> None:
    configure(mail_per_minute="10")
    queue(database, centre=25)

    going = [sent(database, NOW + dt.timedelta(seconds=seconds)).total() for seconds in range(0, 150, 10)]

    assert (going[0], sum(going[:6]), sum(going)) == (10, 10, 25)
    assert not any(sum(going[first : first + 6]) > 10 for first in range(len(going)))


def test_who_waits_has_no_attempt_no_reason_and_the_hour_it_had(database: Database, configure: Configure) -> None:
    configure(mail_per_minute="4")
    queue(database, centre=9)
    assert sent(database, NOW).total() == 4
    assert waits(database) == [(0, "", NOW)] * 5


def test_a_domain_at_its_limit_holds_up_no_other(database: Database, configure: Configure) -> None:
    configure(mail_per_domain_per_minute="3")
    queue(database, centre=120, chamber=2, agency=5)

    assert sent(database, NOW) == {"centre": 3, "chamber": 2, "agency": 3}
    assert sent(database, NOW + dt.timedelta(seconds=30)) == {}
    assert sent(database, NOW + dt.timedelta(seconds=70)) == {"centre": 3, "agency": 2}


def test_a_sign_in_mail_passes_in_front_and_is_counted(database: Database, configure: Configure) -> None:
    configure(mail_per_minute="2", mail_per_domain_per_minute="2")
    queue(database, centre=8)
    assert sent(database, NOW).total() == 2
    with clock.at(NOW), database.write() as session:
        person = session.scalars(select(Person).where(col(Person.email) == "centre7@centre.example.ma")).one()
        asked = outbox.enqueue(session, "sign_in", person.id, "now", priority=outbox.Priority.SIGN_IN)
        taken = claims.claim(session, NOW, NOW + claims.LEASE, 50, channel.WELL)
        assert [claim.id for claim in taken.claims] == [asked]
        assert pace.look(session, NOW).spent[pace.ALL] == [[int(NOW.timestamp()), 3]]


def test_a_clock_that_is_set_back_holds_up_nobody_for_long(database: Database, configure: Configure) -> None:
    configure(mail_per_minute="3")
    queue(database, centre=9)
    tomorrow = NOW + dt.timedelta(days=1)
    assert sent(database, tomorrow).total() == 3
    assert sent(database, NOW).total() == 3


def test_what_was_claimed_and_given_back_is_room_again(database: Database, configure: Configure) -> None:
    configure(mail_per_minute="10")
    queue(database, centre=10)
    with database.write() as session:
        ids = list(session.scalars(select(Envelope.id)))
        room = pace.look(session, NOW)
        for _ in ids:
            room.take("centre.example.ma")
        pace.keep(session, room)
        assert pace.look(session, NOW).in_all == 0
        pace.give_back(session, ids[:7], NOW)
        assert pace.look(session, NOW).in_all == 7
        assert pace.look(session, NOW + dt.timedelta(minutes=2)).in_all == 10


def claimed(database: Database, at: dt.datetime) -> claims.Batch:
    with clock.at(at), database.write() as session:
        return claims.claim(session, at, at + claims.LEASE, 50, channel.WELL)


def test_a_domain_is_one_however_it_is_written_and_whoever_reads_there(
    database: Database, configure: Configure
) -> None:
    configure(mail_per_domain_per_minute="2")
    queue(database, centre=3)
    with clock.at(NOW), database.write() as session:
        person = session.scalars(select(Person).where(col(Person.email) == "centre1@centre.example.ma")).one()
        person.email = "Centre1@Centre.Example.MA"
        recommendation_id = session.scalars(select(Action.recommendation_id)).first()
        assert recommendation_id
        proposer = scenes.proposer(session, recommendation_id, email="nadia@centre.example.ma")
        outbox.enqueue_to_proposer(session, "link_moved", proposer.id, "p", about=("proposal", 1), due_at=NOW)

    assert len(claimed(database, NOW).claims) == 2
    assert claimed(database, NOW) == claims.NONE


def test_what_a_vanished_claimant_had_waits_for_its_room_as_if_it_were_not_there(
    database: Database, configure: Configure
) -> None:
    configure(mail_per_minute="2")
    queue(database, centre=2)
    assert len(claimed(database, NOW).claims) == 2
    later = NOW + claims.LEASE + dt.timedelta(minutes=1)
    configure(mail_per_minute="1")

    assert len(claimed(database, later).claims) == 1
    assert claimed(database, later) == claims.NONE, "who finds nothing to do stops"


def test_domains_that_nothing_goes_to_any_more_are_forgotten(database: Database, configure: Configure) -> None:
    configure(mail_per_minute="10")
    queue(database, centre=1)
    sent(database, NOW)
    queue(database, NOW + dt.timedelta(minutes=5), chamber=1)
    sent(database, NOW + dt.timedelta(minutes=5))

    with database.read() as session:
        assert set(session.scalars(select(Pace.domain))) == {pace.ALL, "chamber.example.ma"}


def test_who_looks_waits_until_whoever_looked_before_has_kept_what_it_took(
    database: Database, configure: Configure
) -> None:
    """Other processes, and other hosts: nothing but the database is between them."""
    configure(mail_per_minute="10")
    found = list[int | None]()

    def other() -> None:
        with Session(database.writer) as session:
            found.append(pace.look(session, NOW).in_all)

    with database.write() as session:
        pace.look(session, NOW)  # the row that is locked is there
    waiting = threading.Thread(target=other)
    with Session(database.writer) as session:
        room = pace.look(session, NOW)
        waiting.start()
        waiting.join(0.5)
        assert found == []
        room.take("centre.example.ma")
        pace.keep(session, room)
        session.commit()
    waiting.join(10)

    assert found == [9]


@pytest.mark.parametrize("limit", [37])
def test_four_at_once_share_one_minute(database: Database, configure: Configure, limit: int) -> None:
    configure(mail_per_minute=str(limit))
    queue(database, centre=60, chamber=60)
    start, transport = threading.Barrier(4), MemoryTransport()

    def one() -> None:
        start.wait(10)
        delivery.dispatch(database.write, transport, NOW)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(transport.sent) == limit
    assert len({mail.recipient for mail in transport.sent}) == limit


def test_a_queue_that_a_limit_keeps_long_is_no_fault_until_its_time_is_past(
    database: Database, configure: Configure
) -> None:
    configure(smtp_url="smtp://127.0.0.1:9", mail_per_minute="1")
    queue(database, centre=40)
    assert not late(database, minutes=57)
    assert late(database, minutes=60)
    configure(smtp_url="smtp://127.0.0.1:9", mail_per_minute="0")
    assert late(database, minutes=16)


def test_a_limit_of_a_domain_counts_for_the_fullest_one(database: Database, configure: Configure) -> None:
    configure(smtp_url="smtp://127.0.0.1:9", mail_per_domain_per_minute="1")
    queue(database, centre=20, chamber=20)
    assert not late(database, minutes=35)
    assert late(database, minutes=38)


def test_what_has_left_meanwhile_was_in_the_queue_too(database: Database, configure: Configure) -> None:
    configure(smtp_url="smtp://127.0.0.1:9", mail_per_minute="10")
    queue(database, centre=40)
    for minutes in range(3):
        assert sent(database, NOW + dt.timedelta(minutes=1.2 * minutes)).total() == 10
    assert not late(database, minutes=18)
    assert late(database, minutes=20)


def late(database: Database, *, minutes: int) -> bool:
    with database.read() as session:
        found = health.followup(session, NOW + dt.timedelta(minutes=minutes))
    return any("should have left" in str(reason) for reason in found.reasons)
