"""JOBS: what is done by the clock, in one table, and the pass that does all of it once."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from app import clock, db, logs
from app.channels import apprise
from app.config import settings
from app.domain.errors import Refused
from app.domain.messages import N_
from app.jobs import inbound, notes
from app.jobs.summaries import Summary, Unfinished
from app.mail.transport import open_transport
from app.queries.mailing.reminders import mark
from app.services.followup import undoing, updates
from app.services.kernel import audit, update_links, voice_links
from app.services.mailing import bounces, delivery, digests, reminders, replies, team_notes
from app.services.mailing.delivery import apart
from app.services.setup import access, seats
from app.services.upkeep import evidence_files, heartbeats, record_heads

_LINKS_KEPT = dt.timedelta(days=90)
_ANSWERS_KEPT = dt.timedelta(days=1)
_AHEAD = dt.timedelta(minutes=1)


class Occasion(NamedTuple):
    """A job's turn: the time it is, and whether it is over before all is done."""

    now: dt.datetime
    is_over: Callable[[], bool] = lambda: False


def turn_seats(occasion: Occasion) -> Summary:
    """Each in its own transaction: one that fails holds up no other."""
    today = clock.day(occasion.now, settings().zone)
    with db.current().read() as session:
        coming, turned = seats.due(session, today), 0
    for plan_id in coming:
        with db.current().write() as session:
            turned += seats.carry_out(session, plan_id, today)
    return Summary(other=Counter(turned=turned))


def plan_reminders(occasion: Occasion) -> Summary:
    done = reminders.plan(db.current().read, db.current().write, occasion.now)
    return Summary(planned=done.planned, superseded=done.superseded)


def _traces(now: dt.datetime) -> object:
    with db.current().read() as session:
        return mark(session, now)


def plan_digests(occasion: Occasion) -> Summary:
    done = digests.plan(db.current().read, db.current().write, occasion.now)
    missed = Counter(missed=done.missed)
    return Summary(planned=done.planned, skipped=done.skipped + done.missed, other=missed)


def release_words(_occasion: Occasion) -> Summary:
    with db.current().write() as session:
        return Summary(other=Counter(released=updates.release_due(session)))


def take_inbound(_occasion: Occasion) -> Summary:
    """What came back, before more goes the same way."""
    url = settings().inbound_url
    return Summary(other=inbound.take_all(url)) if url else Summary()


def dispatch(occasion: Occasion) -> Summary:
    """Without a relay everything stays queued."""
    if not settings().transport_url:
        return Summary()
    done, transport = delivery.SentCounts(), open_transport(settings().transport_url)
    try:
        count = apart.processes(occasion.now)
        if count:
            apart.dispatch(count, occasion.now, occasion.is_over, done)
        delivery.dispatch(db.current().write, transport, occasion.now, until=occasion.is_over, tally=done)
    except Exception as error:
        raise Unfinished(_counted(done)) from error
    return _counted(done)


def _counted(done: delivery.SentCounts) -> Summary:
    beside = Counter(cancelled=done.cancelled)
    return Summary(sent=done.sent, retried=done.retried, dead=done.dead, uncertain=done.uncertain, other=beside)


def tell_chats(occasion: Occasion) -> Summary:
    courier = apprise.AppriseCourier(is_inside_open=settings().demo)
    return Summary(other=team_notes.turn(db.current().read, db.current().write, courier, occasion.now))


def seal_audit(_occasion: Occasion) -> Summary:
    with db.current().write() as session:
        return Summary(other=Counter(sealed=audit.seal(session)))


def publish_head(_occasion: Occasion) -> Summary:
    """Once a day the chain's head goes where whoever holds the database can't change it."""
    with db.current().write() as session:
        record_heads.publish(session, clock.today(settings().zone))
    with db.current().read() as session:
        record_heads.carry_out(session, settings().data_dir, settings().key)
    return Summary()


