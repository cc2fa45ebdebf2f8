"""Planning at volume: a Monday morning on which everybody hears something, and the passes that find nothing new."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from typing import NamedTuple

from app import clock, config, db, migrations
from app.jobs import table
from app.jobs.summaries import Summary
from app.jobs.table import Occasion
from app.services.mailing import reminders
from benchmarks import people

PEOPLE, ROWS = 3000, 33  # 99,000 open actions
MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
MONDAY_AIM, IDLE_AIM = 15.0, 1.0


class Planning(NamedTuple):
    """Seconds of CPU."""

    monday: float  # nothing was ever told before: the ledger fills with what is late too
    idle: float
    forgotten: float  # nothing due, and nothing remembered either, as after a change of holders, roles or days off


def measured(count: int = PEOPLE, rows: int = ROWS) -> Planning:
    with tempfile.TemporaryDirectory(prefix="tatbiq-planning-") as folder:
        config.override(data_dir=folder)
        migrations.to_head(f"sqlite:///{folder}/tatbiq.db")
        database = db.init(f"sqlite:///{folder}/tatbiq.db")
        with clock.at(MONDAY):
            with database.write() as session:
                people.fill(session, count, MONDAY.date(), rows)
            monday, idle = _spent(_everything_due), _spent(_nothing_due)
            with database.write() as session:
                reminders.forget(session)
            forgotten = _spent(_nothing_due)
        database.dispose()
    return Planning(monday, idle, forgotten)


def _spent(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _everything_due() -> None:
    done = _pass()
    if not done.planned:
        raise RuntimeError(f"a Monday was to be planned, and this was done: {done}")


def _nothing_due() -> None:
    done = _pass()
    if done != Summary():
        raise RuntimeError(f"nothing was due, and this was done: {done}")


def _pass() -> Summary:
    """Its planning alone."""
    done = table.plan_reminders(Occasion(MONDAY))
    done.add(table.plan_digests(Occasion(MONDAY)))
    return done
