"""Nothing is lost; a second copy leaves only where nobody can know, with the same bytes and Message-ID."""

import datetime as dt
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.mail import signed_addresses
from app.mail.deposits import MemoryTransport
from app.mail.failures import ChannelRefused, RecipientRefused, Temporary, Unreachable
from app.mail.signed_addresses import AddressUse
from app.mail.transport import Transport, open_transport
from app.models.actions import Action, Milestone
from app.models.notifications import Delivery, Envelope, Heartbeat, Reminder, ReminderState, UpdateLink
from app.models.people import Holding, Person, Post
from app.models.recommendations import Recommendation
from app.queries.mailing import health
from app.services.kernel import outbox
from app.services.kernel.outbox import Priority
from app.services.mailing import delivery
from app.services.mailing.delivery import SentCounts, channel, claims, outcomes, work
from app.services.mailing.delivery.work import Checkpoint
from app.services.setup import access
from tests import builders, passes, scenes
from tests.builders import instant
from tests.fixtures.mail import SmtpServer
from tests.fixtures.settings import Configure
from tests.mail.faulty import faulty

MORNING = "2026-12-07"


class Killed(BaseException):
    """A process that ends here, whatever it was doing."""


@pytest.fixture
def action(database: Database) -> Action:
    """Karim's, just assigned; Leila manages his organisation, Amina is the secretariat."""
    with database.write() as session:
        programme = builders.programme(session)
        body = builders.organisation(session)
        post = builders.post(session, body)
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
        builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
        builders.person(session, "Karim", holds=post)
        parent = builders.recommendation(session, builders.meeting(session, programme))
        made = builders.action(
            session, parent, post, State.ASSIGNED, dt.date(2026, 12, 14), assigned_at=instant("2026-12-04")
        )
        with clock.at(instant(MORNING)):
            enqueue(session, made, post.id)
        return made


def enqueue(session: Session, about: Action, post_id: int, period: str = "u1") -> int:
    karim = session.scalars(select(Holding.person_id).where(col(Holding.post_id) == post_id)).one()
    return outbox.enqueue(session, "action_assigned", karim, period, about=("action", about.id))


def dispatch(database: Database, transport: Transport, at: str = MORNING) -> SentCounts:
    now = instant(at)
    with clock.at(now):
        return delivery.dispatch(database.write, transport, now)


def the_message(database: Database) -> Envelope:
    with database.read() as session:
        return session.scalars(select(Envelope).order_by(col(Envelope.id))).first() or pytest.fail("no message")


@pytest.fixture
def killer() -> Iterator[list[str]]:
    """Put labels in: at each of them, in turn, the process ends."""
    left: list[str] = []

    def listen(reached: str) -> None:
        if left and reached == left[0]:
            left.pop(0)
            raise Killed

    work.listeners.append(listen)
    yield left
    work.listeners.remove(listen)


def test_a_message_leaves_for_one_recipient_and_its_keys_are_forgotten(
    database: Database, action: Action, smtp_server: SmtpServer
) -> None:
    assert dispatch(database, open_transport(smtp_server.url)) == SentCounts(sent=1)

    [received] = smtp_server.received
    message = the_message(database)
    assert received.recipients == [message.address]
    assert received.message["Message-ID"] == message.message_id
    assert (message.state, message.frozen, message.sent_at) == (Delivery.SENT, None, instant(MORNING))
    assert "/u/…" in message.shown
    with database.read() as session:
        [link] = session.scalars(select(UpdateLink))
    body = received.message.get_body(("plain",))
    assert body is not None
    assert "/u/" in body.get_content()
    assert link.expires_at == instant("2026-12-11") + dt.timedelta(days=14)
    assert dispatch(database, open_transport(smtp_server.url)) == SentCounts()


def test_the_envelope_bears_an_address_that_names_the_message_where_one_is_set(
    database: Database, action: Action, smtp_server: SmtpServer, configure: Configure
) -> None:
    key = configure(bounce_address="suivi@example.ma").key

    dispatch(database, open_transport(smtp_server.url))

    [received] = smtp_server.received
    assert signed_addresses.read(received.sender, key) == (AddressUse.BOUNCE, the_message(database).id)
    assert "suivi+" not in str(received.message["From"])


def test_frozen_bytes_cannot_be_read_in_the_database(database: Database, action: Action) -> None:
    dispatch(database, MemoryTransport(Temporary(450, "later")))

    frozen = the_message(database).frozen
    assert frozen
    assert b"/u/" not in frozen


