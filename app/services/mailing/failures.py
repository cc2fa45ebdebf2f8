"""What people decide about mails that failed: seen, sent again, or closed; one, or all that failed alike."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import Refused
from app.domain.failed_mails import manner
from app.domain.messages import N_
from app.models.notifications import HAS_FAILED, Envelope
from app.queries.scope import ranges
from app.services.kernel import audit, outbox
from app.services.kernel.audit import Actor

_LONGEST = 500


def acknowledge(session: Session, actor: Actor, message_id: int, *, alike: bool = False) -> int:
    """Somebody looks after it: it stays in the list, with who and when, and neither health nor banner tell of it."""
    now, person_id = clock.now(), actor.viewer.person_id
    for message in (chosen := _chosen(session, actor, message_id, alike=alike)):
        if message.acknowledged_at is None:
            message.acknowledged_at, message.acknowledged_by_id = now, person_id
            audit.record(session, actor, "acknowledge", "message", message.id)
    return len(chosen)


def again(session: Session, actor: Actor, message_id: int, *, alike: bool = False) -> int:
    for message in (chosen := _chosen(session, actor, message_id, alike=alike)):
        outbox.send_again(session, actor, message)
    return len(chosen)


def close(session: Session, actor: Actor, message_id: int, reason: str, *, alike: bool = False) -> int:
    """It is not sent any more, and leaves the list of failures; the ledger keeps it with the reason."""
    if not reason.strip():
        raise Refused(N_("Say why it is not sent any more"), "reason")
    if len(reason) > _LONGEST:
        raise Refused(N_("This is too long: use at most %(max_length)s characters"), "reason", max_length=_LONGEST)
    now, person_id = clock.now(), actor.viewer.person_id
    for message in (chosen := _chosen(session, actor, message_id, alike=alike)):
        message.closed_at, message.closed_by_id, message.closing = now, person_id, reason.strip()
        audit.record(session, actor, "close", "message", message.id, reason=reason.strip())
    return len(chosen)


def _chosen(session: Session, actor: Actor, message_id: int, *, alike: bool) -> list[Envelope]:
    """The one that was named first, and where all are meant, those of the actor's ledger that failed as it did."""
    named = outbox.failed(session, actor, message_id)
    if not alike:
        return [named]
    open_ones = sa.and_(ranges.said("message", HAS_FAILED), col(Envelope.closed_at).is_(None))
    is_alike = _like(named)
    return [named, *(one for one in outbox.owned(session, actor, open_ones) if one.id != named.id and is_alike(one))]


def _like(named: Envelope) -> Callable[[Envelope], bool]:
    how = named.state, manner(named.reason)
    return lambda one: (one.state, manner(one.reason)) == how
