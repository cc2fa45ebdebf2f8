"""The library's holidays, and an administrator who knows better."""

import datetime as dt

from sqlmodel import Session

from app.models.notifications import DayOff
from app.queries.scope import calendar


def test_the_fixed_days_and_the_estimates_are_off(session: Session) -> None:
    off = calendar.days_off(session, (2026,))

    assert {dt.date(2026, 7, 30), dt.date(2026, 11, 18), dt.date(2026, 3, 20)} <= off
    assert dt.date(2026, 12, 7) not in off


def test_an_administrator_moves_a_feast_and_adds_a_day(session: Session) -> None:
    session.add(DayOff(on=dt.date(2026, 3, 20), is_off=False))
    session.add(DayOff(on=dt.date(2026, 3, 22), name="Aïd", is_off=True))
    session.flush()

    off = calendar.days_off(session, (2026,))

    assert dt.date(2026, 3, 20) not in off
    assert dt.date(2026, 3, 22) in off


def test_a_reach_of_a_year_to_either_side(session: Session) -> None:
    off = calendar.around(session, dt.date(2026, 12, 30))

    assert {day.year for day in off} == {2025, 2026, 2027}
    assert calendar.days_off(session, ()) == frozenset()
