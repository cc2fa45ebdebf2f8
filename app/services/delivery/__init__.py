"""Sending what is queued: claim, look again, freeze, note that DATA begins, send one recipient, note how it ended.

Each step is a transaction of its own, opened with what the caller hands over. Whatever dies in between is found again
by its lease: before DATA it is sent as if nothing had happened, after it once more with the same bytes, then parked.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from email.utils import parseaddr

from sqlmodel import Session

from app.config import settings
from app.domain.errors import Refused
from app.mail.failures import ChannelRefused, Failure, RecipientRefused, Uncertain, Unreachable
from app.mail.transport import Transport
from app.services.delivery import channel, claims, endings, parcels, points
from app.services.delivery.claims import Claim
from app.services.letters import Unwanted

log = logging.getLogger("tatbiq.delivery")
Write = Callable[[], AbstractContextManager[Session]]
_HANDFUL = 5


@dataclass
class Sent:
    """What a pass has done with messages."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    uncertain: int = 0
    cancelled: int = 0

    def add(self, other: "Sent") -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def dispatch(
    write: Write, transport: Transport, now: dt.datetime, *, until: Callable[[], bool] = lambda: False
) -> Sent:
    """Send until nothing is due at `now`, the channel has to rest, or `until` says to stop."""
    tally, begun = Sent(), time.monotonic()
    with transport:
        while not until():
            with write() as session:
                state = channel.look(session, now)
                elapsed = dt.timedelta(seconds=time.monotonic() - begun)
                most = 0 if not state.is_open else 1 if state.is_on_trial else _HANDFUL
                handful = claims.claim(session, now, now + elapsed + claims.LEASE, most) if most else None
            if not handful or not handful.seen:
                return tally
            tally.dead, tally.uncertain = tally.dead + handful.dead, tally.uncertain + handful.uncertain
            points.reached(points.CLAIMED)
            if not _send_all(write, transport, handful.claims, now, tally, on_trial=state.is_on_trial):
                return tally
    return tally


def _send_all(
    write: Write, transport: Transport, claimed: tuple[Claim, ...], now: dt.datetime, tally: Sent, *, on_trial: bool
) -> bool:
    """False when the channel failed: the rest of the handful goes back untouched."""
    for position, claim in enumerate(claimed):
        try:
            tally.add(_send(write, transport, claim, now))
        except (ChannelRefused, Unreachable) as failure:
            log.warning("the mail channel rests: %s", failure)
            with write() as session:
                channel.rest(session, failure, now)
                for untouched in claimed[position:]:
                    endings.put_back(session, untouched.id, untouched.epoch)
                tally.retried += claims.waiting(session, now)
            return False
        if on_trial:
            with write() as session:
                channel.resume(session)
    return True


def _send(write: Write, transport: Transport, claim: Claim, now: dt.datetime) -> Sent:
    """One message. Only what concerns the whole channel is raised: one failing message never stops the rest."""
    try:
        with write() as session:
            parcel = parcels.ready(session, claim, now)
    except Unwanted as unwanted:
        return _cancel(write, claim, unwanted.reason, now)
    except Exception as error:
        return _unwritable(write, claim, error, now)
    if parcel is None:
        return Sent()
    points.reached(points.DATA)
    try:
        transport.send(parcel.raw, parseaddr(settings().mail_from)[1], parcel.address)
    except (ChannelRefused, Unreachable):
        raise
    except Failure as failure:
        return _failed(write, claim, failure, now)
    points.reached(points.ACCEPTED)
    with write() as session:
        endings.sent(session, claim.id, claim.epoch, now)
    points.reached(points.ENDED)
    return Sent(sent=1)


def _cancel(write: Write, claim: Claim, reason: str, now: dt.datetime) -> Sent:
    with write() as session:
        endings.cancelled(session, claim.id, claim.epoch, reason, now)
    return Sent(cancelled=1)


def _unwritable(write: Write, claim: Claim, error: Exception, now: dt.datetime) -> Sent:
    """Our fault, not the relay's: an address that cannot be written is lost, anything else may be mended in time."""
    log.error("message %s (%s) could not be written", claim.id, claim.kind, exc_info=error)
    with write() as session:
        if isinstance(error, Refused):
            endings.lost(session, claim.id, claim.epoch, str(error), now)
            return Sent(dead=1)
        due_at = endings.again_at(session, claim.id, now)
        endings.put_off(session, claim.id, claim.epoch, due_at, reason=f"{type(error).__name__}: {error}")
    return Sent(retried=1)


def _failed(write: Write, claim: Claim, failure: Failure, now: dt.datetime) -> Sent:
    with write() as session:
        if isinstance(failure, RecipientRefused):
            endings.lost(session, claim.id, claim.epoch, str(failure), now)
            return Sent(dead=1)
        due_at = endings.again_at(session, claim.id, now)
        if isinstance(failure, Uncertain):
            if not endings.doubted(session, claim.id, claim.epoch, claim.uncertain + 1, now):
                endings.put_off(session, claim.id, claim.epoch, due_at, reason=endings.UNCERTAIN)
            return Sent(uncertain=1)
        endings.put_off(session, claim.id, claim.epoch, due_at, reason=str(failure))
    return Sent(retried=1)
