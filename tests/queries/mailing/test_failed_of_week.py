"""The failed mails of a week: about the programme's actions, and the weekly ones of those who owe some of them."""

import datetime as dt

from sqlmodel import Session

from app.domain.digests import Window
from app.models.actions import Action
from app.models.notifications import Delivery, Envelope
from app.queries.mailing import failed_mails
from app.queries.mailing.ledgers import LedgerScope
from app.services.kernel import outbox
from tests import builders
from tests.builders import instant

WINDOW = Window(instant("2026-11-16"), instant("2026-11-23"))
MEANWHILE = WINDOW.start_at + dt.timedelta(1)


def mail(session: Session, person_id: int, about: Action | None, state: Delivery = Delivery.DEAD) -> Envelope:
    """One that ended in the week."""
    period = f"{about.id if about else 0} {state}"
    subject = ("action", about.id) if about else None
    kind = "action_assigned" if about else "digest"
    message_id = outbox.enqueue(session, kind, person_id, period, about=subject)
    row = session.get_one(Envelope, message_id)
    row.state, row.ended_at = state, MEANWHILE
    session.flush()
    return row


def test_they_are_the_programmes_own_and_nobody_elses(session: Session) -> None:
    programme, other = builders.programme(session), builders.programme(session)
    posts = [builders.post(session) for _ in range(2)]
    karim, omar = (
        builders.person(session, name, holds=post) for name, post in zip(("Karim", "Omar"), posts, strict=True)
    )
    here, there = (
        builders.action(session, builders.recommendation(session, builders.meeting(session, home)), post)
        for home, post in zip((programme, other), posts, strict=True)
    )
    about, to_owner = mail(session, omar.id, here), mail(session, karim.id, None)
    mail(session, omar.id, there)
    mail(session, omar.id, None)
    mail(session, karim.id, here, Delivery.SENT)
    closed, late = mail(session, karim.id, here), mail(session, karim.id, here, Delivery.PARKED)
    closed.closed_at, late.ended_at = MEANWHILE, WINDOW.end_at
    session.flush()

    mine = LedgerScope(frozenset({programme.id}))
    assert failed_mails.of_week(session, mine, WINDOW, 10) == ((about.id, to_owner.id), 2)
    assert failed_mails.of_week(session, mine, WINDOW, 1) == ((about.id,), 2)
