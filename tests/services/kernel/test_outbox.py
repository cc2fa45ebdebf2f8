"""The queue: one envelope for one person, kind and period, which waits for its hour and keeps its name."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.models.notifications import Delivery, Envelope
from app.services.kernel import outbox
from app.services.kernel.outbox import Priority
from tests import builders
from tests.builders import instant
from tests.fixtures.settings import Configure

NOW, MORNING = instant("2026-11-23T12:00"), instant("2026-11-24T08:00")


@pytest.fixture
def karim(session: Session) -> int:
    return builders.person(session, "Karim").id


def envelope(session: Session, message_id: int) -> Envelope:
    return session.get_one(Envelope, message_id, populate_existing=True)


def test_what_is_meant_for_a_morning_waits_for_it_and_the_rest_is_due_now(session: Session, karim: int) -> None:
    with clock.at(NOW):
        later = outbox.enqueue(session, "reminder", karim, "2026-11-24", due_at=MORNING, expires_at=MORNING)
        at_once = outbox.enqueue(session, "action_assigned", karim, "u1")

    assert (envelope(session, later).due_at, envelope(session, later).expires_at) == (MORNING, MORNING)
    assert (envelope(session, at_once).due_at, envelope(session, at_once).expires_at) == (NOW, None)
    assert (envelope(session, later).created_at, envelope(session, at_once).priority) == (NOW, Priority.ACT)


def test_asked_for_twice_it_is_one_and_stays_what_it_was(session: Session, karim: int) -> None:
    first = outbox.enqueue(session, "reminder", karim, "2026-11-24", due_at=MORNING, about=("action", 1), step=7)
    again = outbox.enqueue(session, "reminder", karim, "2026-11-24", due_at=NOW, about=("action", 2), step=1)

    assert again == first
    kept = envelope(session, first)
    assert (kept.due_at, kept.about_id, kept.params) == (MORNING, 1, {"step": 7})


@pytest.mark.parametrize("other", [("reminder", "2026-11-25"), ("digest", "2026-11-24")])
def test_another_kind_or_period_is_another_envelope_with_another_name(
    session: Session, karim: int, other: tuple[str, str]
) -> None:
    kind, period = other
    one, two = outbox.enqueue(session, "reminder", karim, "2026-11-24"), outbox.enqueue(session, kind, karim, period)

    assert one != two
    assert envelope(session, one).message_id != envelope(session, two).message_id


def test_the_name_is_fixed_by_the_key_and_tells_nothing(session: Session, karim: int, configure: Configure) -> None:
    configure(mail_from="Tatbiq <suivi@exemple.ma>")
    name = outbox.message_id_of(f"{karim}|mail|reminder|2026-11-24")

    assert envelope(session, outbox.enqueue(session, "reminder", karim, "2026-11-24")).message_id == name
    assert name.endswith("@exemple.ma>")
    assert "reminder" not in name


def test_what_was_queued_before_an_instant_can_be_set_aside_and_what_has_left_stays(
    session: Session, karim: int
) -> None:
    with clock.at(NOW):
        waiting, gone = (outbox.enqueue(session, "reminder", karim, period) for period in ("a", "b"))
        session.execute(sa.update(Envelope).where(col(Envelope.id) == gone).values(state=Delivery.SENT))
    with clock.at(NOW + dt.timedelta(hours=1)):
        later = outbox.enqueue(session, "reminder", karim, "c")
        outbox.set_aside(session, clock.now(), "The demo begins anew")

    states = {row[0]: row[1] for row in session.execute(sa.select(col(Envelope.id), col(Envelope.state)))}
    assert states == {waiting: Delivery.CANCELLED, gone: Delivery.SENT, later: Delivery.QUEUED}
    assert envelope(session, waiting).reason == "The demo begins anew"


def test_the_same_message_asked_for_by_many_at_once_is_queued_once_and_nobody_fails(database: Database) -> None:
    """Its key and the name it has among mails are unique, each in an index of its own."""
    with database.write() as session:
        person = builders.person(session, "Karim").id
    crowd, rounds = 6, 40
    start = threading.Barrier(crowd)

    def ask() -> None:
        for number in range(rounds):
            start.wait(10)
            with database.write() as session:
                outbox.enqueue(session, "reminder", person, period=f"{number}")

    with ThreadPoolExecutor(crowd) as threads:
        for done in [threads.submit(ask) for _ in range(crowd)]:
            done.result(60)

    with database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == rounds


def test_what_was_held_back_leaves_as_it_was_meant(session: Session, karim: int) -> None:
    with outbox.gathering(session) as held:
        outbox.enqueue(
            session, "reminder", karim, "2026-11-24", about=("post", 4), due_at=MORNING, priority=Priority.REMINDER, a=1
        )
    assert session.scalars(sa.select(col(Envelope.id))).all() == []

    row = envelope(session, outbox.release(session, held[0]))

    assert (row.due_at, row.priority, row.about_kind, row.about_id) == (MORNING, Priority.REMINDER, "post", 4)
    assert row.params == {"a": 1}
