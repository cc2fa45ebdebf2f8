"""Administrators decide the days off: each verb is in the record, none twice, and what moves is said first."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.errors import NotAllowed, Refused, Stale
from app.domain.holidays import DayStanding
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import DayOff, Reminder, ReminderState
from app.queries.scope import calendar
from app.queries.setup import days_off as listed
from app.services.kernel.audit import SERVICE
from app.services.setup import days_off
from tests import scenes
from tests.builders import instant
from tests.scenes import Scene

EID, SECOND, MOVED = dt.date(2027, 3, 9), dt.date(2027, 3, 10), dt.date(2027, 3, 11)
WORKED = dt.date(2027, 3, 17)  # a Wednesday


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(instant("2026-11-27T10:00")):
        yield


def verbs(session: Session) -> list[tuple[str, int]]:
    query = sa.select(col(AuditEvent.verb), col(AuditEvent.subject_id)).where(col(AuditEvent.subject_kind) == "day_off")
    return [tuple(row) for row in session.execute(query.order_by(col(AuditEvent.id)))]


def standing(session: Session, on: dt.date) -> DayStanding | None:
    found = listed.get(session, on)
    return found.standing if found else None


def off(session: Session) -> frozenset[dt.date]:
    return calendar.days_off(session, (2027,))


def test_an_estimate_is_confirmed_and_that_is_taken_back(session: Session) -> None:
    assert standing(session, EID) is DayStanding.ESTIMATE
    days_off.confirm(session, SERVICE, on=EID, version=0)
    assert standing(session, EID) is DayStanding.CONFIRMED
    days_off.take_back(session, SERVICE, on=EID, version=1)

    assert standing(session, EID) is DayStanding.ESTIMATE
    assert verbs(session) == [("confirm", 20270309), ("take_back", 20270309)]


def test_a_feast_moves_with_its_name_and_back_from_either_of_its_dates(session: Session) -> None:
    for taken_back in (EID, MOVED):
        days_off.move(session, SERVICE, on=EID, to=MOVED)
        assert (standing(session, EID), standing(session, MOVED)) == (DayStanding.MOVED_AWAY, DayStanding.MOVED_HERE)
        assert (EID in off(session), MOVED in off(session)) == (False, True)
        found = listed.get(session, MOVED)
        assert found
        assert found.names == ("Eid al-Fitr",)
        days_off.take_back(session, SERVICE, on=taken_back)
        assert (EID in off(session), MOVED in off(session)) == (True, False)


def test_a_day_is_added_and_one_is_struck(session: Session) -> None:
    days_off.add(session, SERVICE, on=WORKED, name="  Deuil\n national ")
    days_off.strike(session, SERVICE, on=EID)

    assert (WORKED in off(session), EID in off(session)) == (True, False)
    assert session.get_one(DayOff, WORKED).name == "Deuil national"
    assert verbs(session) == [("add", 20270317), ("strike", 20270309)]


@pytest.mark.parametrize(
    ("verb", "given", "field"),
    [
        (days_off.add, {"on": EID, "name": "Aïd"}, "on"),
        (days_off.add, {"on": WORKED, "name": " "}, "name"),
        (days_off.add, {"on": dt.date(2028, 1, 3), "name": "Pont"}, "on"),
        (days_off.add, {"on": dt.date(2025, 12, 31), "name": "Pont"}, "on"),
        (days_off.move, {"on": EID, "to": EID}, "to"),
        (days_off.move, {"on": EID, "to": SECOND}, "to"),
        (days_off.move, {"on": EID, "to": dt.date(2028, 3, 1)}, "to"),
        (days_off.move, {"on": WORKED, "to": MOVED}, "on"),
        (days_off.confirm, {"on": WORKED}, "on"),
        (days_off.strike, {"on": WORKED}, "on"),
        (days_off.take_back, {"on": EID}, None),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    session: Session, verb: Callable[..., None], given: dict[str, object], field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        verb(session, SERVICE, **given)

    assert refused.value.field == field
    assert verbs(session) == []


def test_a_struck_day_is_not_added_but_taken_back(session: Session) -> None:
    days_off.strike(session, SERVICE, on=EID)

    with pytest.raises(Refused, match="take back what was decided"):
        days_off.add(session, SERVICE, on=EID, name="Aïd")
    with pytest.raises(Refused, match="take that back first"):
        days_off.confirm(session, SERVICE, on=EID)


def test_who_saw_it_undecided_learns_that_it_is_not(session: Session) -> None:
    days_off.confirm(session, SERVICE, on=EID, version=0)

    told: list[tuple[Any, dict[str, Any]]] = [
        (days_off.confirm, {}),
        (days_off.strike, {}),
        (days_off.move, {"to": MOVED}),
    ]
    for verb, given in told:
        with pytest.raises(Stale):
            verb(session, SERVICE, on=EID, version=0, **given)


def test_only_administrators_decide(session: Session) -> None:
    made = scenes.scene(session)

    for who in ("amina", "karim"):
        with pytest.raises(NotAllowed):
            days_off.confirm(session, made.actor(who), on=EID)


def owed(session: Session) -> Scene:
    """A step a week before its deadline falls on the day that becomes one off."""
    made = scenes.scene(session)
    with clock.at(instant("2026-11-02")):
        scenes.action(made, State.IN_PROGRESS, due_on=WORKED + dt.timedelta(days=7))
    return made


def test_what_moves_is_counted_and_waits_for_a_tick(session: Session) -> None:
    owed(session)

    with pytest.raises(Refused, match="1 reminder moves, from 2027-03-17 to 2027-03-18") as refused:
        days_off.add(session, SERVICE, on=WORKED, name="Deuil")
    assert refused.value.field == "is_meant"
    assert verbs(session) == []
    days_off.add(session, SERVICE, on=WORKED, name="Deuil", is_meant=True)

    assert verbs(session) == [("add", 20270317)]


@pytest.mark.parametrize(
    ("verb", "given"), [(days_off.strike, {"on": EID}), (days_off.move, {"on": EID, "to": WORKED})]
)
def test_it_is_asked_back_whichever_way_a_day_changes(
    session: Session, verb: Callable[..., None], given: dict[str, dt.date]
) -> None:
    made = scenes.scene(session)
    with clock.at(instant("2026-11-02")):
        scenes.action(made, State.IN_PROGRESS, due_on=EID + dt.timedelta(days=7))

    with pytest.raises(Refused, match="reminder moves"):
        verb(session, SERVICE, **given)
    verb(session, SERVICE, **given, is_meant=True)


def test_what_has_been_told_already_moves_no_more(session: Session) -> None:
    made = owed(session)
    told: dict[str, Any] = {"subject_kind": "action", "subject_id": session.scalars(sa.select(col(Action.id))).one()}
    step: dict[str, Any] = {"step": "before_7", "audience": "holder", "deadline_version": 1, "due_on": WORKED}
    session.add(Reminder(person_id=made.people["karim"], **told, **step, state=ReminderState.DONE, at=clock.now()))
    session.flush()

    days_off.add(session, SERVICE, on=WORKED, name="Deuil")

    assert verbs(session) == [("add", 20270317)]


def test_of_several_at_once_one_decides(database: Database) -> None:
    def press(_number: int) -> str:
        try:
            with database.write() as session, clock.at(instant("2026-11-27T10:00")):
                days_off.confirm(session, SERVICE, on=EID, version=0)
        except Stale:
            return "stale"
        return "done"

    with ThreadPoolExecutor(6) as crowd:
        heard = sorted(crowd.map(press, range(6)))

    assert heard == ["done"] + ["stale"] * 5
    with database.read() as session:
        assert verbs(session) == [("confirm", 20270309)]
