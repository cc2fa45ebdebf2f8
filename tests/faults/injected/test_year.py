"""A year hour by hour over the demonstration: every step once, one mail a morning, one week told or skipped."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import col
from typer.testing import CliRunner

from app import clock, demo
from app.cli import command
from app.config import settings
from app.db import Database
from app.models.notifications import Delivery, DigestWindow, Envelope, Outcome, Reminder, ReminderState
from app.models.people import Holding, Person, PlannedSeat
from tests.faults.injected.conftest import Tally
from tests.faults.injected.expected import Heard, Ladder
from tests.faults.injected.sink import Sink, sink
from tests.faults.injected.year import Year
from tests.fixtures.settings import Configure

# Ramadan and the hour that comes twice; the estimate of its feast is a day early, and the administrator says so.
SHORT, DAYS = dt.date(2026, 2, 9), 21
LONG = dt.date(2026, 2, 2)
EID = {
    dt.date(2026, 3, 18): {dt.date(2026, 3, 20): False, dt.date(2026, 3, 23): True},
    dt.date(2026, 2, 16): {dt.date(2026, 2, 18): True},
}
AGAIN = 10
_GOES = {ReminderState.PLANNED, ReminderState.DONE}


@pytest.fixture
def relay(configure: Configure) -> Iterator[Sink]:
    with sink() as server:
        configure(smtp_url=server.url, demo="1")
        yield server


@pytest.mark.sqlite_only
def test_a_year_hour_by_hour_brings_every_step_once_and_nobody_two_mails_a_morning(
    database: Database, relay: Sink, tally: Tally, at_length: bool
) -> None:
    first, days = (LONG, 365) if at_length else (SHORT, DAYS)
    with clock.at(dt.datetime.combine(first, dt.time(), dt.UTC)):
        demo.load(database, first)
    before = len(relay.accepted)
    year = Year(database, first, EID)
    ladder = year.run(days, lambda _: None)

    found, mornings = _ledger(database, ladder), _mornings(database, first)
    skipped = _weeks(database, first, first + dt.timedelta(days=days - 1))
    unexpected = found.keys() - ladder.owed.keys()
    again = [_again(year.chance.choice(year.passes)) for _ in range(AGAIN)]
    tally(
        days=days, passes=len(year.passes), acts=sum(year.acts.values()), steps=len(ladder.owed),
        lost=len(ladder.owed.keys() - found.keys()), unexpected=len(unexpected - ladder.long_ago),
        mails=len(relay.accepted) - before, most_a_morning=max(mornings.values()),
        **{state.value: count for state, count in Counter(state for state, _ in found.values()).items()},
        weeks_told=skipped[Outcome.SENT], weeks_skipped=skipped[Outcome.EMPTY],
    )  # fmt: skip
    assert not sorted(ladder.owed.keys() - found.keys(), key=str)[:5]
    assert not sorted(unexpected - ladder.long_ago, key=str)[:5]
    assert {found[key][0] for key in unexpected} <= {ReminderState.SUPERSEDED}
    assert not {
        key: (found[key][1], on)
        for key, on in ladder.owed.items()
        if found[key][1] not in {on, ladder.at_noon.get(key, on)}
    }
    assert max(mornings.values()) == 1
    assert set(skipped) <= {Outcome.SENT, Outcome.EMPTY}
    assert set(again) == {"planned=0 superseded=0 skipped=0 sent=0 retried=0 dead=0 uncertain=0\n"}


def _ledger(database: Database, ladder: Ladder) -> dict[Heard, tuple[ReminderState, dt.date]]:
    """What was recorded of actions whose post one person holds: how, and on which morning."""
    with database.read() as session:
        apart = {*session.scalars(sa.select(col(PlannedSeat.post_id)))}
        apart |= {*session.scalars(sa.select(col(Holding.post_id)).where(col(Holding.until_on).is_not(None)))}
        rows = session.scalars(
            sa.select(Reminder).where(col(Reminder.subject_kind) == "action", col(Reminder.due_on) >= ladder.since)
        ).all()
        owners = {row[0]: row[1] for row in session.execute(sa.text("SELECT id, owner_post_id FROM action"))}
    return {
        Heard(row.person_id, row.subject_id, row.step, row.deadline_version, row.due_on): (
            row.state,
            row.at.astimezone(settings().zone).date(),
        )
        for row in rows
        if owners[row.subject_id] not in apart and not row.step.startswith(("asked_", "vacant_"))
    }


def _mornings(database: Database, first: dt.date) -> Counter[tuple[int, dt.date]]:
    with database.read() as session:
        sent = sa.select(col(Envelope.person_id), col(Envelope.sent_at)).where(
            col(Envelope.kind) == "reminder",
            col(Envelope.state) == Delivery.SENT,
            col(Envelope.sent_at) >= dt.datetime.combine(first, dt.time(), dt.UTC),
        )
        return Counter((who, at.astimezone(settings().zone).date()) for who, at in session.execute(sent))


def _weeks(database: Database, first: dt.date, last: dt.date) -> Counter[Outcome]:
    """How each whole week was decided for each reader; raises where one of them is not there, or there twice."""
    weeks = {(first + dt.timedelta(days=day)).strftime("%G-W%V") for day in range(7, (last - first).days, 7)}
    with database.read() as session:
        windows = session.scalars(sa.select(DigestWindow).where(col(DigestWindow.period).in_(weeks))).all()
        names = dict(session.execute(sa.select(col(Person.id), col(Person.name))).tuples().all())
    readers = {one.person_id for one in windows}
    told = Counter((one.person_id, one.period) for one in windows)
    for reader in readers:
        for week in weeks:
            assert told[reader, week] == 1, (names[reader], week, told[reader, week])
    return Counter(one.outcome for one in windows)


def _again(at: dt.datetime) -> str:
    result = CliRunner().invoke(command(), ["tick", "--at", at.isoformat()])
    assert result.exit_code == 0, result.stderr
    return result.stdout
