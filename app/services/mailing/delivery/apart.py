"""Sending where many wait: whole dispatchers in processes of their own, which use the other cores and end with them.

The pages of the process that starts them keep their speed, and its memory is given back. They are this module run by
itself: it loads and compiles what all of them need, once, and forks while it has neither thread nor connection. Its
task is a line on standard input, what each has done a line on its output. Input that ends is the word to stop, so that
none outlives who started it. One that dies is found by its leases, as any claimant.
"""

import datetime as dt
import gc
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any

from app import clock, db, logs
from app.config import settings
from app.mail import bodies
from app.mail.transport import open_transport
from app.queries.scope import calendar
from app.services.mailing import delivery
from app.services.mailing.delivery import SentCounts

log = logging.getLogger("tatbiq.delivery")
CROWD = 1500  # mails: of fewer, loading what processes of their own need costs more than they gain
MOST = 4
_FREQUENT = ("digest", "reminder")  # of which crowds are made
_LOOK = 0.2  # seconds between two looks at whether they are done
_LEAVE = 5.0  # until those who were told to stop have given back what they had in hand


def processes(now: dt.datetime) -> int:
    """How many are worth it: none for a few mails, where one core is all there is, or where a rate is the limit."""
    chosen, asked = settings(), settings().mail_processes or min(os.cpu_count() or 1, MOST)
    if asked == 1 or chosen.mail_per_minute or chosen.mail_per_domain_per_minute:
        return 0
    with db.current().read() as session:
        return asked if delivery.waiting_well(session, now) >= CROWD else 0


def dispatch(count: int, now: dt.datetime, until: Callable[[], bool], tally: SentCounts) -> None:
    """Until all of them have ended; told to stop when `until` says so. What did not go is left to whoever is next."""
    lanes = max(delivery.MOST // count, 1)
    url = db.current().url.render_as_string(hide_password=False)
    starter = _started({"database": url, "now": now.isoformat(), "processes": count, "lanes": lanes})
    if starter is None:
        return
    try:
        while starter.poll() is None and not until():
            time.sleep(_LOOK)
    finally:
        _end(starter, count, tally)


def _started(task: dict[str, object]) -> subprocess.Popen[bytes] | None:
    command = [sys.executable, "-m", __name__]
    try:
        starter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        assert starter.stdin is not None
        starter.stdin.write(json.dumps(task).encode() + b"\n")
        starter.stdin.flush()
    except OSError:
        log.warning("no process of its own could be started to send", exc_info=True)
        return None
    return starter


def _end(starter: subprocess.Popen[bytes], count: int, tally: SentCounts) -> None:
    """They answer on leaving; one that does not leave is at a relay that hangs, and goes as soon as that lets it."""
    try:
        said, _ = starter.communicate(timeout=_LEAVE)
    except subprocess.TimeoutExpired as late:
        said = late.output or b""
    except (OSError, ValueError):
        said = b""
    answers = [answer for line in said.splitlines() if (answer := _answer(line)) is not None]
    for answer in answers:
        tally.add(answer)
    if len(answers) < count:
        log.warning("of %s processes that send, %s said what they have done", count, len(answers))


def _answer(line: bytes) -> SentCounts | None:
    """None where whoever wrote it was ended within it."""
    try:
        return SentCounts(**json.loads(line))
    except (ValueError, TypeError):
        return None


class _Leash:
    """Holds as long as whoever started the process does, and nobody ends it."""

    def __init__(self, held: IO[str]) -> None:
        self._is_free = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: self._is_free.set())
        threading.Thread(target=self._feel, args=(held,), daemon=True).start()

    def _feel(self, held: IO[str]) -> None:
        held.read()
        self._is_free.set()

    def is_free(self) -> bool:
        return self._is_free.is_set()


def main() -> None:
    """The starter's side: it sends nothing itself, and stays until all have left."""
    logs.configure()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's, given to all of its group: the leash tells
    task = json.loads(sys.stdin.readline())
    now = dt.datetime.fromisoformat(task["now"])
    bodies.make_ready(_FREQUENT)
    for year in (now.year - 1, now.year + 1):
        calendar.feasts(year)
    gc.freeze()  # nobody looks through what is loaded again, nor makes a copy of it by looking
    for pid in [_forked(task, now) for _ in range(task["processes"])]:
        os.waitpid(pid, 0)


def _forked(task: dict[str, Any], now: dt.datetime) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _send(task, now)
    except BaseException:
        log.exception("a process that sends has failed")
    finally:
        os._exit(0)


def _send(task: dict[str, Any], now: dt.datetime) -> None:
    """The side of each that sends."""
    leash, done, database = _Leash(sys.stdin), SentCounts(), db.init(task["database"])
    try:
        with clock.at(now):
            transport = open_transport(settings().transport_url)
            delivery.dispatch(database.write, transport, now, until=leash.is_free, tally=done, most=task["lanes"])
    finally:
        print(json.dumps(asdict(done)), flush=True)


if __name__ == "__main__":
    main()
