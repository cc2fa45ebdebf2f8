"""The ladder over a set clock: every obligation once, in one mail a morning."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.domain.permissions import Grant, Role, Viewer
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Programme
from app.models.notifications import DayOff, Delivery, Envelope, Reminder, ReminderState
from app.models.people import Holding, Person, Post
from app.models.recommendations import Recommendation
from app.queries.mailing import reminders as owed
from app.services.followup import closures
from app.services.kernel.audit import Actor
from app.services.mailing import reminders
from app.services.mailing.reminders import Recorded
from tests import builders, passes
from tests.builders import instant

# Monday 23 November 2026; the action is due on Monday 14 December.
DUE = dt.date(2026, 12, 14)


def planned(session: Session, day: str) -> Recorded:
    now = instant(day)
    with clock.at(now):
        found = passes.plan_reminders(session, now)
    session.flush()
    session.expire_all()
    return found


@pytest.fixture
def action(session: Session) -> Action:
    """Karim's, in Leila's organisation, in Amina's programme."""
    programme = builders.programme(session)
    body = builders.organisation(session)
    post = builders.post(session, body)
    builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
    builders.person(session, "Karim", holds=post)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    return builders.action(session, parent, post, due_on=DUE)


def steps(session: Session, state: ReminderState = ReminderState.PLANNED) -> list[str]:
    rows = session.scalars(select(Reminder).where(col(Reminder.state) == state).order_by(col(Reminder.id)))
    return [row.step for row in rows]


def test_seven_days_before_one_reminder_is_planned_and_never_a_second(session: Session, action: Action) -> None:
    planned(session, "2026-11-30")
    first = planned(session, "2026-12-07")

    assert first.planned == 1
    assert steps(session)[-1] == "before_7"
    for again in ("2026-12-07", "2026-12-07T19:59", "2026-12-08", "2026-12-09"):
        assert planned(session, again) == Recorded(0, 0)


def test_nothing_is_planned_before_eight_nor_after_twenty(session: Session, action: Action) -> None:
    assert planned(session, "2026-12-07T07:59") == Recorded()
    assert planned(session, "2026-12-07T20:00") == Recorded()
    assert planned(session, "2026-12-07T08:00").planned == 1


def test_steps_past_at_assignment_are_not_planned(session: Session, action: Action) -> None:
    action.assigned_at = instant("2026-12-01")

    assert planned(session, "2026-12-02") == Recorded()
    assert planned(session, "2026-12-07").planned == 1


def test_after_three_days_down_the_latest_step_goes_and_the_rest_is_superseded(
    session: Session, action: Action
) -> None:
    planned(session, "2026-12-07")

    assert planned(session, "2026-12-17") == Recorded(1, 2)
    assert steps(session)[-1] == "after_3"
    assert set(steps(session, ReminderState.SUPERSEDED)) >= {"before_1", "day_0"}


def test_the_manager_hears_at_seven_days_late_and_the_secretariat_at_fourteen(session: Session, action: Action) -> None:
    planned(session, "2026-12-18")

    assert planned(session, "2026-12-21").planned == 2
    assert planned(session, "2026-12-28").planned == 2
    heard = {row.step: row.audience for row in session.scalars(select(Reminder))}
    assert heard["manager_7"] == "manager"
    assert heard["secretariat_14"] == "secretariat"


def test_without_a_manager_the_secretariat_hears_instead(session: Session, action: Action) -> None:
    session.execute(sa.update(Holding).where(col(Holding.post_id) != action.owner_post_id).values(until_on=DUE))

    planned(session, "2026-12-21")

    heard = {row.step: row.audience for row in session.scalars(select(Reminder))}
    assert heard["manager_7"] == "secretariat"


def test_a_post_without_a_holder_is_never_silence(session: Session, action: Action) -> None:
    leaves = sa.update(Holding).where(col(Holding.post_id) == action.owner_post_id)
    session.execute(leaves.values(until_on=dt.date(2026, 11, 23)))

    assert planned(session, "2026-11-23").planned == 1
    [row] = session.scalars(select(Reminder)).all()
    assert (row.audience, row.step) == ("secretariat", "vacant_0@2026-11-23")


