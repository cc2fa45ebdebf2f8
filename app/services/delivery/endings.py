"""How an attempt ends: every update carries the claimant's epoch, so that who came too late changes nothing."""

import datetime as dt
import hashlib

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import N_
from app.models.notifications import Delivery, Message
from app.services import letters
from app.services.delivery import substitutes

UNCERTAIN = N_("The connection was lost while the relay was taking it: it may have arrived twice or not at all")
_MINUTES = (1, 5, 15, 30, 60)
_SECONDS = (10, 30, 60)  # somebody is waiting in front of the sign-in page
_JITTER = 600
_MOST_UNCERTAIN = 2


def sent(session: Session, message_id: int, epoch: int, now: dt.datetime) -> None:
    if _end(session, message_id, epoch, Delivery.SENT, now, reason="", sent_at=now):
        kind = _kind(session, message_id)
        kind.after_sent(session, message_id)


def cancelled(session: Session, message_id: int, epoch: int, reason: str, now: dt.datetime) -> None:
    """Looked at again, nobody needs it any more."""
    if _end(session, message_id, epoch, Delivery.CANCELLED, now, reason=reason):
        _kind(session, message_id).after_lost(session, message_id)


def lost(session: Session, message_id: int, epoch: int, reason: str, now: dt.datetime) -> int:
    """A dead letter: it will not be tried again, is shown, and somebody else is told. How many: 0 or 1."""
    if not _end(session, message_id, epoch, Delivery.DEAD, now, reason=reason):
        return 0
    _kind(session, message_id).after_lost(session, message_id)
    substitutes.tell(session, message_id, now)
    return 1


def doubted(session: Session, message_id: int, epoch: int, times: int, now: dt.datetime) -> bool:
    """Note that nobody knows whether it arrived; True when that is once too often and it is parked."""
    if times < _MOST_UNCERTAIN:
        _change(session, message_id, epoch, uncertain=times, reason=UNCERTAIN)
        return False
    _end(session, message_id, epoch, Delivery.PARKED, now, reason=UNCERTAIN, uncertain=times)
    return True


def put_off(session: Session, message_id: int, epoch: int, due_at: dt.datetime, *, reason: str) -> None:
    """Back into the queue until then; what was frozen stays frozen."""
    changes = {"reason": reason[:500]} if reason else {}
    _change(
        session, message_id, epoch, state=Delivery.QUEUED, due_at=due_at, leased_until_at=None, data_started_at=None,
        **changes,
    )  # fmt: skip


def put_back(session: Session, message_id: int, epoch: int) -> None:
    """Back into the queue as if it had not been touched: what failed was not its fault."""
    _change(
        session, message_id, epoch, state=Delivery.QUEUED, leased_until_at=None, data_started_at=None,
        attempts=col(Message.attempts) - 1,
    )  # fmt: skip


def again_at(session: Session, message_id: int, now: dt.datetime) -> dt.datetime:
    """When a message that failed for now is tried again: ever later, then about every hour."""
    query = sa.select(col(Message.attempts), col(Message.kind)).where(col(Message.id) == message_id)
    attempts, kind = session.execute(query).one()
    if letters.KINDS[kind].is_secret:
        return now + dt.timedelta(seconds=_SECONDS[min(attempts, len(_SECONDS)) - 1])
    if attempts <= len(_MINUTES):
        return now + dt.timedelta(minutes=_MINUTES[max(attempts, 1) - 1])
    return now + dt.timedelta(hours=1, seconds=_jitter(message_id, attempts))


def _jitter(message_id: int, attempts: int) -> int:
    """Spread over ten minutes, and the same for every process that computes it."""
    digest = hashlib.sha256(f"{message_id}|{attempts}".encode()).digest()
    return int.from_bytes(digest[:4]) % _JITTER


def _end(session: Session, message_id: int, epoch: int, state: Delivery, now: dt.datetime, **more: object) -> bool:
    """A final state: the frozen bytes, with their keys, are gone."""
    return _change(session, message_id, epoch, state=state, ended_at=now, frozen=None, leased_until_at=None, **more)


def _change(session: Session, message_id: int, epoch: int, **values: object) -> bool:
    mine = sa.and_(col(Message.id) == message_id, col(Message.epoch) == epoch)
    changed = session.execute(sa.update(Message).where(mine).values(**values).returning(col(Message.id)))
    return changed.first() is not None


def _kind(session: Session, message_id: int) -> letters.Kind[object]:
    name = session.scalars(sa.select(col(Message.kind)).where(col(Message.id) == message_id)).one()
    return letters.KINDS.get(name, letters.UNKNOWN)
