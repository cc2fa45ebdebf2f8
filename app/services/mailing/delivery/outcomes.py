"""How an attempt ends: every update carries the claimant's epoch, so that who came too late changes nothing."""

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.domain.messages import N_
from app.models.notifications import Delivery, Envelope
from app.services.mailing import letters
from app.services.mailing.delivery import failure_notices

UNCERTAIN = N_("The connection was lost while the relay was taking it: it may have arrived twice or not at all")
PERHAPS = N_("It may have arrived before it was no longer wanted")
_MINUTES = (1, 5, 15, 30, 60)
_SECONDS = (10, 30, 60)  # somebody is waiting in front of the sign-in page
_JITTER = 600
_MOST_UNCERTAIN = 2
_QUEUED = {"state": Delivery.QUEUED, "leased_until_at": None, "data_started_at": None}
_TABLE = SQLModel.metadata.tables["message"]  # through the model every update costs five times as much
_CHANGE = (
    sa.update(_TABLE)
    .where(_TABLE.c.id == sa.bindparam("of_id"), _TABLE.c.epoch == sa.bindparam("of_epoch"))
    .returning(_TABLE.c.kind)
)
_BEGIN = _CHANGE.where(_TABLE.c.state == Delivery.CLAIMED)


def sent(session: Session, message_id: int, epoch: int, now: dt.datetime) -> None:
    kind = _end(session, message_id, epoch, Delivery.SENT, now, reason="", sent_at=now)
    if kind:
        kind.after_sent(session, message_id)


def cancelled(session: Session, message_id: int, epoch: int, reason: str, now: dt.datetime) -> None:
    """Looked at again, nobody needs it any more; certainly nobody got it."""
    kind = _end(session, message_id, epoch, Delivery.CANCELLED, now, reason=reason)
    if kind:
        kind.after_lost(session, message_id)


def lost(session: Session, message_id: int, epoch: int, reason: str, now: dt.datetime) -> int:
    """A dead letter: it will not be tried again, is shown, and somebody else is told. How many: 0 or 1."""
    kind = _end(session, message_id, epoch, Delivery.DEAD, now, reason=reason)
    if not kind:
        return 0
    kind.after_lost(session, message_id)
    failure_notices.tell(session, message_id, now)
    return 1


def parked(session: Session, message_id: int, epoch: int, reason: str, now: dt.datetime, **more: object) -> None:
    """Nobody knows whether it arrived, and it is not sent again by itself."""
    _end(session, message_id, epoch, Delivery.PARKED, now, reason=reason, **more)


def doubted(session: Session, message_id: int, epoch: int, times: int, now: dt.datetime) -> bool:
    """Note that nobody knows whether it arrived; True when that is once too often and it is parked."""
    if times < _MOST_UNCERTAIN:
        _change(session, message_id, epoch, uncertain=times, reason=UNCERTAIN)
        return False
    parked(session, message_id, epoch, UNCERTAIN, now, uncertain=times)
    return True


def begun(session: Session, message_id: int, epoch: int, now: dt.datetime, leased_until: dt.datetime) -> bool:
    """DATA begins: from here on it may have been sent. False when somebody else has it by now."""
    values = {"data_started_at": now, "leased_until_at": leased_until}
    return bool(_ran(session, _BEGIN, message_id, epoch, values))


def put_off(session: Session, message_id: int, epoch: int, due_at: dt.datetime, *, reason: str) -> None:
    """Back into the queue until then; what was frozen stays frozen."""
    changes = {"reason": reason[:500]} if reason else {}
    _change(session, message_id, epoch, due_at=due_at, **_QUEUED, **changes)


def put_back(session: Session, message_id: int, epoch: int) -> None:
    """Back into the queue as if it had not been touched: what failed was not its fault."""
    untouched = _CHANGE.values(attempts=_TABLE.c.attempts - 1)
    _ran(session, untouched, message_id, epoch, _QUEUED)


def wait_until(session: Session, message_id: int, epoch: int, opens_at: dt.datetime) -> None:
    """It may not leave at this hour: that is no failure, and it is not late before then unless it was already."""
    fresh = sa.case((_TABLE.c.attempts == 0, opens_at), else_=_TABLE.c.first_due_at)
    _ran(session, _CHANGE.values(first_due_at=fresh), message_id, epoch, {"due_at": opens_at, **_QUEUED})


def again_at(session: Session, message_id: int, now: dt.datetime) -> dt.datetime:
    """When a message that failed for now is tried again: ever later, then about every hour."""
    query = sa.select(col(Envelope.attempts), col(Envelope.kind)).where(col(Envelope.id) == message_id)
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


def _end(
    session: Session, message_id: int, epoch: int, state: Delivery, now: dt.datetime, **more: Any
) -> letters.MessageKind[Any] | None:
    """A final state: the frozen bytes, with their keys, are gone. What kind of message it was, if it was still ours."""
    ended = {"state": state, "ended_at": now, "frozen": None, "leased_until_at": None, **more}
    name = _ran(session, _CHANGE, message_id, epoch, ended)
    return letters.KINDS.get(name, letters.UNKNOWN) if name else None


def _change(session: Session, message_id: int, epoch: int, **values: Any) -> None:
    _ran(session, _CHANGE, message_id, epoch, values)


def _ran(session: Session, change: Any, message_id: int, epoch: int, values: dict[str, Any]) -> str:
    """The kind of the message that was changed; empty when it is another claimant's by now."""
    named = {"of_id": message_id, "of_epoch": epoch}
    kind: str | None = session.connection().execute(change, named | values).scalar()
    return kind or ""
