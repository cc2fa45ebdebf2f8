"""What waits is counted by urgency and by how long it has been due, and counting stops in time."""

import datetime as dt

import pytest
from sqlmodel import Session, col, update

from app.domain.sentences.wellness import Ages
from app.models.notifications import Delivery, Envelope
from app.queries.mailing import backlog
from app.services.kernel import outbox
from app.services.kernel.outbox import Priority
from tests import builders
from tests.statements import counted

NOW = builders.instant("2026-12-07")


def queued(session: Session, minutes: float, priority: Priority = Priority.ACT, **values: object) -> None:
    person = builders.person(session, "Karim")
    due_at = NOW - dt.timedelta(minutes=minutes)
    made = outbox.enqueue(session, "action_assigned", person.id, "u1", due_at=due_at, priority=priority)
    if values:
        session.execute(update(Envelope).where(col(Envelope.id) == made).values(**values))


def test_each_stands_where_its_age_and_its_urgency_put_it(session: Session) -> None:
    for minutes in (0, 0.5, 1, 14, 15, 59, 60, 600, -1):
        queued(session, minutes)
    queued(session, 30, Priority.DIGEST)
    queued(session, 90, state=Delivery.CLAIMED)
    queued(session, 90, state=Delivery.SENT)

    found = backlog.by_priority(session, NOW)

    assert found == {3: Ages(2, 2, 2, 3, 1), 8: Ages(0, 0, 1, 0, 0)}
    assert backlog.together(found.values()) == Ages(2, 2, 3, 3, 1)
    assert backlog.together([]) == Ages()


def test_what_a_failure_put_off_is_as_late_as_it_was(session: Session) -> None:
    queued(session, 90, due_at=NOW + dt.timedelta(minutes=30))

    assert backlog.by_priority(session, NOW) == {3: Ages(older=1)}


def test_counting_is_one_statement_and_stops_with_the_most_urgent(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MOST", 3)
    for _ in range(3):
        queued(session, 5, Priority.DIGEST)
    queued(session, 5, Priority.SIGN_IN)

    assert counted(session, lambda: backlog.by_priority(session, NOW)) == 1
    assert backlog.by_priority(session, NOW) == {0: Ages(minutes=1), 8: Ages(minutes=2)}
