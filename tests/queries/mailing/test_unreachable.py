"""Whom nobody reaches: the last mails died and none has arrived since; as far as one answers for them."""

import datetime as dt

from sqlmodel import Session, col, update

from app.domain.permissions import PUBLIC, Role, Viewer
from app.models.bounces import FailingAddress
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.queries.mailing import unreachable
from app.queries.scope import viewers
from app.services.kernel import outbox
from tests import builders
from tests.statements import counted

NOW = builders.instant("2026-12-07")


def ended(
    session: Session, person: Person, state: Delivery = Delivery.DEAD, days: int = 1, kind: str = "digest_owner"
) -> None:
    made = outbox.enqueue(session, kind, person.id, f"p{session.info.setdefault('number', 0)}")
    session.info["number"] += 1
    at = NOW - dt.timedelta(days=days)
    values = {"state": state, "ended_at": at, "sent_at": at, "reason": "550 no such user"}
    session.execute(update(Envelope).where(col(Envelope.id) == made).values(**values))


def sara(session: Session) -> Viewer:
    return viewers.by_person(session, builders.person(session, "Sara", Role.ADMINISTRATOR).id) or PUBLIC


def names(session: Session, viewer: Viewer) -> list[tuple[str, int]]:
    return [(one.name, one.count) for one in unreachable.listed(session, viewer, NOW)]


def test_whose_last_mails_died_is_named_with_the_reason(session: Session) -> None:
    karim = builders.person(session, "Karim")
    ended(session, karim, days=3)
    ended(session, karim, days=2)

    [found] = unreachable.listed(session, sara(session), NOW)

    assert (found.name, found.count, found.reason) == ("Karim", 2, "550 no such user")
    assert found.last_at == NOW - dt.timedelta(days=2)


def test_whoever_got_one_since_is_reached_again(session: Session) -> None:
    karim = builders.person(session, "Karim")
    ended(session, karim)
    ended(session, karim, Delivery.SENT, days=0)
    ended(session, builders.person(session, "Leila"), Delivery.SENT)

    assert names(session, sara(session)) == []


def test_whose_address_fails_is_named_although_a_server_took_a_later_mail(session: Session) -> None:
    for name in ("Karim", "Leila"):
        person = builders.person(session, name)
        ended(session, person, Delivery.BOUNCED)
        ended(session, person, Delivery.SENT, days=0)
    session.execute(update(Envelope).values(address="Karim@cri.example").where(col(Envelope.id) == 1))
    assert names(session, sara(session)) == []

    for address, since in (("karim@cri.example", NOW), ("leila@cri.example", None)):
        session.add(FailingAddress(address=address, score=1.0, scored_at=NOW, failing_since_at=since))
    session.flush()

    assert names(session, sara(session)) == [("Karim", 1)]


def test_old_failures_sign_in_codes_and_uncertain_mails_say_nothing(session: Session) -> None:
    karim = builders.person(session, "Karim")
    ended(session, karim, days=31)
    ended(session, karim, kind="sign_in")
    ended(session, karim, Delivery.PARKED)

    assert names(session, sara(session)) == []


def test_a_foreign_secretariat_and_everybody_else_are_told_of_nobody(session: Session) -> None:
    ended(session, builders.person(session, "Karim"))
    omar = builders.person(session, "Omar", Role.SECRETARIAT, at=builders.programme(session))

    assert names(session, viewers.by_person(session, omar.id) or PUBLIC) == []
    assert names(session, PUBLIC) == []


def test_the_list_is_bounded_the_latest_first_and_one_statement(session: Session) -> None:
    for number in range(unreachable.SHOWN + 5):
        ended(session, builders.person(session, f"K{number}"), days=1 + number % 20)
    viewer = sara(session)

    assert counted(session, lambda: unreachable.listed(session, viewer, NOW)) == 1
    found = unreachable.listed(session, viewer, NOW)
    assert len(found) == unreachable.SHOWN + 1
    assert [one.last_at for one in found] == sorted((one.last_at for one in found), reverse=True)
