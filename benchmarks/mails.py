"""Mails a second: a Monday's digests and reminders, looked at again, written, frozen and sent; and a plain loop.

The relay takes all and is a process of its own. What is measured is on the disk when it is counted as sent. Both have
their templates ready, as in any process that has sent mail before: a few people's round goes first, unmeasured.
"""

import datetime as dt
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app import clock, config, db, migrations
from app.db import Database
from app.mail.transport import open_transport
from app.services.mailing import delivery, digests, reminders
from benchmarks import people, plain_digest
from benchmarks.processes import free_port

PEOPLE, FIRST = 900, 9
MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
_PATIENCE = 20.0


class Rates(NamedTuple):
    """A second; the plain loop's are the same digests' words."""

    digests: float
    plain: float
    reminders: float


def rates(count: int = PEOPLE) -> Rates:
    _round(FIRST)
    return _round(count)


def _round(count: int) -> Rates:
    with tempfile.TemporaryDirectory(prefix="tatbiq-mails-") as folder, _relay() as address:
        config.override(data_dir=folder, smtp_url=address)
        migrations.to_head(f"sqlite:///{folder}/tatbiq.db")
        database = db.init(f"sqlite:///{folder}/tatbiq.db")
        with clock.at(MONDAY):
            with database.write() as session:
                people.fill(session, count, MONDAY.date())
            plain = plain_digest.rate(Path(folder) / "tatbiq.db", address, MONDAY.date(), count)
            weekly = _sent(database, address, count, digests.plan)
            morning = _sent(database, address, count, reminders.plan)
        database.dispose()
    return Rates(weekly, plain, morning)


def _sent(database: Database, address: str, count: int, plan: Callable[..., object]) -> float:
    plan(database.read, database.write, MONDAY)
    started = time.perf_counter()
    done = delivery.dispatch(database.write, open_transport(address), MONDAY)
    spent = time.perf_counter() - started
    if done.sent != count:
        raise RuntimeError(f"{count} mails were queued, and this was done: {done}")
    return count / spent


@contextmanager
def _relay() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("sink.py")), str(port)])
    try:
        _wait(port)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
