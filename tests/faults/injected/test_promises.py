"""Each line of what NOTIFICATIONS promises under faults: real processes, real kills, counted at a real mail server."""

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.base import table_of
from app.models.notifications import DayOff, Delivery, DigestWindow, Outcome
from app.models.people import Holding, Person
from app.queries.mailing import health
from app.queries.scope import calendar
from tests import builders
from tests.builders import instant
from tests.faults.injected import oracle
from tests.faults.injected.conftest import Tally
from tests.faults.injected.stage import Stage

MONDAY = dt.date(2026, 12, 7)
DUE = MONDAY + dt.timedelta(days=7)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def at(time: str, day: dt.date = MONDAY) -> dt.datetime:
    return instant(f"{day}T{time}")


def test_four_schedulers_at_once_without_the_lease_send_each_reminder_once(
    stage: Stage, tally: Tally, at_length: bool
) -> None:
    owners = stage.owners([DUE] * (500 if at_length else 60))
    four = [stage.scheduler() for _ in range(4)]
    for one in four:
        one.begin(at("08:05"))
    for one in four:
        assert one.end()

    received = stage.sink.receipts()
    assert sorted(one.to for one in received) == sorted(owners)
    assert len({one.message_id for one in received}) == len(owners)
    tally(due=len(owners), accepted=len(received), twice=len(received) - len({one.to for one in received}))


def test_three_days_down_bring_one_step_each_that_still_matters(stage: Stage) -> None:
    stage.owners([DUE] * 4, actions=2)
    scheduler = stage.scheduler()
    scheduler.run(at("08:05", dt.date(2026, 12, 10)))
    stage.sink.accepted.clear()
    stage.sink.how.clear()

    scheduler.run(at("11:30", DUE))

    received = stage.sink.receipts()
    assert [len(one.refs) for one in received] == [2] * 4
    assert {one.subject for one in received} == {"Your morning: 2 actions due"}


@pytest.mark.parametrize("how", ["accept_then_drop", "accept_then_hang"])
def test_a_250_that_never_arrives_makes_one_more_copy_with_the_same_name_and_bytes(stage: Stage, how: str) -> None:
    stage.owners([DUE])
    met = iter([how])
    stage.sink.choose = lambda: next(met, "good")
    scheduler = stage.scheduler()
    for time in ("08:05", "08:25", "09:30"):
        scheduler.run(at(time))

    assert len(stage.sink.receipts()) == 2
    assert stage.second_copies() == 1
    assert stage.states() == {Delivery.SENT: 1}


def test_450_three_times_then_250_is_one_mail_after_four_attempts(stage: Stage) -> None:
    stage.owners([DUE])
    met = iter(["450_rcpt"] * 3)
    stage.sink.choose = lambda: next(met, "good")
    scheduler = stage.scheduler()
    for minutes in range(0, 90, 5):
        scheduler.run(at("08:05") + minutes * MINUTE)

    assert len(stage.sink.receipts()) == 1
    assert stage.sink.met == {"450_rcpt": 3, "good": 1}


def test_550_is_one_attempt_and_a_dead_letter_while_the_others_go_on(stage: Stage) -> None:
    owners = stage.owners([DUE] * 6)
    met = iter(["550_rcpt"])
    stage.sink.choose = lambda: next(met, "good")
    scheduler = stage.scheduler()
    for hours in range(6):
        scheduler.run(at("08:05") + hours * HOUR)

    reached = {one.to for one in stage.reminders()}
    assert len(reached) == len(owners) - 1
    assert stage.states()[Delivery.DEAD] == 1
    assert stage.sink.met["550_rcpt"] == 1


def test_a_relay_down_for_six_hours_gets_all_of_it_after_and_nobody_a_storm(
    stage: Stage, database: Database, at_length: bool
) -> None:
    owners = stage.owners([DUE] * 20, actions=3)
    down = {"is": True}
    stage.sink.choose = lambda: "421_banner" if down["is"] else "good"
    scheduler = stage.scheduler()
    for minutes in range(5, 360, 15 if at_length else 50):
        scheduler.run(at("08:00") + minutes * MINUTE)
    assert not stage.sink.accepted
    with database.read() as session:
        assert health.followup(session, at("14:00")).is_red
    down["is"] = False
    for minutes in (0, 6, 12, 30, 60):
        scheduler.run(at("14:00") + minutes * MINUTE)

    assert Counter(one.to for one in stage.sink.receipts()) == dict.fromkeys(owners, 1)
    with database.read() as session:
        assert not health.followup(session, at("15:00")).backlog


def test_a_clock_a_day_ahead_and_back_makes_no_second_copy(stage: Stage) -> None:
    owners = stage.owners([DUE] * 3)
    scheduler = stage.scheduler()
    for day in (8, 7, 8, 7):
        scheduler.run(at("08:05", dt.date(2026, 12, day)))

    assert Counter(one.to for one in stage.sink.receipts()) == dict.fromkeys(owners, 1)


