"""Days as a statement computes them are those that Python says, at every midnight and whatever is done to clocks."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.workflow import State
from app.models.notifications import Envelope, Heartbeat
from app.models.rollups import Dated, DayTally, Scope
from app.services.followup import updates, verifications
from app.services.followup.transitions import Words
from app.services.kernel import local_days, outbox, rollups
from app.services.mailing.delivery import failure_notices
from tests import scenes
from tests.builders import instant
from tests.fixtures import zones
from tests.fixtures.settings import Configure

WORDS = Words(note="Fait.", public_summary="Fait.")
MOMENT = dt.timedelta(microseconds=1)
DAY = dt.timedelta(days=1)
# An instant, and the day on which people there say that it was.
HERE = pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Pacific/Auckland", "2026-11-23T20:00", dt.date(2026, 11, 24)),
        ("America/New_York", "2026-11-24T02:00", dt.date(2026, 11, 23)),
    ],
)


@pytest.mark.parametrize("name", ["UTC", "Asia/Kathmandu", "Africa/Casablanca", "America/New_York", "Pacific/Auckland"])
def test_a_statement_begins_days_when_people_there_do(session: Session, name: str) -> None:
    """Morocco sets its clocks around Ramadan, and for good in September 2026; New Zealand in the other half year."""
    zone = zones.zone(name)
    days = [dt.date(2024, 1, 1) + number * DAY for number in range(4 * 365)]
    moments = [clock.start(day, zone) + shift for day in days for shift in (-MOMENT, dt.timedelta())]
    rows = [{"name": str(number), "at": at, "detail": {}} for number, at in enumerate(moments)]
    session.execute(sa.insert(Heartbeat), rows)

    on = local_days.day(session.get_bind().dialect.name, col(Heartbeat.at), zone)
    found = [(at, found) for at, found in session.execute(sa.select(col(Heartbeat.at), on)) if at in set(moments)]

    assert len(found) == len(moments)
    assert [(at, day) for at, day in found if day != clock.day(at, zone)] == []


@pytest.mark.parametrize("name", ["America/New_York", "Pacific/Auckland"])
def test_a_zone_moves_at_its_hour(name: str) -> None:
    zone, moves = zones.zone(name), local_days.moves(zones.zone(name))
    assert len(moves) == 101
    for since, ahead in moves[1:]:
        assert local_days.seconds(since, zone) == ahead != local_days.seconds(since - MOMENT, zone)


@HERE
def test_what_the_verbs_count_by_day_is_what_a_recount_gives(
    session: Session, configure: Configure, zone: str, at: str, day: dt.date
) -> None:
    configure(timezone=zone)
    with clock.at(instant(at)):
        made = scenes.scene(session, published=True)
        done, silent = scenes.action(made, State.IN_PROGRESS), scenes.action(made, State.ASSIGNED)
        for item in (done, silent):
            scenes.publish(made, item)
        updates.submit(session, made.actor("karim"), done, words=WORDS)
        verifications.verify(session, made.actor("youssef"), done)

        assert rollups.faults(session) == []
        counted = sa.select(col(DayTally.counted), col(DayTally.on)).where(
            col(DayTally.scope) != Scope.MONTHS,
            col(DayTally.counted).in_([Dated.PUBLISHED, Dated.SILENT]),
        )
        assert {tuple(row) for row in session.execute(counted)} == {(Dated.PUBLISHED, day), (Dated.SILENT, day)}
        rollups.rebuild(session)
        assert rollups.faults(session) == []


@HERE
def test_there_is_one_notice_of_failure_a_local_day(
    session: Session, configure: Configure, zone: str, at: str, day: dt.date
) -> None:
    configure(timezone=zone)
    made = scenes.scene(session)
    about = "action", scenes.action(made).id
    failed = outbox.enqueue(session, "action_assigned", made.people["karim"], "p", about=about)
    session.flush()
    for hours in (0, 1, 24):
        failure_notices.tell(session, failed or 0, instant(at) + hours * dt.timedelta(hours=1))
    periods = session.scalars(sa.select(col(Envelope.period)).where(col(Envelope.kind) == failure_notices.KIND))
    assert {period.partition("-")[2] for period in periods} == {day.isoformat(), (day + DAY).isoformat()}
