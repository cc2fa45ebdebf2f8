"""Limits: counted per subject and span, for a whole network, without keeping whose they were."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import TooMany
from app.models.access import Attempt
from app.services.kernel import limits
from app.services.kernel.limits import Limit
from tests.builders import instant

NOON = instant("2026-11-23T12:00")
TWICE = Limit("knock", 2, dt.timedelta(minutes=15))


def test_so_many_within_the_span_and_then_no_more(session: Session) -> None:
    with clock.at(NOON):
        assert [limits.spend(session, TWICE, "a") for _ in range(3)] == [True, True, False]
        with pytest.raises(TooMany):
            limits.require(session, TWICE, "a")
        limits.require(session, TWICE, "b")
        limits.require(session, Limit("other", 2, TWICE.within), "a")


def test_the_span_moves_on(session: Session) -> None:
    for minutes, is_within in ((0, True), (10, True), (14, False), (26, True)):
        with clock.at(NOON + dt.timedelta(minutes=minutes)):
            assert limits.spend(session, TWICE, "a") is is_within


def test_asking_counts_nothing(session: Session) -> None:
    for _ in range(5):
        limits.require(session, TWICE, "a")

    assert session.scalars(sa.select(sa.func.count()).select_from(Attempt)).one() == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), ("192.0.2.1", "192.0.2.1"), ("somewhere", "somewhere")],
)
def test_a_household_is_one(one: str, other: str) -> None:
    assert limits.network(one) == limits.network(other)


@pytest.mark.parametrize(("one", "other"), [("2001:db8:1:2::1", "2001:db8:1:3::1"), ("192.0.2.1", "192.0.2.2")])
def test_two_households_are_two(one: str, other: str) -> None:
    assert limits.network(one) != limits.network(other)


def test_whose_attempts_they_were_is_not_kept(session: Session) -> None:
    limits.spend(session, TWICE, "amina@exemple.ma")

    assert "amina" not in session.scalars(sa.select(col(Attempt.key))).one()
