"""The one mail of a morning says as what its reader gets it, and bears the name of the programme that it is about."""

import datetime as dt

from sqlmodel import Session, col, select

from app import clock
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.notifications import Envelope
from app.models.people import Person
from app.queries.mailing.letters import recipients
from app.services.mailing.letters import KINDS, Case, LetterCache, QueuedMessage
from tests import builders, passes

# Monday 23 November 2026.
DUE = dt.date(2026, 11, 23)


def test_holder_manager_secretariat_and_verifier_each_read_why(session: Session) -> None:
    programme, body = builders.programme(session), builders.organisation(session)
    karim = builders.person(session, "Karim", holds=builders.post(session, body))
    leila = builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
    amina = builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    youssef = builders.person(session, "Youssef", Role.VERIFIER, at=programme)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    post = builders.post(session, body)
    builders.hold(session, karim, post)
    builders.action(session, parent, post, due_on=DUE)
    builders.action(session, parent, post, state=State.SUBMITTED, due_on=DUE, submitted_at=at("2026-11-23"))

    assert foot(session, "2026-11-30", karim).startswith("you hold this post: ")
    assert foot(session, "2026-11-30", leila) == "you manage: Regional investment centre."
    assert foot(session, "2026-12-07", amina) == "you belong to the secretariat of: Foreign trade programme."
    assert foot(session, "2026-11-30", youssef) == "you verify for: Foreign trade programme."


def at(day: str) -> dt.datetime:
    return builders.instant(day)


def foot(session: Session, day: str, person: Person) -> str:
    """What stands below the mail of that morning, after the words that are always there."""
    with clock.at(at(day)):
        passes.plan_reminders(session, at(day))
        session.flush()
        found = select(Envelope).where(col(Envelope.person_id) == person.id, col(Envelope.kind) == "reminder")
        row = session.exec(found.order_by(col(Envelope.id).desc())).first()
        assert row
        envelope = QueuedMessage(row.id, person.id, row.kind, row.period, row.about_kind, row.about_id or 0, row.params)
        whom = recipients(session, [person.id])[person.id]
        case = Case(LetterCache(session, clock.now()), envelope, whom)
        mail = KINDS["reminder"].message(KINDS["reminder"].load(case))
    assert mail.sender_name == "Foreign trade programme"
    why = next(line for line in mail.text.splitlines() if line.startswith("You receive this mail because "))
    return why.removeprefix("You receive this mail because ").replace("\u2068", "").replace("\u2069", "")
