"""A mail that came back is shown so, weighs on its address and is told once; only who got it can say that it did."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.config import settings
from app.domain.errors import NotAllowed
from app.domain.permissions import Role
from app.mail import signed_addresses
from app.mail.inbound.outcomes import TakenAs
from app.mail.signed_addresses import AddressUse
from app.models.audit import AuditEvent
from app.models.bounces import Bounce, FailingAddress
from app.models.meetings import Programme
from app.models.notifications import Delivery, Envelope, Heartbeat
from app.models.people import Person, Post
from app.queries.mailing import health
from app.services.kernel import outbox
from app.services.mailing import bounces, inbound
from tests import builders
from tests.actors import acting
from tests.builders import instant
from tests.mail.inbound import dsns

SENT_AT = instant("2026-12-07")
DAY = dt.timedelta(days=1)


class House:
    """Karim's action; Leila manages his organisation, Amina is the secretariat."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.programme: Programme = builders.programme(session)
        body = builders.organisation(session)
        self.post: Post = builders.post(session, body)
        self.amina = builders.person(session, "Amina", Role.SECRETARIAT, at=self.programme)
        self.leila = builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
        self.karim: Person = builders.person(session, "Karim", holds=self.post, email=dsns.TO)
        parent = builders.recommendation(session, builders.meeting(session, self.programme))
        self.action = builders.action(session, parent, self.post)

    def sent(self, period: str = "u1", at: dt.datetime = SENT_AT, kind: str = "action_assigned") -> Envelope:
        with clock.at(at):
            made = outbox.enqueue(self.session, kind, self.karim.id, period, about=("action", self.action.id))
        message = self.session.get_one(Envelope, made)
        message.state, message.sent_at, message.ended_at, message.address = Delivery.SENT, at, at, dsns.TO
        self.session.flush()
        return message

    def take(self, raw: bytes, *recipients: str, at: dt.datetime = SENT_AT) -> TakenAs:
        with clock.at(at):
            return inbound.take(self.session, raw, recipients)

    def came_back(self, message: Envelope, raw: bytes = dsns.postfix(), at: dt.datetime = SENT_AT) -> TakenAs:
        return self.take(raw, sender_of(message), at=at)

    @property
    def told(self) -> set[int | None]:
        query = select(Envelope.person_id).where(col(Envelope.kind) == "undeliverable")
        return set(self.session.scalars(query))

    @property
    def trouble(self) -> FailingAddress | None:
        return self.session.get(FailingAddress, dsns.TO, populate_existing=True)


def sender_of(message: Envelope, key: bytes | None = None) -> str:
    return signed_addresses.made("suivi@example.ma", AddressUse.BOUNCE, message.id, key or settings().key)


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


def test_a_hard_failure_marks_the_mail_makes_the_address_fail_and_is_told(house: House, session: Session) -> None:
    message = house.sent()

    assert house.came_back(message) is TakenAs.RECORDED

    session.refresh(message)
    assert message.state is Delivery.BOUNCED
    assert "User unknown" in message.reason
    assert house.trouble
    assert house.trouble.failing_since_at == SENT_AT
    assert house.told == {house.amina.id, house.leila.id}
    [event] = session.scalars(select(AuditEvent).where(col(AuditEvent.verb) == "bounce"))
    assert event.data == {"weight": "hard", "status": "5.1.1", "fails": True}
    with clock.at(SENT_AT):
        assert health.followup(session, SENT_AT).dead == 1


def test_told_twice_it_counts_once(house: House, session: Session) -> None:
    message = house.sent()
    house.came_back(message)

    assert house.came_back(message) is TakenAs.KNOWN
    assert len(session.scalars(select(Bounce)).all()) == 1
    assert house.trouble
    assert house.trouble.score == 1


def test_the_next_mail_that_comes_back_is_no_news(house: House) -> None:
    house.came_back(house.sent())
    before = house.session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one()

    later = SENT_AT + 2 * DAY
    assert house.came_back(house.sent("u2", later), at=later) is TakenAs.RECORDED

    assert house.session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == before + 1


def test_a_full_mailbox_is_told_at_the_third_time(house: House) -> None:
    for period in ("u1", "u2"):
        house.came_back(house.sent(period), dsns.gmail_full())
        assert house.told == set()

    house.came_back(house.sent("u3"), dsns.gmail_full())

    assert house.told == {house.amina.id, house.leila.id}


@pytest.mark.parametrize("kind", ["sign_in", "undeliverable"])
def test_of_a_sign_in_or_a_notice_of_failure_nobody_is_told_until_another_mail_comes_back(
    house: House, kind: str
) -> None:
    house.came_back(house.sent("s1", kind=kind))
    house.session.execute(sa.update(Envelope).where(col(Envelope.kind) == kind).values(kind="sign_in"))
    assert house.told == set()

    house.came_back(house.sent("u1"))

    assert house.told == {house.amina.id, house.leila.id}


@pytest.mark.parametrize(("raw", "outcome"), [(dsns.delayed(), TakenAs.DELAYED), (dsns.relayed(), TakenAs.PASSED)])
def test_what_is_no_failure_changes_nothing(house: House, session: Session, raw: bytes, outcome: TakenAs) -> None:
    message = house.sent()

    assert house.came_back(message, raw) is outcome
    session.refresh(message)
    assert message.state is Delivery.SENT
    assert house.trouble is None


