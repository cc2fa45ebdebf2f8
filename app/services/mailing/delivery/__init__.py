"""Sending what is queued: claim, look again, freeze, note that DATA begins, send one recipient, note how it ended.

Each step is committed before the next one depends on it. Whatever dies in between is found again by its lease: before
DATA it is sent as if nothing had happened, after it once more with the same bytes, then parked.
"""

import datetime as dt
from collections.abc import Callable

from app import db
from app.mail.transport import Transport
from app.services.mailing.delivery import channel, claims, lanes
from app.services.mailing.delivery.commits import Commits, Transaction
from app.services.mailing.delivery.work import Pass, SentCounts

__all__ = ["SentCounts", "Transaction", "channel", "dispatch"]


def dispatch(
    write: Transaction,
    transport: Transport,
    now: dt.datetime,
    *,
    until: Callable[[], bool] = lambda: False,
    tally: SentCounts | None = None,
) -> SentCounts:
    """Send until nothing is due at `now`, the channel has to rest, or `until` says to stop.

    `tally` holds what has been done also when it raises.
    """
    work = Pass(db.current().read, Commits(write), now, until, tally or SentCounts())
    lanes.run(work, transport, min(_waiting_well(work) // lanes.HANDFUL + 1, lanes.MOST))
    if work.is_resting:
        with work.read() as session:
            work.add(SentCounts(retried=claims.waiting(session, now)))
    return work.tally


def _waiting_well(work: Pass) -> int:
    """How many are due, while nothing says that the channel is not well."""
    with work.read() as session:
        state = channel.look(session, work.now)
        return claims.waiting(session, work.now) if state == channel.WELL else 0
