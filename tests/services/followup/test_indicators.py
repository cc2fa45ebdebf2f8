"""Indicators: who makes and keeps them, exact values, one of a day, what is corrected stays, and who is reminded."""

import copy
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col, select

from app.db import Database
from app.domain.errors import NotAllowed, NotFound, Refused, Stale
from app.domain.periods import Rhythm
from app.models.audit import AuditEvent
from app.models.indicators import Indicator, IndicatorValue
from app.models.notifications import Reminder
from app.queries.followup import indicators as found
from app.queries.mailing import previews
from app.services.followup import indicators
from app.services.followup.indicators import Measured
from app.services.mailing import reminders
from app.services.upkeep import integrity
from tests import passes, scenes
from tests.builders import instant
from tests.scenes import Scene

NOW = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
LAST = dt.date(2026, 10, 31)


@pytest.fixture
def made(session: Session) -> Scene:
    with time_machine.travel(NOW, tick=False):
        return scenes.scene(session, published=True)


def aim(made: Scene, **changes: Any) -> Any:
    return {
        "titles": {"fr": "Exportations de la région"},
        "unit": {"fr": "milliards de dirhams"},
        "baseline": Decimal("2.6"),
        "baseline_on": dt.date(2024, 11, 28),
        "target": Decimal("3.5"),
        "target_on": dt.date(2027, 12, 31),
        "post_id": made.posts["karim"],
        "word_every": Rhythm.QUARTER,
        **changes,
    }


def indicator(made: Scene, **changes: Any) -> Indicator:
    with time_machine.travel(NOW, tick=False):
        return indicators.create(made.session, made.actor("amina"), made.programme.id, **aim(made, **changes))


def measured(value: str = "2.71", of_on: dt.date = LAST) -> Measured:
    return Measured(of_on, Decimal(value), "Office des changes", "https://www.oc.gov.ma/")


@pytest.mark.parametrize("name", ["karim", "leila", "youssef", "nadia", "omar"])
def test_only_the_secretariat_makes_changes_and_publishes_it(made: Scene, name: str) -> None:
    own = indicator(made)
    for act in (
        lambda: indicators.create(made.session, made.actor(name), made.programme.id, **aim(made)),
        lambda: indicators.edit(made.session, made.actor(name), own, titles={"fr": "X"}),
        lambda: indicators.publish(made.session, made.actor(name), own),
        lambda: indicators.withdraw(made.session, made.actor(name), own, reason="X"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_its_keeper_and_the_secretariat_enter_values_and_nobody_else(made: Scene) -> None:
    own = indicator(made)
    for number, name in enumerate(("karim", "amina")):
        day = LAST - dt.timedelta(days=number)
        assert indicators.measure(made.session, made.actor(name), own, measured(of_on=day)).id
    for name in ("salma", "leila", "youssef", "nadia", "omar"):
        with pytest.raises(NotAllowed):
            indicators.measure(made.session, made.actor(name), own, measured(of_on=dt.date(2025, 1, 1)))


def test_a_stranger_finds_none_and_a_value_only_under_its_own_indicator(made: Scene) -> None:
    own, other = indicator(made), indicator(made)
    row = indicators.measure(made.session, made.actor("amina"), own, measured())

    for name in ("omar", "salma"):
        with pytest.raises(NotFound):
            found.get(made.session, made.viewer(name), own.id)
    with pytest.raises(NotFound):
        found.value(made.session, made.viewer("amina"), other.id, row.id)
    assert found.value(made.session, made.viewer("karim"), own.id, row.id) is row
    assert not found.mine(made.session, made.viewer("omar"))


@pytest.mark.parametrize("value", ["0.1", "2.6", "123456789012345.123456", "-0.000001", "2600000000"])
def test_a_value_is_kept_to_its_last_digit(made: Scene, value: str) -> None:
    own = indicator(made)
    indicators.measure(made.session, made.actor("karim"), own, measured(value))
    made.session.expire_all()

    [line] = found.one(made.session, own.id).values
    assert line.value == Decimal(value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"baseline_on": None}, "baseline"),
        ({"baseline": None}, "baseline"),
        ({"target_on": dt.date(2024, 1, 1)}, "target_on"),
        ({"target": Decimal("2.60")}, "target"),
        ({"post_id": None}, "post_id"),
        ({"titles": {}}, "titles"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(made: Scene, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        indicators.create(made.session, made.actor("amina"), made.programme.id, **aim(made, **changes))
    assert str(refused.value.field).startswith(field)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Measured(dt.date(2100, 1, 1), Decimal(1), "OC"), "of_on"),
        (Measured(LAST, Decimal(1), "  "), "source"),
        (Measured(LAST, Decimal(1), "OC", "javascript:alert(1)"), "link"),
        (Measured(LAST, Decimal(1), "OC", "http://oc.gov.ma"), "link"),
    ],
)
def test_a_value_without_day_or_source_is_refused(made: Scene, wrong: Measured, field: str) -> None:
    with pytest.raises(Refused) as refused:
        indicators.measure(made.session, made.actor("karim"), indicator(made), wrong)
    assert refused.value.field == field