def test_450_three_times_then_250_is_one_mail_after_four_attempts(database: Database, action: Action) -> None:
    with faulty("450_rcpt", "450_rcpt", "450_rcpt", "good") as server:
        transport = open_transport(f"smtp://127.0.0.1:{server.port}")
        tallies = [dispatch(database, transport, f"2026-12-07T{at}") for at in ("08:00", "08:00", "08:01", "08:06")]
        assert [tally.retried for tally in tallies] == [1, 0, 1, 1]
        assert dispatch(database, transport, "2026-12-07T08:20") == SentCounts()
        assert dispatch(database, transport, "2026-12-07T08:21") == SentCounts(sent=1)

    assert len(server.accepted) == 1
    assert the_message(database).attempts == 4


def test_550_is_one_attempt_a_dead_letter_and_a_word_to_those_who_answer_for_it(
    database: Database, action: Action, smtp_server: SmtpServer
) -> None:
    with database.read() as session:
        karim = session.scalars(select(Person.email).where(col(Person.name) == "Karim")).one()
    smtp_server.answers[karim] = "550 5.1.1 no such user"

    tally = dispatch(database, open_transport(smtp_server.url))

    assert (tally.dead, tally.sent) == (1, 2)
    message = the_message(database)
    assert (message.state, message.attempts, message.frozen) == (Delivery.DEAD, 1, None)
    told = {one.recipients[0].split(".")[0] for one in smtp_server.received}
    assert told == {"amina", "leila"}
    assert dispatch(database, open_transport(smtp_server.url), "2026-12-07T12:00") == SentCounts()


def test_of_a_milestone_those_are_told_who_answer_for_its_action(database: Database, action: Action) -> None:
    with clock.at(instant(MORNING)), database.write() as session:
        programme, body = builders.programme(session), builders.organisation(session)
        omar = builders.person(session, "Omar", holds=builders.post(session, body, is_manager=True))
        parent = builders.recommendation(session, builders.meeting(session, programme))
        other = builders.action(session, parent, builders.post(session, body))
        stone = Milestone(action_id=other.id, titles={"fr": "Maquette"}, due_on=dt.date(2026, 12, 14))
        session.add(stone)
        session.flush()
        assert stone.id == action.id, "numbers of two tables say nothing of each other"
        karim = session.scalars(select(Holding.person_id).where(col(Holding.post_id) == action.owner_post_id)).one()
        lost = outbox.enqueue(session, "reminder", karim, MORNING)
        told = {"subject_kind": "milestone", "subject_id": stone.id, "step": "before_7", "deadline_version": 1}
        kept: dict[str, Any] = {"audience": "holder", "due_on": dt.date(2026, 12, 7), "at": instant(MORNING), **told}
        session.add(Reminder(person_id=karim, message_id=lost, state=ReminderState.PLANNED, **kept))
        session.flush()
        outcomes.lost(session, lost, 0, "550 no", instant(MORNING))
        notices = select(Envelope.person_id).where(col(Envelope.kind) == "undeliverable")
        assert session.scalars(notices).all() == [omar.id]


def test_that_a_proposer_is_not_reached_the_secretariat_alone_hears(database: Database, action: Action) -> None:
    now = instant(MORNING)
    with clock.at(now), database.write() as session:
        proposer, about = scenes.proposer(session, action.recommendation_id), ("action", action.id)
        lost = outbox.enqueue_to_proposer(session, "link_moved", proposer.id, "p", about=about, due_at=now)
        outcomes.lost(session, lost, 0, "550 no", now)
        told = select(Person.name).join(Envelope, col(Envelope.person_id) == col(Person.id))
        assert session.scalars(told.where(col(Envelope.kind) == "undeliverable")).all() == ["Amina"]


def test_what_was_tried_and_waits_for_the_morning_is_late_since_it_was_first_due(
    database: Database, action: Action
) -> None:
    dispatch(database, MemoryTransport(Temporary(450, "greylisted")), "2026-12-07T19:59")
    dispatch(database, MemoryTransport(), "2026-12-07T20:05")

    message = the_message(database)
    assert (message.due_at, message.first_due_at) == (instant("2026-12-08T07:30"), instant(MORNING))


