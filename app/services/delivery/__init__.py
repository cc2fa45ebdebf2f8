"""Sending what is queued: claim, look again, freeze, note that DATA begins, send one recipient, note how it ended.

Each step is committed before the next one depends on it. Whatever dies in between is found again by its lease: before
DATA it is sent as if nothing had happened, after it once more with the same bytes, then parked.
"""

import contextvars
import datetime as dt
import threading
from collections.abc import Callable

from app import db
from app.mail.transport import Transport
from app.services.delivery import channel, claims, lanes
from app.services.delivery.work import Pass, Sent, Transaction

__all__ = ["Sent", "Transaction", "channel", "dispatch"]

_LANES = 3  # at most; more than one only where they have something to do


def dispatch(
    write: Transaction,
    transport: Transport,
    now: dt.datetime,
    *,
    until: Callable[[], bool] = lambda: False,
    tally: Sent | None = None,
) -> Sent:
    """Send until nothing is due at `now`, the channel has to rest, or `until` says to stop.

    `tally` holds what has been done also when it raises.
    """
    work = Pass(db.current().read, write, now, until, tally or Sent())
    beside = [_Beside(work, one) for one in _others(work, transport)]
    for lane in beside:
        lane.start()
    try:
        lanes.run(work, transport)
    finally:
        for lane in beside:
            lane.join()
    for lane in beside:
        if lane.error:
            raise lane.error
    if work.is_resting:
        with work.read() as session:
            work.add(Sent(retried=claims.waiting(session, now)))
    return work.tally


class _Beside(threading.Thread):
    """A lane of its own; the clock of the pass holds in it, too."""

    def __init__(self, work: Pass, transport: Transport) -> None:
        super().__init__(name="tatbiq mail", daemon=True)
        self.context, self.work, self.transport = contextvars.copy_context(), work, transport
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.context.run(lanes.run, self.work, self.transport)
        except BaseException as error:
            self.error = error


def _others(work: Pass, transport: Transport) -> list[Transport]:
    """As many lanes more as there are handfuls, while nothing says that the channel is not well."""
    with work.read() as session:
        state = channel.look(session, work.now)
        handfuls = claims.waiting(session, work.now) // lanes.HANDFUL if state == channel.WELL else 0
    others = (transport.another() for _ in range(min(handfuls, _LANES - 1)))
    return [one for one in others if one is not None]
