"""The schedule: APScheduler as a clock and nothing more, asking the table of jobs; what they do is not known here."""

import datetime as dt
import logging
import os
import platform
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from app import clock, db
from app.jobs import table
from app.jobs.summaries import Summary
from app.jobs.table import JOBS, Job, Occasion, require_reachable, run_pass
from app.services.upkeep import heartbeats

__all__ = ["JOBS", "Job", "Summary", "require_reachable", "run_pass", "run_scheduler", "start_embedded"]

log = logging.getLogger("tatbiq.jobs")
_TURN_SECONDS = 60  # then the time is read again
_BEAT_SECONDS = 15
_HERE_EVERY = 4  # beats: once a minute whoever waits to lead says that it lives
_START_SECONDS = 2  # the first answer to a reader comes first


class _Scheduler:
    """One process's share in the schedule: it works while it leads, and knows what it has already looked at."""

    def __init__(self) -> None:
        self.epoch = 0
        self.stopping = threading.Event()
        self.seen: dict[str, object] = {}
        self.name, self.beats = f"{platform.node()[:20]}:{os.getpid()}", 0

    def install(self, scheduler: BaseScheduler) -> None:
        log.info("scheduler starts", extra={"jobs": {job.name: job.seconds for job in JOBS}})
        self._every(scheduler, "beat", self.beat, _BEAT_SECONDS, 0)
        for job in JOBS:
            self._every(scheduler, job.name, partial(self.run, job), job.seconds, _START_SECONDS)

    def _every(
        self, scheduler: BaseScheduler, name: str, function: Callable[[], None], seconds: int, delay: int
    ) -> None:
        first = clock.now() + dt.timedelta(seconds=delay)
        scheduler.add_job(function, "interval", seconds=seconds, id=name, name=name, next_run_time=first)

    def beat(self) -> None:
        with suppress(Exception), db.current().write() as session:
            now = db.time(session)
            self.epoch = heartbeats.lead(session, self.epoch, now)
            if self.beats % _HERE_EVERY == 0:
                heartbeats.here(session, self.name, now)
            self.beats += 1

    def run(self, job: Job) -> None:
        if self.stopping.is_set() or not (self.epoch or _is_everybodys(job)):
            return
        now = table.the_time()
        end = time.monotonic() + _TURN_SECONDS
        table.run(job, Occasion(now, lambda: self.is_over(end)), self.seen)

    def is_over(self, end: float) -> bool:
        return self.stopping.is_set() or time.monotonic() > end

    def leave(self) -> None:
        self.stopping.set()
        with suppress(Exception), db.current().write() as session:
            heartbeats.gone(session, self.name, db.time(session))
            if self.epoch:
                heartbeats.resign(session, self.epoch)


def _is_everybodys(job: Job) -> bool:
    """Claims are one claimant's: on PostgreSQL all hosts may send, where on SQLite they would wait for each other."""
    return job.is_shared and not db.current().is_sqlite


def start_embedded() -> Callable[[], None]:
    """Run the schedule beside the pages; what comes back stops it."""
    mine, scheduler = _Scheduler(), BackgroundScheduler(**_options())
    mine.install(scheduler)
    scheduler.start()

    def stop() -> None:
        mine.leave()
        scheduler.shutdown(wait=False)

    return stop


def run_scheduler() -> None:
    """Run the schedule alone, until somebody ends the process."""
    mine, scheduler = _Scheduler(), BlockingScheduler(**_options())
    mine.install(scheduler)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        mine.leave()
        scheduler.shutdown(wait=False)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    scheduler.start()


def _options() -> dict[str, Any]:
    """APScheduler as a clock and nothing more: memory, intervals, UTC; a tick that was late still comes, once."""
    return {
        "timezone": dt.UTC,
        "executors": {"default": ThreadPoolExecutor(3)},
        "job_defaults": {"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    }