def test_nobody_is_told_of_a_failure_of_their_own(database: Database, action: Action) -> None:
    with clock.at(instant(MORNING)), database.write() as session:
        session.execute(sa.delete(Envelope))
        leila = session.scalars(select(Person.id).where(col(Person.name) == "Leila")).one()
        outbox.enqueue(session, "link_moved", leila, "u2", about=("action", action.id))

    dispatch(database, MemoryTransport(RecipientRefused(550, "no")))

    with database.read() as session:
        told = select(Person.name).join(Envelope, col(Envelope.person_id) == col(Person.id))
        assert session.scalars(told.where(col(Envelope.kind) == "undeliverable")).all() == ["Amina"]


def test_a_dead_notice_of_a_dead_letter_is_the_end_of_it(database: Database, action: Action) -> None:
    dispatch(database, MemoryTransport(*[RecipientRefused(550, "no")] * 3))

    with database.read() as session:
        kinds = Counter(session.scalars(select(Envelope.kind)))
    assert kinds == {"action_assigned": 1, "undeliverable": 2}


def test_two_mails_that_one_recipient_does_not_get_on_one_day_are_one_notice(
    database: Database, action: Action
) -> None:
    with clock.at(instant(MORNING)), database.write() as session:
        enqueue(session, action, action.owner_post_id or 0, "u2")

    dispatch(database, MemoryTransport(*[RecipientRefused(550, "no")] * 2))

    with database.read() as session:
        kinds = Counter(session.scalars(select(Envelope.kind)))
    assert kinds == {"action_assigned": 2, "undeliverable": 2}


def test_what_went_back_into_the_queue_is_begun_by_nobody(database: Database, action: Action) -> None:
    now = instant(MORNING)
    with database.write() as session:
        [mine] = claims.claim(session, now, now + claims.LEASE, 1, channel.WELL).claims
        outcomes.put_back(session, mine.id, mine.epoch)
        assert not outcomes.begun(session, mine.id, mine.epoch, now, now + claims.LEASE)


def test_one_failing_message_never_stops_the_others(database: Database, action: Action) -> None:
    with database.write() as session:
        outbox.enqueue(session, "undeliverable", 1, "broken", about=("message", 10**6), due_at=instant("2026-12-01"))
        outbox.enqueue(session, "no_such_kind", 1, "x", due_at=instant("2026-12-01"))
    transport = MemoryTransport()

    tally = dispatch(database, transport)

    assert (tally.retried, tally.dead) == (1, 1)
    assert len([one for one in transport.sent if one.recipient.startswith("karim")]) == 1


def test_a_reply_lost_after_data_sends_the_same_bytes_once_more_and_then_parks(
    database: Database, action: Action
) -> None:
    with faulty("accept_then_drop") as server:
        transport = open_transport(f"smtp://127.0.0.1:{server.port}")
        assert dispatch(database, transport).uncertain == 1
        assert dispatch(database, transport, "2026-12-07T09:00").uncertain == 1
        assert dispatch(database, transport, "2026-12-09T09:00") == SentCounts()

    first, second = server.accepted
    assert first == second
    message = the_message(database)
    assert (message.state, message.frozen) == (Delivery.PARKED, None)


def test_killed_before_data_it_is_sent_as_if_nothing_had_happened(
    database: Database, action: Action, killer: list[str]
) -> None:
    transport = MemoryTransport()
    killer.append(Checkpoint.CLAIMED)
    with pytest.raises(Killed):
        dispatch(database, transport)

    assert dispatch(database, transport, "2026-12-07T08:14") == SentCounts(), "still in somebody's hand"
    assert dispatch(database, transport, "2026-12-07T08:16") == SentCounts(sent=1)
    assert len(transport.sent) == 1


@pytest.mark.parametrize("label", [Checkpoint.DATA, Checkpoint.ACCEPTED])
def test_killed_after_data_began_it_is_sent_once_more_with_the_same_bytes(
    database: Database, action: Action, killer: list[str], label: str
) -> None:
    transport = MemoryTransport()
    killer.append(label)
    with pytest.raises(Killed):
        dispatch(database, transport)

    tally = dispatch(database, transport, "2026-12-07T08:16")

    assert (tally.sent, tally.uncertain) == (1, 1)
    assert len({one.raw for one in transport.sent}) == 1