def test_a_deadline_moved_away_and_back_arms_again(session: Session, action: Action) -> None:
    planned(session, "2026-12-07")
    session.execute(sa.update(Envelope).values(state=Delivery.SENT))
    for due_on in (dt.date(2027, 3, 1), DUE):
        action.due_on, action.deadline_version = due_on, action.deadline_version + 1
        session.flush()

    assert planned(session, "2026-12-07") == Recorded(), "one reminder mail a day"
    assert planned(session, "2026-12-08").planned == 1
    assert steps(session)[-1] == "before_7"


def test_a_new_holder_hears_what_is_due_and_the_old_one_no_more(session: Session, action: Action) -> None:
    planned(session, "2026-12-07")
    post_id = action.owner_post_id
    session.execute(sa.update(Holding).where(col(Holding.post_id) == post_id).values(until_on=DUE))
    session.flush()
    salma = builders.person(session, "Salma", holds=session.get_one(Post, post_id))

    planned(session, "2026-12-14")

    [row] = session.scalars(select(Reminder).where(col(Reminder.step) == "day_0"))
    assert row.person_id == salma.id


def test_a_closed_action_is_nobodys_reminder(session: Session, action: Action) -> None:
    action.state = State.CANCELLED
    session.flush()

    assert planned(session, "2026-12-07") == Recorded()


def test_who_submitted_is_left_in_peace_and_verifiers_hear_after_five_working_days(
    session: Session, action: Action
) -> None:
    programme = session.get_one(Programme, action.programme_id)
    builders.person(session, "Nadia", Role.VERIFIER, at=programme)
    action.state, action.submitted_at = State.SUBMITTED, instant("2026-11-23")
    session.flush()

    assert planned(session, "2026-11-27") == Recorded()
    assert planned(session, "2026-11-30").planned == 1
    [row] = session.scalars(select(Reminder))
    assert row.audience == "verifier"


def test_a_holiday_that_an_administrator_adds_moves_the_step(session: Session, action: Action) -> None:
    session.add(DayOff(on=dt.date(2026, 12, 7), name="Fête", is_off=True))
    session.flush()
    planned(session, "2026-12-01")

    assert planned(session, "2026-12-07") == Recorded()
    assert planned(session, "2026-12-08").planned == 1


def test_all_reminders_of_one_morning_are_one_message(session: Session, action: Action) -> None:
    parent = session.get_one(Recommendation, action.recommendation_id)
    post = session.get_one(Post, action.owner_post_id)
    for _ in range(4):
        builders.action(session, parent, post, due_on=DUE)

    assert planned(session, "2026-12-07").planned == 5
    [message] = session.scalars(select(Envelope))
    assert (message.period, message.due_at) == ("2026-12-07", instant("2026-12-07"))


def test_a_morning_that_could_not_be_sent_goes_with_the_next(session: Session, action: Action) -> None:
    planned(session, "2026-12-14")
    planned(session, "2026-12-17")

    first, second = session.scalars(select(Envelope).order_by(col(Envelope.id)))
    assert (first.state, second.state) == (Delivery.CANCELLED, Delivery.QUEUED)
    going = select(Reminder).where(col(Reminder.state) == ReminderState.PLANNED)
    assert {row.message_id for row in session.scalars(going)} == {second.id}


def test_a_morning_that_was_tried_and_certainly_refused_goes_with_the_next_and_is_late_since_then(
    session: Session, action: Action
) -> None:
    planned(session, "2026-12-14")
    session.execute(sa.update(Envelope).values(attempts=7, frozen=b"x", due_at=instant("2026-12-14T19:00")))
    planned(session, "2026-12-17")

    first, second = session.scalars(select(Envelope).order_by(col(Envelope.id)))
    assert (first.state, first.frozen, second.state) == (Delivery.CANCELLED, None, Delivery.QUEUED)
    assert second.first_due_at == instant("2026-12-14")
    going = select(Reminder).where(col(Reminder.state) == ReminderState.PLANNED)
    assert {row.message_id for row in session.scalars(going)} == {second.id}


