"""Who leads: one at a time, for as long as it shows signs of life, whatever a clock does."""

import datetime as dt

import pytest
from sqlmodel import Session, col, select

from app.models.notifications import Heartbeat
from app.services.upkeep import heartbeats
from app.services.upkeep.heartbeats import LEASE
from tests.builders import instant

NOON = instant("2026-11-23T12:00")
SECOND = dt.timedelta(seconds=1)


def test_the_first_leads_and_nobody_else_while_it_lives(session: Session) -> None:
    epoch = heartbeats.lead(session, 0, NOON)

    assert epoch > 0
    assert heartbeats.lead(session, 0, NOON + LEASE - SECOND) == 0
    assert heartbeats.lead(session, epoch, NOON + LEASE - SECOND) == epoch
    assert heartbeats.lead(session, 0, NOON + LEASE) == 0  # prolonged by the beat before


def test_who_was_silent_is_replaced_and_learns_it(session: Session) -> None:
    first = heartbeats.lead(session, 0, NOON)
    second = heartbeats.lead(session, 0, NOON + LEASE)

    assert second == first + 1
    assert heartbeats.lead(session, first, NOON + LEASE + SECOND) == 0


def test_a_lease_from_the_future_binds_nobody(session: Session) -> None:
    """The clock ran ahead and was set back: nobody should wait for the old time."""
    ahead = heartbeats.lead(session, 0, NOON + dt.timedelta(days=1))

    assert not heartbeats.is_led(session, NOON)
    assert heartbeats.lead(session, 0, NOON) == ahead + 1


def test_who_leaves_leaves_the_lease_and_only_its_own(session: Session) -> None:
    first = heartbeats.lead(session, 0, NOON)
    heartbeats.resign(session, first - 1)
    assert heartbeats.is_led(session, NOON)

    heartbeats.resign(session, first)
    assert not heartbeats.is_led(session, NOON)
    assert heartbeats.lead(session, 0, NOON + SECOND) == first + 1


@pytest.mark.parametrize(("later", "is_led"), [(dt.timedelta(), True), (LEASE - SECOND, True), (LEASE, False)])
def test_it_is_led_within_the_lease(session: Session, later: dt.timedelta, is_led: bool) -> None:
    heartbeats.lead(session, 0, NOON)

    assert heartbeats.is_led(session, NOON + later) is is_led


def test_a_beat_is_one_row_with_the_last_instant(session: Session) -> None:
    for minutes in (0, 5):
        heartbeats.beat(session, "job:sweep", NOON + dt.timedelta(minutes=minutes))

    beats = session.exec(select(col(Heartbeat.at)).where(col(Heartbeat.name) == "job:sweep")).all()
    assert beats == [NOON + dt.timedelta(minutes=5)]
