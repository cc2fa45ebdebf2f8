"""Sending what is queued: claim, look again, freeze, note that DATA begins, send one recipient, note how it ended.

Each step is committed before the next one depends on it. Whatever dies in between is found again by its lease: before
DATA it is sent as if nothing had happened, after it once more with the same bytes, then parked.

A pass has lanes: batch after batch over one connection each, loaded, written and frozen together.
"""

import contextvars
import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Sequence

from sqlmodel import Session

from app import db
from app.domain.errors import Refused
from app.domain.texts import one_line
from app.mail.transport import Transport
from app.services.mailing import letters
from app.services.mailing.delivery import channel, claims, doubts, outcomes, pace, preparation
from app.services.mailing.delivery.channel import Channel
from app.services.mailing.delivery.claims import Claim
from app.services.mailing.delivery.preparation import NotSendable, Prepared
from app.services.mailing.delivery.sendings import TRIALS, Sender
from app.services.mailing.delivery.work import Checkpoint, Commits, Pass, SentCounts, Transaction, reached
from app.services.mailing.letters import NoLongerWanted

__all__ = ["SentCounts", "Transaction", "channel", "dispatch"]

log = logging.getLogger("tatbiq.delivery")
HANDFUL = 50
MOST = 4  # connections at once, where each has something to do
_FRESH = 10.0  # seconds for which a look holds: what has not begun by then goes back and is looked at again


def dispatch(
    write: Transaction,
    transport: Transport,
    now: dt.datetime,
    *,
    until: Callable[[], bool] = lambda: False,
    tally: SentCounts | None = None,
    most: int = MOST,
) -> SentCounts:
    """Send until nothing is due at `now`, the channel has to rest, or `until` says to stop; over `most` connections.

    `tally` holds what has been done also when it raises.
    """
    work = Pass(db.current().read, Commits(write), now, until, tally or SentCounts())
    with work.read() as session:
        waits = waiting_well(session, now)
    _run_lanes(work, transport, min(waits // HANDFUL + 1, most))
    if work.is_resting:
        with work.read() as session:
            work.add(SentCounts(retried=claims.waiting(session, now)))
    return work.tally


def waiting_well(session: Session, now: dt.datetime) -> int:
    """How many are due, while nothing says that the channel is not well."""
    return claims.waiting(session, now) if channel.look(session, now) == channel.WELL else 0


def _run_lanes(work: Pass, transport: Transport, most: int) -> None:
    """So many at once as there may be, until nothing is due, the channel has to rest, or somebody says to stop."""
    others = (transport.another() for _ in range(most - 1))
    beside = [_Beside(work, one) for one in others if one is not None]
    for lane in beside:
        lane.start()
    try:
        _run(work, transport)
    finally:
        for lane in beside:
            lane.join()
    for lane in beside:
        if lane.error:
            raise lane.error


class _Beside(threading.Thread):
    """A lane of its own; the clock of the pass holds in it, too."""

    def __init__(self, work: Pass, transport: Transport) -> None:
        super().__init__(name="tatbiq mail", daemon=True)
        self.context, self.work, self.transport = contextvars.copy_context(), work, transport
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.context.run(_run, self.work, self.transport)
        except BaseException as error:
            self.error = error


def _run(work: Pass, transport: Transport) -> None:
    with transport:
        while not work.is_over and _batch(work, transport):
            pass


def _batch(work: Pass, transport: Transport) -> bool:
    """Claim some and send them; False when none is left or the channel rests."""
    state, taken = _claimed(work)
    if not taken.seen:
        return False
    reached(Checkpoint.CLAIMED)
    began, ready = time.monotonic(), _prepared(work, taken.claims)
    sender = Sender(work, transport, state)
    with work.commits.travelling():
        for position, parcel in enumerate(ready):
            if position and (work.is_over or time.monotonic() - began > _FRESH):
                _give_back(work, [one.claim for one in ready[position:]])
                break
            sender.send(parcel)
        sender.note_end()
    return True


def _claimed(work: Pass) -> tuple[Channel, claims.Batch]:
    with work.commits.alone() as session:
        state = channel.look(session, work.now)
        work.is_doubted = work.is_doubted or doubts.exist(session)
        if not state.is_open and not 0 < work.trials < TRIALS:
            return state, claims.NONE
        if state.is_on_trial and not channel.may_try(session, work.instant(), work.name):
            return state, claims.NONE
        most = 1 if state.is_on_trial else HANDFUL
        taken = claims.claim(session, work.now, work.leased_until(), most, state)
        if state.is_on_trial and taken.claims:
            channel.note_trial(session, work.instant(), work.name)
    work.add(SentCounts(dead=taken.dead, uncertain=taken.uncertain))
    return state, taken


def _prepared(work: Pass, taken: Sequence[Claim]) -> list[Prepared]:
    """Written by a reader, which holds up nobody, and kept in one transaction; loading what is secret writes, too."""
    secret = [claim for claim in taken if letters.KINDS[claim.kind].is_secret]
    with work.read() as session:
        found = preparation.written(session, [claim for claim in taken if claim not in secret], work.now)
    done = SentCounts()
    with work.commits.alone() as session:
        found = preparation.written(session, secret, work.now) + found
        fit = [one for one in found if isinstance(one, Prepared)]
        preparation.keep(session, fit)
        for one in found:
            if isinstance(one, NotSendable):
                done.add(_unfit(session, work, one))
        if found and not fit:
            channel.leave_trial(session)
    work.add(done)
    return fit


def _unfit(session: Session, work: Pass, one: NotSendable) -> SentCounts:
    """Our fault, not the relay's: an address that cannot be written is lost, anything else may be mended in time."""
    claim, now = one.claim, work.now
    if isinstance(one.error, NoLongerWanted):
        if claim.uncertain:
            outcomes.parked(session, claim.id, claim.epoch, outcomes.PERHAPS, now)
            return SentCounts()
        outcomes.cancelled(session, claim.id, claim.epoch, one.error.reason, now)
        return SentCounts(cancelled=1)
    log.error("message %s (%s) could not be written", claim.id, claim.kind, exc_info=one.error)
    if isinstance(one.error, Refused):
        return SentCounts(dead=outcomes.lost(session, claim.id, claim.epoch, str(one.error), now))
    reason = one_line(f"{type(one.error).__name__}: {one.error}")
    outcomes.put_off(session, claim.id, claim.epoch, outcomes.again_at(session, claim.id, now), reason=reason)
    return SentCounts(retried=1)


def _give_back(work: Pass, untouched: Sequence[Claim]) -> None:
    with work.commits.alone() as session:
        if pace.is_limited():
            pace.give_back(session, [claim.id for claim in untouched], work.instant())
        for claim in untouched:
            outcomes.put_back(session, claim.id, claim.epoch)