def test_killed_in_data_and_then_before_it_only_the_first_time_counts_as_a_doubt(
    database: Database, action: Action, killer: list[str]
) -> None:
    transport = MemoryTransport()
    for label, at in ((Checkpoint.ACCEPTED, "08:00"), (Checkpoint.CLAIMED, "08:16")):
        killer.append(label)
        with pytest.raises(Killed):
            dispatch(database, transport, f"2026-12-07T{at}")

    assert dispatch(database, transport, "2026-12-07T08:32") == SentCounts(sent=1)
    assert (the_message(database).state, the_message(database).uncertain) == (Delivery.SENT, 1)
    assert len(transport.sent) == 2


def test_what_may_have_arrived_does_not_end_as_cancelled(database: Database, action: Action, killer: list[str]) -> None:
    transport = MemoryTransport()
    killer.append(Checkpoint.ACCEPTED)
    with pytest.raises(Killed):
        dispatch(database, transport)
    with database.write() as session:
        session.execute(sa.update(Action).values(state=State.CANCELLED))

    assert dispatch(database, transport, "2026-12-07T08:16").cancelled == 0

    message = the_message(database)
    assert (message.state, message.reason) == (Delivery.PARKED, outcomes.PERHAPS)
    assert len(transport.sent) == 1


def test_what_may_have_arrived_and_lost_its_use_is_parked_too(
    database: Database, action: Action, killer: list[str]
) -> None:
    killer.append(Checkpoint.ACCEPTED)
    with pytest.raises(Killed):
        dispatch(database, MemoryTransport())

    assert dispatch(database, MemoryTransport(), "2027-06-07").dead == 0
    assert the_message(database).state is Delivery.PARKED


class Locked:
    """A database whose write lock somebody takes the moment the relay has accepted, for so many tries."""

    def __init__(self, database: Database, tries: int) -> None:
        self.database, self.tries, self.transport = database, tries, MemoryTransport()

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.database.write() as session:
            if self.tries and self.transport.sent:
                self.tries -= 1
                raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))
            yield session


def test_a_database_that_is_locked_as_the_relay_accepts_makes_no_second_copy(
    database: Database, action: Action
) -> None:
    locked = Locked(database, tries=3)
    with clock.at(instant(MORNING)):
        done = delivery.dispatch(locked.write, locked.transport, instant(MORNING))

    assert (done.sent, locked.tries) == (1, 0)
    dispatch(database, locked.transport, "2026-12-07T09:00")
    assert len(locked.transport.sent) == 1


