"""Between the planning and the sending a day becomes one off, or an hour another: each step goes once, on a workday."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.mail.deposits import MemoryTransport
from app.models.actions import Action
from app.models.notifications import DayOff, Reminder
from app.models.people import Person
from app.services.kernel import outbox
from app.services.mailing import delivery, reminders
from app.services.mailing.delivery import openings
from app.services.mailing.letters import KINDS
from tests import builders
from tests.builders import instant

# Monday 23 November 2026; the action is due on Monday 14 December, a week after a step of its ladder.
DUE, STEP = dt.date(2026, 12, 14), dt.date(2026, 12, 7)


class House:
    """Karim owes one action; passes run when they are asked to."""

    def __init__(self, database: Database) -> None:
        self.database, self.transport = database, MemoryTransport()
        with database.write() as session:
            programme, body = builders.programme(session), builders.organisation(session)
            post = builders.post(session, body)
            builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
            builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
            self.karim = builders.person(session, "Karim", holds=post).id
            parent = builders.recommendation(session, builders.meeting(session, programme))
            self.action_id = builders.action(session, parent, post, due_on=DUE, state=State.IN_PROGRESS).id
        self.until("2026-12-04")
        self.transport.sent.clear()

    def off(self, *days: dt.date, is_off: bool = True) -> None:
        with self.database.write() as session:
            for day in days:
                session.add(DayOff(on=day, is_off=is_off))

    def choose(self, **changes: object) -> None:
        with self.database.write() as session:
            session.execute(sa.update(Person).where(col(Person.id) == self.karim).values(**changes))

    def plan(self, at: str) -> None:
        with clock.at(instant(at)):
            reminders.plan(self.database.read, self.database.write, instant(at))

    def send(self, at: str) -> int:
        before = len(self.transport.sent)
        with clock.at(instant(at)):
            delivery.dispatch(self.database.write, self.transport, instant(at))
        return len(self.transport.sent) - before

    def until(self, at: str) -> int:
        """A whole pass."""
        self.plan(at)
        return self.send(at)

    def steps(self) -> list[str]:
        with self.database.read() as session:
            found = select(Reminder.step).where(col(Reminder.person_id) == self.karim).order_by(col(Reminder.id))
            return [one for one in session.scalars(found) if one in {"before_7", "before_1", "day_0"}]

    def hourly(self, first: str, days: int) -> dict[str, int]:
        """By day how many mails left, a pass each hour."""
        sent: dict[str, int] = {}
        for hour in range(24 * days):
            at = (instant(f"{first}T00:00") + dt.timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M")
            if left := self.until(at):
                sent[at[:10]] = sent.get(at[:10], 0) + left
        return sent


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_a_day_off_that_is_today_holds_what_was_planned_this_morning_until_the_next_working_day(house: House) -> None:
    house.plan("2026-12-07T08:00")
    house.off(STEP)

    assert house.send("2026-12-07T08:01") == 0
    assert house.hourly("2026-12-07", 4) == {"2026-12-08": 1}
    assert house.steps() == ["before_7"]


def test_two_days_off_in_a_row_hold_it_for_two(house: House) -> None:
    house.plan("2026-12-07T08:00")
    house.off(STEP, STEP + dt.timedelta(days=1))

    assert house.hourly("2026-12-07", 5) == {"2026-12-09": 1}


def test_a_day_off_found_out_after_the_mail_had_left_brings_no_second_one(house: House) -> None:
    assert house.until("2026-12-07T08:00") == 1
    house.off(STEP)

    assert house.hourly("2026-12-07", 5) == {}


def test_a_feast_moved_away_again_lets_the_mail_leave_on_its_day_once(house: House) -> None:
    house.off(STEP)
    assert house.until("2026-12-07T09:00") == 0
    with house.database.write() as session:
        session.execute(sa.delete(DayOff))

    assert house.hourly("2026-12-07", 4) == {"2026-12-07": 1}


def test_a_feast_on_the_deadline_lets_the_last_step_go_before_it_and_only_once(house: House) -> None:
    house.until("2026-12-07T08:00")
    house.off(DUE)

    assert house.hourly("2026-12-08", 8) == {"2026-12-11": 1}
    assert set(house.steps()) == {"before_7", "before_1", "day_0"}


def test_a_deadline_that_becomes_a_day_off_on_its_very_day_is_told_on_the_next_working_day(house: House) -> None:
    for at in ("2026-12-07T08:00", "2026-12-11T08:00"):
        house.until(at)
    house.plan("2026-12-14T08:00")
    house.off(DUE)

    assert house.hourly("2026-12-14", 2) == {"2026-12-15": 1}


def test_what_an_outage_missed_waits_on_a_saturday_for_monday(house: House) -> None:
    with house.database.write() as session:
        session.get_one(Action, house.action_id).due_on = dt.date(2026, 12, 11)  # a Friday: its day is missed

    assert house.hourly("2026-12-12", 3) == {"2026-12-14": 1}
    assert "day_0" in house.steps()


def test_what_a_silent_relay_kept_from_friday_waits_for_monday_too(house: House) -> None:
    with house.database.write() as session:
        session.get_one(Action, house.action_id).due_on = dt.date(2026, 12, 11)
    house.plan("2026-12-11T08:00")

    assert house.hourly("2026-12-12", 3) == {"2026-12-14": 1}


def test_mail_that_is_no_reminder_leaves_on_a_saturday(house: House) -> None:
    with house.database.write() as session, clock.at(instant("2026-12-05T10:00")):
        session.get_one(Action, house.action_id).state = State.ASSIGNED
        outbox.enqueue(session, "action_assigned", house.karim, "u1", about=("action", house.action_id))

    assert house.send("2026-12-05T10:00") == 1


@pytest.mark.parametrize(
    ("before", "changed_at", "after", "leaves_at"),
    [
        (8, "07:00", 17, "17:00"),
        (17, "10:00", 8, "10:00"),
        (19, "18:30", 8, "18:30"),
        (8, "12:00", 17, "08:00"),
    ],
)
def test_an_hour_changed_during_the_day_neither_repeats_nor_loses_the_mail(
    house: House, before: int, changed_at: str, after: int, leaves_at: str
) -> None:
    house.choose(reminder_hour=before)
    sent = []
    for quarter in range(4 * 24):
        now = instant("2026-12-07T00:00") + dt.timedelta(minutes=15 * quarter)
        at = now.strftime("%Y-%m-%dT%H:%M")
        if at == f"2026-12-07T{changed_at}":
            house.choose(reminder_hour=after)
        if house.until(at):
            sent.append(at)

    assert sent == [f"2026-12-07T{leaves_at}"]


@pytest.mark.parametrize(
    ("zone", "leaves_at"), [("Asia/Tokyo", "2026-12-06T23:00"), ("America/New_York", "2026-12-07T13:00")]
)
def test_a_zone_changed_after_the_mail_brings_no_second_one(house: House, zone: str, leaves_at: str) -> None:
    house.choose(timezone=zone)
    assert house.until(leaves_at) == 1
    house.choose(timezone="Africa/Casablanca")

    assert house.hourly("2026-12-07", 3) == {}


def test_what_was_held_up_and_what_comes_up_later_that_day_are_two_mornings(house: House) -> None:
    house.plan("2026-12-07T08:00")
    house.off(STEP)
    assert house.send("2026-12-08T08:00") == 1
    with house.database.write() as session:
        action = session.get_one(Action, house.action_id)
        action.deadline_version, action.due_on = 2, dt.date(2026, 12, 15)

    assert house.hourly("2026-12-08", 3) == {"2026-12-09": 1}, "one reminder mail a day"


def test_what_a_day_off_holds_up_leaves_at_the_hour_that_its_reader_chose(house: House) -> None:
    house.choose(reminder_hour=11)
    house.plan("2026-12-07T11:00")
    house.off(STEP)

    assert [house.send(at) for at in ("2026-12-07T11:01", "2026-12-08T08:05", "2026-12-08T11:05")] == [0, 0, 1]


def test_a_library_that_cannot_be_asked_for_the_days_off_holds_up_no_mail(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("app.queries.scope.calendar.around", fails)
    monday, row = instant("2026-12-07T09:00"), SimpleNamespace(timezone="Africa/Casablanca", reminder_hour=8)

    opening = openings.of(session, monday)

    assert opening(KINDS["reminder"], row) == monday