@pytest.mark.parametrize(
    ("due", "mornings"),
    [
        (dt.date(2026, 2, 16), ("2026-02-09", "2026-02-16")),  # 2026-02-15 has one hour twice: the 15th is a Sunday
        (dt.date(2026, 9, 21), ("2026-09-14", "2026-09-21")),  # since the 20th without summer time
        (dt.date(2027, 1, 4), ("2026-12-28", "2027-01-04")),
        (dt.date(2028, 3, 7), ("2028-02-29", "2028-03-07")),
    ],
)
def test_where_clocks_and_years_change_each_morning_comes_once(
    stage: Stage, due: dt.date, mornings: tuple[str, ...], at_length: bool
) -> None:
    """From eight days before: due in seven days, tomorrow or on Friday, today."""
    [owner] = stage.owners([due])
    scheduler, now = stage.scheduler(), instant(f"{due - dt.timedelta(days=8)}T01:30")
    while now < instant(f"{due}T20:00"):
        scheduler.run(now)
        now += HOUR if at_length else 5 * HOUR

    received = [one.on.isoformat() for one in stage.sink.receipts()]
    assert received == _mornings(stage, due)
    assert set(mornings) <= set(received)
    assert {one.to for one in stage.sink.receipts()} == {owner}


def _mornings(stage: Stage, due: dt.date) -> list[str]:
    """Of the last eight days those of the rules; what came due before them is caught up on the first that works."""
    first = due - dt.timedelta(days=8)
    with stage.database.read() as session:
        off = calendar.around(session, due)
    days = {day for day in oracle.holder_days(due, due, off) if day >= first} | {oracle.forward(first, off)}
    return [day.isoformat() for day in sorted(days)]


def test_closed_reassigned_or_switched_off_between_plan_and_send_nothing_is_sent(stage: Stage) -> None:
    closed, moved, off, kept = stage.owners([DUE] * 4, has_digest=True)
    stage.change(sa.update(Person).where(stage.to(closed, moved, kept)).values(has_digest=False))
    stage.sink.choose = lambda: "421_banner"
    scheduler = stage.scheduler()
    scheduler.run(at("08:05"))
    assert stage.states()[Delivery.QUEUED] == 5  # four mornings and a week

    [ref] = stage.owed[closed]
    stage.change(sa.update(Action).where(stage.action(ref)).values(state=State.CANCELLED))
    with stage.database.write() as session:
        post = builders.post(session)
        builders.person(session, "Salma", holds=post, has_digest=False)
        [ref] = stage.owed[moved]
        session.execute(sa.update(Action).where(stage.action(ref)).values(owner_post_id=post.id))
    stage.change(sa.update(Person).where(stage.to(off)).values(has_digest=False))
    stage.sink.choose = lambda: "good"
    for minutes in (0, 6, 12, 30):
        scheduler.run(at("12:00") + minutes * MINUTE)

    assert not [one for one in stage.sink.receipts() if one.to in {closed, moved}]
    assert sorted(one.to for one in stage.reminders()) == sorted([off, kept, *_salma(stage)])
    assert not [one for one in stage.sink.receipts() if stage.kinds()[one.message_id].startswith("digest")]


def _salma(stage: Stage) -> list[str]:
    with stage.database.read() as session:
        return list(session.scalars(sa.select(col(Person.email)).where(col(Person.name) == "Salma")))


def test_a_holiday_that_is_moved_shifts_the_step_and_it_is_sent_once(stage: Stage) -> None:
    owners = stage.owners([DUE] * 3)
    stage.change(sa.insert(table_of(DayOff)).values(on=MONDAY, name="Eid", is_off=True))
    scheduler = stage.scheduler()
    for hour in (8, 13, 19):
        scheduler.run(at(f"{hour:02}:05"))
    assert not stage.sink.accepted

    for hour in (8, 13):
        scheduler.run(at(f"{hour:02}:05", MONDAY + dt.timedelta(days=1)))
    stage.change(sa.update(DayOff).where(col(DayOff.on) == MONDAY).values(is_off=False))
    scheduler.run(at("19:30", MONDAY + dt.timedelta(days=1)))

    assert Counter((one.to, one.on.day) for one in stage.sink.receipts()) == {(to, 8): 1 for to in owners}


def test_an_empty_week_asked_ten_times_sends_nothing_and_is_one_skip(stage: Stage, database: Database) -> None:
    [owner] = stage.owners([dt.date(2027, 12, 14)], has_digest=True)
    scheduler = stage.scheduler()
    for _ in range(10):
        scheduler.run(at("08:05"))

    assert not stage.sink.accepted
    with database.read() as session:
        mine = sa.select(col(Person.id)).where(stage.to(owner)).scalar_subquery()
        assert session.scalars(sa.select(col(Holding.id)).where(col(Holding.person_id) == mine)).one()
        windows = session.scalars(sa.select(col(DigestWindow.outcome)).where(col(DigestWindow.person_id) == mine))
        assert list(windows) == [Outcome.EMPTY]
