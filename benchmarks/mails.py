"""Mails a second: a Monday's digests and reminders, looked at again, written, frozen and sent; and two bare loops.

The relay takes all and is a process of its own. What is measured is on the disk when it is counted as sent. (a) is a
loop that only pushes the same finished bytes, (b) the loop that anyone would write first; all three by turns in one
run, since a machine has other things to do. Processor time is told beside the rates: it is what noise changes least.
"""

import datetime as dt
import os
import resource
import shutil
import socket
import statistics
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
from app.jobs import table
from app.jobs.table import Occasion
from app.mail.deposits import MemoryTransport, SentMail
from app.services.mailing import delivery, digests, reminders
from benchmarks import bare_push, people, plain_digest
from benchmarks.processes import free_port, memory

PEOPLE, FEW, TIMES = 2000, 9, 3
MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
_PATIENCE = 20.0


class Rates(NamedTuple):
    """A second; the loops' are the same digests. `ours_ms`, `plain_ms`, `sink_ms`: of processor for each digest."""

    digests: float
    plain: float
    pushed: float
    reminders: float
    ours_ms: float
    plain_ms: float
    sink_ms: float
    megabytes: float  # more, in the process that dispatches


def rates(count: int = PEOPLE, times: int = TIMES) -> Rates:
    """The middle one of several rounds, each figure for itself."""
    _round(FEW)
    rounds = [_round(count) for _ in range(times)]
    return Rates(*(statistics.median(values) for values in zip(*rounds, strict=True)))


def _round(count: int) -> Rates:
    with tempfile.TemporaryDirectory(prefix="tatbiq-mails-") as name, _relay() as (address, sink), clock.at(MONDAY):
        folder = Path(name)
        config.override(data_dir=name, smtp_url=address)
        full = _filled(folder / "full.db", count)
        finished = _finished(folder, full)
        pushed = bare_push.rate(finished, address, delivery.MOST)
        plain, plain_ms = _timed(lambda: plain_digest.rate(full, address, MONDAY.date(), count), count)
        before, held = _cpu(sink), memory(os.getpid())[0]
        weekly, ours_ms = _timed(lambda: _sent(folder, full, count, digests.plan), count)
        sink_ms = (_cpu(sink) - before) * 1000 / count
        grown = memory(os.getpid())[0] - held
        morning = _sent(folder, full, count, reminders.plan)
    return Rates(weekly, plain, pushed, morning, ours_ms, plain_ms, sink_ms, grown)


def _filled(path: Path, count: int) -> Path:
    migrations.to_head(f"sqlite:///{path}")
    database = db.init(f"sqlite:///{path}")
    with database.write() as session:
        people.fill(session, count, MONDAY.date())
    database.dispose()
    return path


def _finished(folder: Path, full: Path) -> list[SentMail]:
    """The bytes of these digests, as ours writes them."""
    with _copy(folder, full) as database:
        digests.plan(database.read, database.write, MONDAY)
        kept = MemoryTransport()
        delivery.dispatch(database.write, kept, MONDAY)
    return kept.sent


def _sent(folder: Path, full: Path, count: int, plan: Callable[..., object]) -> float:
    with _copy(folder, full) as database:
        plan(database.read, database.write, MONDAY)
        started = time.perf_counter()
        done = table.dispatch(Occasion(MONDAY))
        spent = time.perf_counter() - started
    if done.sent != count:
        raise RuntimeError(f"{count} mails were queued, and this was done: {done}")
    return count / spent


@contextmanager
def _copy(folder: Path, full: Path) -> Iterator[Database]:
    """Of the record as it was filled: what was planned and sent in it is gone afterwards."""
    path = Path(shutil.copy(full, folder / "tatbiq.db"))
    database = db.init(f"sqlite:///{path}")
    yield database
    database.dispose()
    for one in folder.glob("tatbiq.db*"):
        one.unlink()


def _timed(work: Callable[[], float], count: int) -> tuple[float, float]:
    """What it says, and the processor that this process and its ended children had for each mail."""
    before = _spent()
    said = work()
    return said, (_spent() - before) * 1000 / count


def _spent() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _relay() -> Iterator[tuple[str, int]]:
    port = free_port()
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("sink.py")), str(port)])
    try:
        _wait(port)
        yield f"smtp://127.0.0.1:{port}", process.pid
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
