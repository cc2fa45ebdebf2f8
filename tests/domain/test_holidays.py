"""The list of a year: the law, the moon, and what an administrator made of them."""

from datetime import date

import pytest

from app.domain import holidays
from app.domain.holidays import DayStanding, DecidedDay, Holiday, Shift, asked_back, listed, named

EID, AFTER, THRONE = date(2027, 3, 9), date(2027, 3, 11), date(2027, 7, 30)
TOLD = [(EID, "Eid al-Fitr (estimated)"), (THRONE, "Throne Day")]


def test_two_names_of_one_date_are_told_apart_and_one_estimate_makes_it_one() -> None:
    assert named("Oued Ed-Dahab Day; Prophet's Birthday (estimated)") == (
        ("Oued Ed-Dahab Day", "Prophet's Birthday"),
        True,
    )
    assert named("Throne Day") == (("Throne Day",), False)


def test_what_nobody_decided_stands_as_the_law_and_the_moon_have_it() -> None:
    assert listed(TOLD, []) == [
        Holiday(EID, ("Eid al-Fitr",), DayStanding.ESTIMATE),
        Holiday(THRONE, ("Throne Day",), DayStanding.FIXED),
    ]


@pytest.mark.parametrize(
    ("decided", "standing", "is_off", "said"),
    [
        (DecidedDay(EID, "", True, None, 1), DayStanding.CONFIRMED, True, "Confirmed"),
        (DecidedDay(EID, "", False, None, 1), DayStanding.STRUCK, False, "Struck: a working day"),
        (DecidedDay(EID, "", False, AFTER, 1), DayStanding.MOVED_AWAY, False, "Moved to 2027-03-11: a working day"),
        (
            DecidedDay(AFTER, "Eid al-Fitr", True, EID, 1),
            DayStanding.MOVED_HERE,
            True,
            "Confirmed; moved here from 2027-03-09",
        ),
        (DecidedDay(AFTER, "Deuil", True, None, 1), DayStanding.ADDED, True, "Added by an administrator"),
    ],
)
def test_what_was_decided_wins(decided: DecidedDay, standing: DayStanding, is_off: bool, said: str) -> None:
    [found] = [one for one in listed(TOLD, [decided]) if one.on == decided.on]

    assert (found.standing, found.is_off, found.is_decided) == (standing, is_off, True)
    assert str(holidays.standing(found)) == said
    assert found.names


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (Shift(1, EID, AFTER), "1 reminder moves, from 2027-03-09 to 2027-03-11."),
        (Shift(3, EID, AFTER), "3 reminders move, the first from 2027-03-09 to 2027-03-11."),
        (Shift(300, EID, AFTER, is_more=True), "More than 300 reminders move, first from 2027-03-09 to 2027-03-11."),
    ],
)
def test_what_moves_is_said_before_it_does(shift: Shift, said: str) -> None:
    assert str(asked_back(shift)) == f"{said} Tick that it is meant and send again."