def test_a_correction_takes_the_place_and_the_value_before_stays_in_the_record(made: Scene) -> None:
    own = indicator(made)
    old = indicators.measure(made.session, made.actor("karim"), own, measured("27.1"))
    with pytest.raises(Refused):
        indicators.measure(made.session, made.actor("karim"), own, measured("2.71"))
    with pytest.raises(Refused):
        indicators.correct(made.session, made.actor("karim"), own, old, measured("2.71"), reason=" ")

    new = indicators.correct(made.session, made.actor("karim"), own, old, measured("2.71"), reason="Une virgule.")

    shown = found.one(made.session, own.id)
    assert [line.value for line in shown.values] == [Decimal("2.71")]
    assert [(line.value, line.id) for line in shown.former] == [(Decimal("27.1"), old.id)]
    assert new.corrects_id == old.id
    event = made.session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event
    assert (event.verb, event.data["before"], event.data["value"]) == ("correct", "27.1", "2.71")
    with pytest.raises(Refused):
        indicators.correct(made.session, made.actor("karim"), own, old, measured("2.8"), reason="Encore.")
    made.session.flush()
    assert integrity.differences(made.session) == []


def test_two_edits_of_one_version_are_compared(made: Scene) -> None:
    own = indicator(made)
    indicators.edit(made.session, made.actor("amina"), own, version=1, titles={"fr": "Exportations"})

    with pytest.raises(Stale):
        indicators.edit(made.session, made.actor("amina"), own, version=1, titles={"fr": "Ventes"})


def test_many_at_once_leave_one_value_of_a_day(database: Database) -> None:
    with database.write() as session, time_machine.travel(NOW, tick=False):
        made = scenes.scene(session)
        own_id = indicator(made).id

    def one(number: int) -> bool:
        try:
            with database.write() as session:
                within = copy.copy(made).within(session)
                own = session.get_one(Indicator, own_id)
                indicators.measure(session, within.actor("karim"), own, measured(f"2.{number}"))
        except (Refused, sa.exc.IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        won = [one_of.result(60) for one_of in [threads.submit(one, number) for number in range(1, 9)]]
    with database.read() as session:
        assert len(session.scalars(select(IndicatorValue)).all()) == 1
    assert sum(won) == 1


def planned(session: Session, day: str) -> list[tuple[str, str]]:
    before = set(session.scalars(select(Reminder.id)))
    with time_machine.travel(instant(day), tick=False):
        passes.plan_reminders(session, instant(day))
    session.flush()
    session.expire_all()
    return sorted((row.audience, row.step) for row in session.scalars(select(Reminder)) if row.id not in before)


def test_its_keeper_is_asked_at_intervals_until_a_value_of_the_period_is_there(made: Scene) -> None:
    own = indicator(made)

    assert not planned(made.session, "2026-12-31"), "the quarter had begun when it was made"
    assert planned(made.session, "2027-03-24") == [("holder", "indicator.before_7")]
    with time_machine.travel(instant("2027-04-01"), tick=False):
        indicators.measure(made.session, made.actor("karim"), own, measured(of_on=dt.date(2026, 12, 31)))
    assert planned(made.session, "2027-03-31") == [("holder", "indicator.day_0")], "that was of the quarter before"
    with time_machine.travel(instant("2027-04-02"), tick=False):
        indicators.measure(made.session, made.actor("karim"), own, measured(of_on=dt.date(2027, 3, 31)))
    assert not planned(made.session, "2027-04-07")
    assert planned(made.session, "2027-06-23") == [("holder", "indicator.before_7")]


def test_several_passes_ask_once_and_the_preview_says_so_before(database: Database) -> None:
    with database.write() as session, time_machine.travel(NOW, tick=False):
        made = scenes.scene(session)
        indicator(made)
    morning = instant("2027-03-24")
    with database.read() as session:
        mails = previews.preview(session, made.within(session).viewer("amina"), instant("2027-03-20")).mails
        assert [(one.on, line.titles) for one in mails for line in one.lines] == [
            (morning.date(), {"fr": "Exportations de la région"})
        ]

    def one_pass() -> int:
        return reminders.plan(database.read, database.write, morning).planned

    with time_machine.travel(morning, tick=False), ThreadPoolExecutor(3) as threads:
        assert sum(done.result(60) for done in [threads.submit(one_pass) for _ in range(3)]) == 1


def test_an_action_of_the_same_number_is_not_taken_for_it(made: Scene) -> None:
    own = indicator(made)
    action = scenes.action(made)
    assert own.id == action.id, "both are the first of their kind"

    planned(made.session, "2027-03-24")

    rows = made.session.scalars(select(Reminder).where(col(Reminder.subject_kind) == "indicator")).all()
    assert [(row.person_id, row.subject_id) for row in rows] == [(made.people["karim"], own.id)]