def test_somebody_who_is_away_stays_reachable(house: House) -> None:
    assert house.came_back(house.sent(), dsns.vacation()) is TakenAs.UNCLEAR
    assert house.trouble is None


def test_nobody_marks_an_address_without_our_signature(house: House, session: Session) -> None:
    message = house.sent()
    forged = sender_of(message, b"a key that is not ours")

    assert house.take(dsns.postfix(), forged) is TakenAs.FORGED
    assert house.take(dsns.postfix(), "suivi@example.ma") is TakenAs.UNSIGNED
    assert house.take(dsns.postfix(to=forged)) is TakenAs.FORGED
    assert house.take(b"\0\1") is TakenAs.UNREADABLE

    session.refresh(message)
    assert message.state is Delivery.SENT
    assert house.trouble is None
    counted = {row.name: row.epoch for row in session.scalars(select(Heartbeat))}
    assert counted == {"inbound:forged": 2, "inbound:unsigned": 1, "inbound:unreadable": 1}


def test_a_signed_address_in_the_header_is_enough_where_the_door_knows_no_envelope(house: House) -> None:
    message = house.sent()

    assert house.take(dsns.postfix(to=sender_of(message).upper())) is TakenAs.RECORDED


def test_what_became_of_others_is_not_held_against_ours(house: House) -> None:
    other = dsns.block(to="somebody.else@example.ma")
    gone = dsns.report(dsns.HEAD, other)
    partly = dsns.report(dsns.HEAD, other, dsns.block("delivered", "2.0.0", to="third@example.ma"))

    assert house.came_back(house.sent("u1"), partly) is TakenAs.PASSED
    assert house.came_back(house.sent("u2"), dsns.report(dsns.HEAD, dsns.block("delivered", "2.0.0"), other)) is (
        TakenAs.PASSED
    )
    assert house.came_back(house.sent("u3"), gone) is TakenAs.RECORDED  # it was forwarded there, and nowhere else


def test_a_mail_that_is_being_sent_is_brought_again_and_one_that_is_not_there_is_counted(house: House) -> None:
    message = house.sent()
    message.state = Delivery.CLAIMED

    assert house.came_back(message) is TakenAs.LATER
    absent = signed_addresses.made("suivi@example.ma", AddressUse.BOUNCE, 10**6, settings().key)
    assert house.take(dsns.postfix(), absent) is TakenAs.UNKNOWN


def test_tried_again_by_hand_it_may_come_back_again(house: House) -> None:
    message = house.sent()
    house.came_back(message)
    outbox.requeue(house.session, acting(house.amina, Role.SECRETARIAT, at=house.programme), message.id)
    assert house.came_back(message) is TakenAs.KNOWN  # the first copy once more

    message.state, message.sent_at = Delivery.SENT, SENT_AT + DAY

    assert house.came_back(message, at=SENT_AT + DAY) is TakenAs.RECORDED


def test_a_later_mail_that_does_not_come_back_clears_the_address(house: House) -> None:
    house.came_back(house.sent())
    house.sent("u2", SENT_AT + DAY)

    assert bounces.settle(house.session, SENT_AT + 2 * DAY) == 0
    assert bounces.settle(house.session, SENT_AT + 8 * DAY) == 1
    assert house.trouble is None


def test_what_arrived_before_or_at_another_address_says_nothing_of_it(house: House) -> None:
    house.sent("u0", SENT_AT - 9 * DAY)
    house.came_back(house.sent())
    house.sent("u2", SENT_AT + DAY).address = "karim@elsewhere.example.ma"

    assert bounces.settle(house.session, SENT_AT + 8 * DAY) == 0
    assert house.trouble


def test_left_alone_it_fades_in_a_month(house: House) -> None:
    house.came_back(house.sent())

    assert bounces.settle(house.session, SENT_AT + 29 * DAY) == 0
    assert bounces.settle(house.session, SENT_AT + 31 * DAY) == 1
    assert house.trouble
    assert house.trouble.failing_since_at is None


def test_each_time_that_an_address_begins_to_fail_is_told_once_and_dated(house: House) -> None:
    def came_back(days: int) -> None:
        house.came_back(house.sent(f"u{days}", SENT_AT + days * DAY), at=SENT_AT + days * DAY)

    def notices() -> int:
        query = select(sa.func.count()).select_from(Envelope).where(col(Envelope.kind) == "undeliverable")
        return house.session.scalars(query).one()

    came_back(0)
    came_back(1)
    assert (house.trouble and house.trouble.failing_since_at, notices()) == (SENT_AT, 2)

    assert bounces.settle(house.session, SENT_AT + 70 * DAY) == 1
    came_back(71)
    assert (house.trouble and house.trouble.failing_since_at, notices()) == (SENT_AT + 71 * DAY, 4)


def test_who_may_read_the_address_clears_it_and_nobody_else(house: House, session: Session) -> None:
    house.came_back(house.sent())
    elsewhere = acting(house.leila, Role.SECRETARIAT, at=builders.programme(session))
    with pytest.raises(NotAllowed):
        bounces.clear(session, elsewhere, house.karim)

    bounces.clear(session, acting(house.amina, Role.SECRETARIAT, at=house.programme), house.karim)

    assert house.trouble is None
    assert session.scalars(select(AuditEvent).where(col(AuditEvent.verb) == "clear_address")).one()
