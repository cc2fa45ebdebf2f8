"""Planning at volume: a Monday morning on which everybody hears something, and the passes that find nothing new."""

import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import sqlalchemy as sa

from app import clock, config, db, migrations
from app.jobs import table
from app.jobs.summaries import Summary
from app.jobs.table import Occasion
from app.services.mailing import reminders
from benchmarks import people

PEOPLE, ROWS = 3000, 33  # 99,000 open actions
MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
MONDAY_AIM, IDLE_AIM = 15.0, 1.0
_TURNS = 5


class Planning(NamedTuple):
    """Seconds of CPU, beside so many closed actions."""

    closed: int
    monday: float  # nothing was ever told before: the ledger fills with what is late too
    idle: float
    forgotten: float  # nothing due, and nothing remembered either, as after a change of holders, roles or days off


def measured(closed: Sequence[int] = (0,), count: int = PEOPLE, rows: int = ROWS) -> list[Planning]:
    """Of each number of closed actions beside the same open ones; what is compared is measured by turns."""
    with ExitStack() as stack, clock.at(MONDAY):
        folders = [stack.enter_context(tempfile.TemporaryDirectory(prefix="tatbiq-planning-")) for _ in closed]
        for folder, beside in zip(folders, closed, strict=True):
            _fill(folder, count, rows, beside)
        mondays = [_spent(_everything_due, folder) for folder in folders]
        idle = _by_turns(folders, _nothing_due, _TURNS)
        forgotten = _by_turns(folders, _nothing_remembered, 1)
        db.current().dispose()
    return [Planning(*one) for one in zip(closed, mondays, idle, forgotten, strict=True)]


def _fill(folder: str, count: int, rows: int, closed: int) -> None:
    config.override(data_dir=folder)
    migrations.to_head(_url(folder))
    with db.init(_url(folder)).write() as session:
        people.fill(session, count, MONDAY.date(), rows)
        if closed:
            people.close(session, closed)


def _by_turns(folders: Sequence[str], work: Callable[[], None], turns: int) -> list[float]:
    spent = [[_spent(work, folder) for folder in folders] for _ in range(turns)]
    return [statistics.median(of_one) for of_one in zip(*spent, strict=True)]


def _url(folder: str) -> str:
    return f"sqlite:///{folder}/tatbiq.db"


def _spent(work: Callable[[], None], folder: str) -> float:
    config.override(data_dir=folder)
    with db.init(_url(folder)).read() as session:
        session.execute(sa.text("SELECT count(*) FROM person"))  # the first statement opens the file
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


def _nothing_remembered() -> None:
    with db.current().write() as session:
        reminders.forget(session)
    _nothing_due()


def _pass() -> Summary:
    """Its planning alone."""
    done = table.plan_reminders(Occasion(MONDAY))
    done.add(table.plan_digests(Occasion(MONDAY)))
    return done
