"""Sending where many wait: whole dispatchers in processes of their own, which use the other cores and end with them.

The pages of the process that starts them keep their speed, and its memory is given back. Each is this module run by
itself: its task a line on standard input, what it has done a line on its output. Input that ends is the word to stop,
so that none outlives who started it. One that dies is found by its leases, as any claimant.
"""

import datetime as dt
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
from typing import IO

from app import clock, db, logs
from app.config import settings
from app.mail.transport import open_transport
from app.services.mailing import delivery
from app.services.mailing.delivery import SentCounts

log = logging.getLogger("tatbiq.delivery")
CROWD = 400  # mails: a process of its own needs a second or two until its first one
MOST = 4
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
    task = {"database": url, "now": now.isoformat(), "lanes": lanes}
    children = [child for child in (_started(task) for _ in range(count)) if child is not None]
    try:
        while any(child.poll() is None for child in children) and not until():
            time.sleep(_LOOK)
    finally:
        for child in children:
            _end(child, tally)


def _started(task: dict[str, object]) -> subprocess.Popen[bytes] | None:
    command = [sys.executable, "-m", __name__]
    try:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        assert child.stdin is not None
        child.stdin.write(json.dumps(task).encode() + b"\n")
        child.stdin.flush()
    except OSError:
        log.warning("no process of its own could be started to send", exc_info=True)
        return None
    return child


def _end(child: subprocess.Popen[bytes], tally: SentCounts) -> None:
    """It answers on leaving; one that does not leave is at a relay that hangs, and goes as soon as that lets it."""
    try:
        said, _ = child.communicate(timeout=_LEAVE)
        tally.add(SentCounts(**json.loads(said)))
    except subprocess.TimeoutExpired:
        log.warning("process %s is still sending", child.pid)
    except (OSError, ValueError, TypeError):
        log.warning("process %s, which sent, ended with %s and said nothing", child.pid, child.returncode)


class _Leash:
    """Holds as long as whoever started the process does, and nobody ends it."""

    def __init__(self, held: IO[str]) -> None:
        self._is_free = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: self._is_free.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's, given to all of its group: the leash tells
        threading.Thread(target=self._feel, args=(held,), daemon=True).start()

    def _feel(self, held: IO[str]) -> None:
        held.read()
        self._is_free.set()

    def is_free(self) -> bool:
        return self._is_free.is_set()


def main() -> None:
    """The process's side."""
    logs.configure()
    task, done = json.loads(sys.stdin.readline()), SentCounts()
    leash, now, database = _Leash(sys.stdin), dt.datetime.fromisoformat(task["now"]), db.init(task["database"])
    try:
        with clock.at(now):
            transport = open_transport(settings().transport_url)
            delivery.dispatch(database.write, transport, now, until=leash.is_free, tally=done, most=task["lanes"])
    finally:
        print(json.dumps(asdict(done)), flush=True)


if __name__ == "__main__":
    main()
