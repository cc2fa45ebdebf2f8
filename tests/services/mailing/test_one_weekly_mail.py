"""One mail a person and week: roles that come and go, mails of before, figures from week to week."""

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app import clock
from app.db import Database
from app.domain import regions
from app.domain.digests import Window
from app.domain.permissions import Role
from app.domain.progress import Status
from app.domain.workflow import State
from app.mail.deposits import MemoryTransport
from app.models.actions import Action
from app.models.notifications import Delivery, DigestWindow, Envelope, Outcome
from app.models.people import Holding, RoleGrant
from app.models.rollups import Scope, Tallied, Tally
from app.queries.mailing import digests as weeks
from app.queries.mailing.digest_rows import DigestReader, ObservedFigures
from app.services.mailing import delivery
from app.services.mailing.digests import DigestsPlanned
from tests import builders
from tests.builders import instant
from tests.services.mailing.test_digests import MONDAY, action, planned, the, told, windows

__all__ = ["action"]


def test_who_owes_runs_a_desk_and_observes_gets_one_mail_of_three_parts(database: Database) -> None:
    with database.write() as session:
        everybody = several_shapes(session)
        assert planned(session, MONDAY).planned == 1
        assert [(one.person_id, one.outcome) for one in session.scalars(select(DigestWindow))] == [
            (everybody, Outcome.PLANNED)
        ]
    [mail] = sent_at(database, MONDAY)

    text = mail_text(mail)
    titles = [line.strip("* ") for line in text.splitlines() if line.startswith("* ")]
    assert titles == ["What is yours to do", "At the follow-up desk", "The whole"]
    assert mail["Subject"] == "Your week: 1 action overdue, 1 to verify, …"


def test_whoever_lost_every_role_before_it_leaves_gets_nothing(database: Database) -> None:
    with database.write() as session:
        several_shapes(session)
        planned(session, MONDAY)
        session.execute(sa.delete(RoleGrant))
        session.execute(sa.update(Holding).values(until_on=dt.date(2026, 11, 20)))

    assert sent_at(database, MONDAY) == []
    with database.read() as session:
        assert session.scalars(select(Envelope.state)).one() == Delivery.CANCELLED
        assert session.scalars(select(DigestWindow.outcome)).one() == Outcome.MISSED


def test_a_role_that_is_lost_takes_its_part_along(database: Database) -> None:
    with database.write() as session:
        several_shapes(session)
        planned(session, MONDAY)
        session.execute(sa.delete(RoleGrant))
    [mail] = sent_at(database, MONDAY)

    assert mail["Subject"] == "Your week: 1 action overdue"
    assert "to verify" not in mail_text(mail)


def test_a_role_given_in_mid_week_is_told_of_on_the_next_monday_from_where_the_last_week_ended(
    session: Session, action: Action
) -> None:
    planned(session, MONDAY)
    told(session)
    karim = the(session, "Karim")
    builders.grant(session, karim, Role.OBSERVER)

    assert planned(session, "2026-11-25") == DigestsPlanned()
    assert planned(session, "2026-11-30").planned == 1
    assert windows(session)[-1].start_at == instant(MONDAY)


@pytest.mark.parametrize(("kind", "is_own"), [("digest_owner", True), ("digest_secretariat", False)])
def test_what_was_asked_for_before_all_became_one_mail_tells_its_own_part(
    database: Database, kind: str, *, is_own: bool
) -> None:
    with database.write() as session:
        several_shapes(session)
        planned(session, MONDAY)
        session.execute(sa.update(Envelope).values(kind=kind))
    [mail] = sent_at(database, MONDAY)

    assert ("overdue" in mail["Subject"], "to verify" in mail["Subject"]) == (is_own, not is_own)


def test_an_observer_is_told_how_the_figures_stood_when_they_were_told_last(session: Session) -> None:
    programme = builders.programme(session)
    meeting = builders.meeting(session, programme, region="FM")
    nadia = builders.person(session, "Nadia", Role.OBSERVER, at=programme)
    builders.action(session, builders.recommendation(session, meeting), state=State.BLOCKED)
    planned(session, MONDAY)
    told(session)
    assert windows(session, "Nadia")[0].figures["before"] is None
    session.add(
        Tally(
            scope=Scope.REGION, counted=Tallied.RECOMMENDATIONS, is_public=False,
            scope_id=regions.number(programme.id, "FM"), status=Status.IMPLEMENTED, count=5,
        )
    )  # fmt: skip
    session.flush()
    planned(session, "2026-11-30")
    figures = windows(session, "Nadia")[-1].figures

    assert (figures["before"], figures["done"], figures["of"]) == (0, 5, 5)
    window = Window(instant(MONDAY), instant("2026-11-30"))
    week = weeks.week(session, DigestReader(nadia.id, dt.date(2026, 11, 30), window))
    assert week.figures == ObservedFigures(**figures)
    told(session)
    first = Window(instant("2026-11-16"), instant(MONDAY))
    again = weeks.week(session, DigestReader(nadia.id, dt.date(2026, 11, 23), first)).figures
    assert again is not None
    assert again.before is None


def several_shapes(session: Session) -> int:
    """Amina owes something, has something to verify, and observes another programme."""
    programme, other = builders.programme(session), builders.programme(session)
    post = builders.post(session)
    amina = builders.person(session, "Amina", Role.SECRETARIAT, at=programme, holds=post)
    builders.grant(session, amina, Role.OBSERVER, other)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    builders.action(session, parent, post, due_on=dt.date(2026, 11, 19), last_word_at=instant("2026-11-20"))
    builders.action(session, parent, state=State.SUBMITTED, submitted_at=instant("2026-11-20"))
    builders.action(session, builders.recommendation(session, builders.meeting(session, other)), state=State.BLOCKED)
    return amina.id


def sent_at(database: Database, at: str) -> list[EmailMessage]:
    transport, now = MemoryTransport(), instant(at)
    with clock.at(now):
        delivery.dispatch(database.write, transport, now)
    found = [message_from_bytes(one.raw, policy=policy.default) for one in transport.sent]
    return [one for one in found if isinstance(one, EmailMessage)]


def mail_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""
