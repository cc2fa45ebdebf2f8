"""A scheduler killed with -9 at every labelled point of a morning: nothing is lost, and nothing has two texts."""

import datetime as dt

import pytest

from app.queries.scope import calendar
from app.services.mailing.delivery.work import Checkpoint
from tests.builders import instant
from tests.faults.injected import oracle
from tests.faults.injected.conftest import Tally
from tests.faults.injected.mortal import RECORDED
from tests.faults.injected.stage import Stage

FIRST = dt.date(2026, 12, 7)
POINTS = (RECORDED, *Checkpoint)
_MAY_DOUBLE = frozenset({Checkpoint.DATA, Checkpoint.ACCEPTED})
_ONCE = frozenset({RECORDED, Checkpoint.CLAIMED})  # in a pass over so few
_LEASE = dt.timedelta(minutes=16)


@pytest.mark.parametrize("people", [3])
def test_killed_at_every_point_of_every_morning_each_reminder_arrives(
    stage: Stage, tally: Tally, at_length: bool, people: int
) -> None:
    with stage.database.read() as session:
        off = calendar.around(session, FIRST)
    mornings = oracle.working_days(FIRST, 20 if at_length else 1, off)
    stage.owners([morning + dt.timedelta(days=7) for morning in mornings for _ in POINTS for _ in range(people)])
    scheduler, doubling = stage.scheduler(), 0
    for morning in mornings:
        now = instant(f"{morning}T08:05")
        for point in POINTS:
            died = not scheduler.run(now, f"{point}:{1 if point in _ONCE else 2}")
            doubling += died and point in _MAY_DOUBLE
            now += _LEASE
        for _ in range(3):
            assert scheduler.run(now)
            now += _LEASE

    assert scheduler.deaths >= len(POINTS) - 1
    reached = {(one.to, ref, one.on) for one in stage.reminders() for ref in one.refs}
    lost = [
        (address, day)
        for address, owed in stage.owed.items()
        for ref, due_on in owed.items()
        for day in oracle.holder_days(due_on, mornings[-1], off)
        if day in mornings and (address, ref, day) not in reached
    ]
    seconds = stage.second_copies()
    tally(killed=scheduler.deaths, accepted=len(stage.sink.accepted), lost=len(lost), twice=seconds, may=doubling)
    assert not lost
    assert seconds <= doubling
    assert stage.most_a_morning() == 1
