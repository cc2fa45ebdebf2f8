"""JOBS: what is done by the clock, in one table, and the pass that does all of it once."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields

from app import clock, db, logs
from app.config import settings
from app.domain.errors import Refused
from app.domain.messages import N_
from app.mail.transport import open_transport
from app.queries.mailing.reminders import due
from app.services.followup import updates
from app.services.kernel import audit, update_links
from app.services.mailing import delivery, digests, reminders
from app.services.setup import access
from app.services.upkeep import heartbeats, record_heads

_LINKS_KEPT = dt.timedelta(days=90)
_AHEAD = dt.timedelta(minutes=1)
_PEOPLE = 50  # in one transaction of a busy morning


@dataclass
class Summary:
    """What a pass has done, in the words of `tatbiq tick`."""

    planned: int = 0
    superseded: int = 0
    skipped: int = 0
    sent: int = 0
    retried: int = 0
    dead: int = 0
    uncertain: int = 0
    failed: tuple[str, ...] = ()  # the jobs that raised, each with what it said
    other: Counter[str] = field(default_factory=Counter)  # for the log alone

    def add(self, other: "Summary") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def counts(self) -> dict[str, int]:
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in {"failed", "other"}}

    def __str__(self) -> str:
        return " ".join(f"{name}={count}" for name, count in self.counts.items())


def plan_reminders(now: dt.datetime) -> Summary:
    """Found by a reader, which holds up nobody; recorded in short transactions."""
    counted, database, waiting = Summary(), db.current(), set[tuple[str, int]]()
    with database.read() as session:
        found = due(session, now)
    for portion in reminders.by_person(found.owed, _PEOPLE):
        with database.write() as session:
            done = reminders.record(session, portion)
        counted.add(Summary(planned=done.planned, superseded=done.superseded))
        waiting |= done.waiting
    for looks in reminders.batches(found.looks, waiting):
        with database.write() as session:
            reminders.remember(session, looks)
    return counted


def plan_digests(now: dt.datetime) -> Summary:
    counted, database = Summary(), db.current()
    with database.read() as session:
        found = digests.due(session, now)
    for start in range(0, len(found), _PEOPLE):
        with database.write() as session:
            done = digests.decide(session, found[start : start + _PEOPLE], now)
        counted.add(Summary(planned=done.planned, skipped=done.skipped + done.missed))
    return counted


def release_words(_now: dt.datetime) -> Summary:
    with db.current().write() as session:
        return Summary(other=Counter(released=updates.release_due(session)))


class Unfinished(Exception):
    """A job that broke down, with what it had done by then."""

    def __init__(self, done: Summary) -> None:
        self.done = done


def dispatch(now: dt.datetime, until: Callable[[], bool] = lambda: False) -> Summary:
    """Without a relay everything stays queued."""
    if not settings().transport_url:
        return Summary()
    done, transport = delivery.SentCounts(), open_transport(settings().transport_url)
    try:
        delivery.dispatch(db.current().write, transport, now, until=until, tally=done)
    except Exception as error:
        raise Unfinished(_counted(done)) from error
    return _counted(done)


def _counted(done: delivery.SentCounts) -> Summary:
    return Summary(sent=done.sent, retried=done.retried, dead=done.dead, uncertain=done.uncertain)


def seal_audit(_now: dt.datetime) -> Summary:
    with db.current().write() as session:
        return Summary(other=Counter(sealed=audit.seal(session)))


def publish_head(_now: dt.datetime) -> Summary:
    """Once a day the chain's head goes where whoever holds the database can't change it."""
    with db.current().write() as session:
        record_heads.publish(session, clock.today(settings().zone))
    with db.current().read() as session:
        record_heads.carry_out(session, settings().data_dir, settings().key)
    return Summary()


def sweep(now: dt.datetime) -> Summary:
    """Forget what is over: sessions, attempts, sent forms, dead links."""
    with db.current().write() as session:
        forgotten = access.sweep(session) + update_links.sweep(session, now - _LINKS_KEPT)
    return Summary(other=Counter(forgotten=forgotten))


@dataclass(frozen=True)
class Job:
    name: str
    run: Callable[[dt.datetime], Summary]
    seconds: int


# fmt: off
JOBS: tuple[Job, ...] = (
    Job("plan_reminders", plan_reminders,   60),
    Job("plan_digests",   plan_digests,     60),
    Job("release_words",  release_words,  3600),
    Job("dispatch",       dispatch,         10),
    Job("seal_audit",     seal_audit,       60),
    Job("publish_head",   publish_head,   3600),
    Job("sweep",          sweep,          3600),
)
# fmt: on


def run_pass(at: dt.datetime | None = None) -> Summary:
    """Every row of the table in its order, as if it were `at` (by default the database's time, read once).

    Every row is due in a pass that somebody asks for; the intervals are the scheduler's.
    """
    counted, now = Summary(), at or the_time()
    for job in JOBS:
        counted.add(run(job, now))
    return counted


def require_reachable(at: dt.datetime) -> None:
    """Raises Refused when a pass at this time would tell people of a day that has not come."""
    with db.current().read() as session:
        now = db.time(session)
        if at <= now + _AHEAD:
            return
        if not settings().demo:
            raise Refused(N_("A pass ahead of the time needs TATBIQ_DEMO=1: it would send what is not due yet"))
        if heartbeats.is_led(session, now):
            raise Refused(N_("A scheduler is running on this database: stop it before a pass ahead of the time"))


def run(job: Job, now: dt.datetime) -> Summary:
    """One row. Whatever it raises is logged and never stops the others; its heartbeat then stays where it was."""
    began, done = time.monotonic(), Summary()
    try:
        with clock.at(now):
            done.add(job.run(now))
            if job.run is not dispatch:  # every ten seconds a write would say nothing new
                with db.current().write() as session:
                    heartbeats.beat(session, f"job:{job.name}", now)
            logs.passed(job.name, time.monotonic() - began, done.counts | done.other)
    except Exception as error:
        logs.failed(job.name, time.monotonic() - began)
        cause = error.__cause__ or error if isinstance(error, Unfinished) else error
        done.add(error.done if isinstance(error, Unfinished) else Summary())
        done.add(Summary(failed=(f"{job.name} failed: {type(cause).__name__}: {cause}",)))
    return done


def the_time() -> dt.datetime:
    with db.current().read() as session:
        return db.time(session)