def test_locked_for_longer_than_the_lease_nobody_can_know(
    database: Database, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, tally = Locked(database, tries=10**6), SentCounts()
    monkeypatch.setattr(claims, "LEASE", dt.timedelta(seconds=0.5))
    with clock.at(instant(MORNING)), pytest.raises(OperationalError):
        delivery.dispatch(locked.write, locked.transport, instant(MORNING), tally=tally)

    assert tally.sent == 0
    assert dispatch(database, locked.transport, "2026-12-07T08:16") == SentCounts(sent=1, uncertain=1)
    assert len({one.raw for one in locked.transport.sent}) == 1


def test_the_lease_of_a_message_begins_with_its_own_data(database: Database, action: Action) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        for number in range(2):
            enqueue(session, action, action.owner_post_id or 0, f"more{number}")
    leases = []

    class Slow(MemoryTransport):
        def send(self, raw: bytes, sender: str, recipient: str) -> None:
            with database.read() as session:
                begun = select(Envelope).where(
                    col(Envelope.data_started_at).is_not(None), col(Envelope.sent_at).is_(None)
                )
                leases.append(session.scalars(begun).one().leased_until_at or instant(MORNING))
            time.sleep(0.3)

    dispatch(database, Slow())

    assert [later - before >= dt.timedelta(seconds=0.3) for before, later in pairwise(leases)] == [True, True]


def test_of_several_lanes_each_has_one_message_begun_and_all_arrive_once(
    database: Database, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash makes uncertain what was begun and has not ended: never more than the lanes are."""
    with database.write() as session, clock.at(instant(MORNING)):
        for number in range(23):
            enqueue(session, action, action.owner_post_id or 0, f"more{number}")
    monkeypatch.setattr(delivery, "HANDFUL", 6)
    begun, sent = [], []

    class Watching(Transport):
        def another(self) -> Transport:
            return Watching()

        def send(self, raw: bytes, sender: str, recipient: str) -> None:
            open_ones = select(Envelope.id).where(
                col(Envelope.data_started_at).is_not(None), col(Envelope.sent_at).is_(None)
            )
            with database.read() as session:
                begun.append(len(session.scalars(open_ones).all()))
            sent.append(raw)

    assert dispatch(database, Watching()) == SentCounts(sent=24)
    assert len(set(sent)) == len(sent) == 24
    assert max(begun) <= delivery.MOST


def test_a_look_holds_for_seconds_and_what_has_not_begun_by_then_goes_back(
    database: Database, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        enqueue(session, action, action.owner_post_id or 0, "more")
    monkeypatch.setattr(delivery, "_FRESH", -1)

    class Closing(MemoryTransport):
        def send(self, raw: bytes, sender: str, recipient: str) -> None:
            super().send(raw, sender, recipient)
            with database.write() as session:
                session.execute(sa.update(Action).values(state=State.CANCELLED))

    assert dispatch(database, Closing()) == SentCounts(sent=1, cancelled=1)


def test_killed_twice_after_data_began_it_is_parked(database: Database, action: Action, killer: list[str]) -> None:
    transport = MemoryTransport()
    killer.extend([Checkpoint.ACCEPTED, Checkpoint.ACCEPTED])
    for at in ("08:00", "08:16"):
        with pytest.raises(Killed):
            dispatch(database, transport, f"2026-12-07T{at}")

    assert dispatch(database, transport, "2026-12-07T08:32").uncertain == 1
    assert the_message(database).state is Delivery.PARKED
    assert len(transport.sent) == 2


def test_who_lost_the_claim_changes_nothing(database: Database, action: Action) -> None:
    class Slow(MemoryTransport):
        def send(self, raw: bytes, sender: str, recipient: str) -> None:
            super().send(raw, sender, recipient)
            if len(self.sent) == 1:
                dispatch(database, self, "2026-12-07T08:16")

    transport = Slow()
    dispatch(database, transport)

    message = the_message(database)
    assert (message.state, message.epoch, message.sent_at) == (Delivery.SENT, 2, instant("2026-12-07T08:16"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (sa.update(Action).values(state=State.CANCELLED), "The action is closed"),
        (sa.update(Holding).values(until_on=dt.date(2026, 12, 6)), "No longer the holder of the post"),
        (sa.update(Person).values(is_active=False), "The person's access was ended"),
    ],
)
def test_closed_reassigned_or_disabled_in_between_nothing_is_sent(
    database: Database, action: Action, change: sa.Update, reason: str
) -> None:
    with database.write() as session:
        session.execute(change)
    transport = MemoryTransport()

    assert dispatch(database, transport) == SentCounts(cancelled=1)
    assert not transport.sent
    assert the_message(database).reason == reason


def test_nothing_but_sign_in_mail_leaves_at_night(database: Database, action: Action) -> None:
    with database.write() as session, clock.at(instant("2026-12-07T22:00")):
        session.execute(sa.update(Envelope).values(due_at=instant("2026-12-07T21:00")))
        karim = session.scalars(select(Person.email).where(col(Person.name) == "Karim")).one()
        access.request_sign_in(session, karim, "", "192.0.2.1")
    transport = MemoryTransport()

    assert dispatch(database, transport, "2026-12-07T22:00") == SentCounts(sent=1)
    assert dispatch(database, transport, "2026-12-08T07:29") == SentCounts()
    assert dispatch(database, transport, "2026-12-08T07:30") == SentCounts(sent=1)


def test_of_a_sign_in_mail_no_text_is_kept(database: Database, action: Action) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        session.execute(sa.delete(Envelope))
        karim = session.scalars(select(Person.email).where(col(Person.name) == "Karim")).one()
        access.request_sign_in(session, karim, "", "192.0.2.1")
    dispatch(database, MemoryTransport(Temporary(450, "later")))
    assert dispatch(database, MemoryTransport(), "2026-12-07T08:00:10") == SentCounts(sent=1)

    message = the_message(database)
    assert (message.shown, message.frozen) == ("", None)


def test_a_refused_login_pauses_the_channel_blames_nobody_and_tries_one_message_later(
    database: Database, action: Action
) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        for number in range(3):
            enqueue(session, action, action.owner_post_id or 0, f"more{number}")
    transport = MemoryTransport(ChannelRefused(535, "refused"), ChannelRefused(535, "refused"))

    assert dispatch(database, transport).retried == 4
    assert dispatch(database, transport, "2026-12-07T08:00:30") == SentCounts(), "it rests"
    with database.read() as session:
        red = health.followup(session, instant(MORNING))
        assert red.is_paused
        assert {row.attempts for row in session.scalars(select(Envelope))} == {0}
    assert dispatch(database, transport, "2026-12-07T08:01").sent == 0
    assert dispatch(database, transport, "2026-12-07T08:07").sent == 4
    with database.read() as session:
        assert session.get(Heartbeat, "channel:mail") is None


def test_a_relay_that_was_down_for_six_hours_gets_everything_once(database: Database, action: Action) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        for number in range(9):
            enqueue(session, action, action.owner_post_id or 0, f"more{number}")
    down = MemoryTransport(*[Unreachable(0, "refused")] * 500)
    hours = [instant(MORNING) + dt.timedelta(minutes=number) for number in range(360)]
    for now in hours:
        dispatch(database, down, now.isoformat()[:16])
    assert 60 < 500 - len(down.faults) < 100, "asked again every few minutes, no more"

    up = MemoryTransport()
    assert dispatch(database, up, "2026-12-07T14:10").sent == 10
    assert len({one.raw for one in up.sent}) == 10


def test_what_has_lost_its_use_is_not_sent(database: Database, action: Action) -> None:
    with database.write() as session:
        session.execute(sa.update(Envelope).values(expires_at=instant("2026-12-07T09:00")))
    transport = MemoryTransport(Temporary(450, "later"))
    dispatch(database, transport)

    assert dispatch(database, transport, "2026-12-07T09:00").dead == 1


def test_a_clock_that_runs_ahead_and_back_makes_no_second_copy(database: Database, action: Action) -> None:
    transport = MemoryTransport()
    dispatch(database, transport, "2026-12-08")
    dispatch(database, transport, MORNING)
    dispatch(database, transport, "2026-12-08")

    assert len(transport.sent) == 1


def test_urgent_before_the_rest(database: Database, action: Action) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        karim = session.scalars(select(Person).where(col(Person.name) == "Karim")).one()
        outbox.enqueue(
            session, "action_assigned", karim.id, "later", about=("action", action.id),
            due_at=instant("2026-12-01"), priority=Priority.DIGEST,
        )  # fmt: skip
        access.request_sign_in(session, karim.email, "", "192.0.2.1")
    transport = MemoryTransport()
    dispatch(database, transport)

    with database.read() as session:
        ids = {row.message_id: row.period for row in session.scalars(select(Envelope))}
    order = [next(ids[one] for one in ids if one.encode() in sent.raw) for sent in transport.sent]
    assert [period[:1] for period in order] == ["s", "u", "l"]


def test_four_dispatchers_at_once_send_everything_once(database: Database, action: Action) -> None:
    with database.write() as session, clock.at(instant(MORNING)):
        for number in range(59):
            enqueue(session, action, action.owner_post_id or 0, f"more{number}")
    transports = [MemoryTransport() for _ in range(4)]
    threads = [threading.Thread(target=dispatch, args=(database, transport)) for transport in transports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    raws = [one.raw for transport in transports for one in transport.sent]
    assert len(raws) == len(set(raws)) == 60


def test_what_closed_before_the_morning_mail_left_drops_out_of_it(database: Database, action: Action) -> None:
    now = instant("2026-12-14")
    with database.write() as session, clock.at(now):
        session.execute(sa.delete(Envelope))
        post = session.get_one(Post, action.owner_post_id)
        parent = session.get_one(Recommendation, action.recommendation_id)
        open_one = builders.action(session, parent, post, due_on=now.date())
        closed = builders.action(session, parent, post, due_on=now.date())
        passes.plan_reminders(session, now)
        closed.state = State.VERIFIED
    transport = MemoryTransport()

    dispatch(database, transport, "2026-12-14")

    [mail] = [one for one in transport.sent if one.recipient.startswith("karim")]
    assert open_one.ref.encode() in mail.raw
    assert closed.ref.encode() not in mail.raw
    with database.read() as session:
        on_the_day = select(Reminder).where(col(Reminder.step) == "day_0")
        states = {row.subject_id: row.state for row in session.scalars(on_the_day)}
    assert (states[open_one.id], states[closed.id]) == (ReminderState.DONE, ReminderState.DROPPED)