def sweep(occasion: Occasion) -> Summary:
    """Forget what is over: sessions, attempts, sent forms, dead links, addresses that are well again."""
    with db.current().write() as session:
        old = occasion.now - _LINKS_KEPT
        forgotten = access.sweep(session) + update_links.sweep(session, old) + voice_links.sweep(session, old)
        forgotten += undoing.sweep(session, occasion.now - _ANSWERS_KEPT)
        forgotten += bounces.settle(session, occasion.now) + replies.expire(session, occasion.now)
    return Summary(other=Counter(forgotten=forgotten))


def sweep_files(occasion: Occasion) -> Summary:
    """Remove uploaded files that nothing names any more."""
    with db.current().read() as session:
        return Summary(other=Counter(removed=evidence_files.sweep(session, occasion.now)))


@dataclass(frozen=True)
class Job:
    """A row of the table, with the conditions of its own."""

    name: str
    run: Callable[[Occasion], Summary]
    seconds: int
    traces: Callable[[dt.datetime], object] | None = None  # a schedule leaves it out while these are the same
    beats: bool = True  # whether each turn of it is a sign of life
    is_shared: bool = False  # on a database with several writers: by every scheduler, whoever leads


JOBS: tuple[Job, ...] = (
    Job("turn_seats", turn_seats, 60),  # first: who is seated decides who hears
    # Looking at ten thousand open actions costs a second: only after a change, and when a morning begins.
    Job("plan_reminders", plan_reminders, 60, traces=_traces),
    Job("plan_digests", plan_digests, 60),
    Job("release_words", release_words, 3600),
    Job("take_inbound", take_inbound, 60),
    Job("dispatch", dispatch, 10, beats=False, is_shared=True),  # every ten seconds a write would say nothing new
    Job("seal_audit", seal_audit, 60),
    Job("publish_head", publish_head, 3600),
    Job("sweep", sweep, 3600),
    Job("sweep_files", sweep_files, 3600),
    Job("tell_chats", tell_chats, 60),  # last: it may wait for somebody
)


def run_pass(at: dt.datetime | None = None) -> Summary:
    """Every row of the table in its order, as if it were `at` (by default the database's time, read once).

    Every row is due in a pass that somebody asks for; the intervals are the scheduler's.
    """
    counted, now = Summary(), at or the_time()
    for job in JOBS:
        counted.add(run(job, Occasion(now)))
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


def run(job: Job, occasion: Occasion, seen: dict[str, object] | None = None) -> Summary:
    """One row. Whatever it raises is logged and never stops the others; its heartbeat then stays where it was.

    `seen`: by job the traces that a schedule has looked at.
    """
    began, done, now = time.monotonic(), Summary(), occasion.now
    try:
        with clock.at(now):
            done.add(_work(job, occasion, seen))
            _note(job, _ended(job, now, began, done), seen)
            logs.passed(job.name, time.monotonic() - began, done.counts | done.other)
    except Exception as error:
        logs.failed(job.name, time.monotonic() - began)
        cause = error.__cause__ or error if isinstance(error, Unfinished) else error
        done.add(error.done if isinstance(error, Unfinished) else Summary())
        notes.failed(_ended(job, now, began, done), cause, seen)
        done.add(Summary(failed=(f"{job.name} failed: {type(cause).__name__}: {cause}",)))
    return done


def _ended(job: Job, now: dt.datetime, began: float, done: Summary) -> notes.EndedTurn:
    return notes.EndedTurn(job.name, now, time.monotonic() - began, done.counts | done.other)


def _note(job: Job, turn: notes.EndedTurn, seen: dict[str, object] | None) -> None:
    if not job.beats:
        notes.went_quietly(turn, seen)
        return
    with db.current().write() as session:
        heartbeats.beat(session, f"job:{job.name}", turn.now)
        notes.went(session, turn)


def _work(job: Job, occasion: Occasion, seen: dict[str, object] | None) -> Summary:
    if seen is None or job.traces is None:
        return job.run(occasion)
    traces = job.traces(occasion.now)
    if traces == seen.get(job.name):
        return Summary()
    done = job.run(occasion)
    seen[job.name] = traces
    return done


def the_time() -> dt.datetime:
    with db.current().read() as session:
        return db.time(session)
