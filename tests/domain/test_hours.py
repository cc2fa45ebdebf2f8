"""The hours in which mail may leave."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import may_send, morning, next_opening
from tests.fixtures.zones import NEW_YORK, RABAT

instants = st.integers(0, 2 * 365 * 24 * 4).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * timedelta(minutes=15))
zones = st.sampled_from([RABAT, NEW_YORK])


def in_rabat(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, second, tzinfo=RABAT)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (in_rabat(7, 29, 59), False),
        (in_rabat(7, 30), True),
        (in_rabat(19, 59, 59), True),
        (in_rabat(20), False),
        (in_rabat(0), False),
    ],
)
def test_nothing_but_sign_in_leaves_between_eight_and_half_past_seven(at: datetime, open_: bool) -> None:
    assert may_send(False, at.astimezone(UTC), RABAT) is open_
    assert may_send(True, at.astimezone(UTC), RABAT)


def test_evening_mail_waits_for_the_next_morning_and_night_mail_for_the_same() -> None:
    assert next_opening(in_rabat(21), RABAT) == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert next_opening(in_rabat(3), RABAT) == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert next_opening(in_rabat(12), RABAT) == in_rabat(12)


def test_eight_in_the_morning_is_local() -> None:
    assert morning(date(2026, 9, 19), RABAT) == datetime(2026, 9, 19, 7, tzinfo=UTC)
    assert morning(date(2026, 9, 20), RABAT) == datetime(2026, 9, 20, 8, tzinfo=UTC)
    assert morning(date(2026, 2, 15), RABAT) == datetime(2026, 2, 15, 8, tzinfo=UTC)
    assert morning(date(2026, 2, 14), RABAT) == datetime(2026, 2, 14, 7, tzinfo=UTC)


def test_winter_in_morocco_is_on_greenwich_time_for_good() -> None:
    assert morning(date(2026, 11, 30), RABAT).hour == 8


@given(instants, zones)
def test_an_opening_is_open_soon_and_never_earlier(at: datetime, zone: ZoneInfo) -> None:
    opening = next_opening(at, zone)
    assert may_send(False, opening, zone)
    assert timedelta(0) <= opening - at <= timedelta(hours=13)