def test_what_comes_up_once_this_mornings_mail_was_written_waits_for_the_next(session: Session, action: Action) -> None:
    planned(session, "2026-12-07")
    session.execute(sa.update(Envelope).values(frozen=b"written", attempts=1))
    builders.action(
        session, session.get_one(Recommendation, action.recommendation_id), owner_of(session, action), due_on=DUE
    )

    assert planned(session, "2026-12-07T10:00").planned == 0
    assert planned(session, "2026-12-08").planned == 1
    assert len({row.message_id for row in session.scalars(select(Reminder)) if row.message_id}) == 1, "both go now"


def owner_of(session: Session, action: Action) -> Post:
    return session.get_one(Post, action.owner_post_id)


def test_a_morning_that_may_have_arrived_stays_alone(session: Session, action: Action) -> None:
    planned(session, "2026-12-14")
    session.execute(sa.update(Envelope).values(attempts=1, uncertain=1, frozen=b"x"))
    planned(session, "2026-12-17")

    first, second = session.scalars(select(Envelope).order_by(col(Envelope.id)))
    assert (first.state, second.state) == (Delivery.QUEUED, Delivery.QUEUED)


def test_an_extension_brings_back_no_step_that_lay_before_it(session: Session, action: Action) -> None:
    planned(session, "2026-12-18")
    with clock.at(instant("2026-12-18")):
        who = session.scalars(select(Person.id).where(col(Person.name) == "Amina")).one()
        amina = Actor(Viewer(who, frozenset({Grant(Role.SECRETARIAT, action.programme_id)})))
        closures.move_deadline(session, amina, action, due_on=dt.date(2026, 12, 28), reason="Budget")
    session.execute(sa.update(Envelope).values(state=Delivery.SENT))

    for again in ("2026-12-18T09:00", "2026-12-19", "2026-12-20"):
        assert planned(session, again) == Recorded(), "it is due in ten days; the steps at 30 and 14 are over"
    assert planned(session, "2026-12-21").planned == 1
    assert steps(session)[-1] == "before_7"


def test_eight_o_clock_is_the_persons_own(session: Session, action: Action) -> None:
    post = session.get_one(Post, action.owner_post_id)
    [holding] = session.scalars(select(Holding).where(col(Holding.post_id) == post.id))
    session.get_one(Person, holding.person_id).timezone = "Asia/Tokyo"
    session.flush()

    assert planned(session, "2026-12-06T22:59") == Recorded()
    assert planned(session, "2026-12-06T23:00").planned == 1


def test_four_passes_at_once_record_each_obligation_once(database: Database) -> None:
    now = instant("2026-12-07")
    with database.write() as session:
        parent = builders.recommendation(session)
        for number in range(12):
            post = builders.post(session)
            builders.person(session, f"Karim{number}", holds=post)
            for _ in range(5):
                builders.action(session, parent, post, due_on=DUE)
    start = threading.Barrier(4)
    counts: list[int] = []

    def one_pass() -> None:
        with clock.at(now):
            with database.read() as reading:
                found = owed.due(reading, now)
            start.wait(10)
            for portion in reminders.by_person(found.owed, 5):
                with database.write() as writing:
                    counts.append(reminders.record(writing, portion).planned)

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(one_pass) for _ in range(4)]:
            done.result(60)

    with database.read() as session:
        going = select(Reminder.person_id).where(col(Reminder.state) == ReminderState.PLANNED)
        people = Counter(session.scalars(going))
        messages = session.scalars(select(Envelope)).all()
    assert sum(counts) == 60
    assert set(people.values()) == {5}
    assert len(messages) == 12
