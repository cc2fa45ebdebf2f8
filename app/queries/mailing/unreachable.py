"""People whose last mails did not arrive or came back, and to whom none has gone since, or whose address fails."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.permissions import Viewer
from app.models.bounces import FailingAddress
from app.models.notifications import HAS_FAILED, Delivery, Envelope
from app.models.people import Person
from app.queries.mailing import ledgers
from app.queries.mailing.ledgers import LedgerScope
from app.queries.scope import ranges

SHOWN = 20
_LOOKED_AT = 300  # of the latest failures
_RECENT = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unreached:
    """`count`: how many of the latest failures are theirs; the last one's day and reason."""

    person_id: int
    name: str
    email: str
    is_active: bool
    count: int
    last_at: dt.datetime
    reason: str


def listed(session: Session, viewer: Viewer, now: dt.datetime) -> list[Unreached]:
    """The latest first, one more than are shown; as far as the viewer's ledger reaches."""
    scope = ledgers.scope(viewer)
    if scope is None:
        return []
    lost, person = _lost(scope, now), (col(Person.id), col(Person.name), col(Person.email), col(Person.is_active))
    last = sa.func.max(lost.c.ended_at).label("last")
    query = (
        sa.select(*person, sa.func.count(), last, sa.func.max(lost.c.reason))
        .join(Person, col(Person.id) == lost.c.person_id)
        .where(sa.or_(~_reached_since(lost), _is_failing(lost)))
        .group_by(*person)
        .order_by(last.desc(), col(Person.id))
        .limit(SHOWN + 1)
    )
    return [Unreached(*row) for row in session.execute(query)]


def _lost(scope: LedgerScope, now: dt.datetime) -> sa.Subquery:
    """The latest failures, by the index of failures."""
    names = "id", "person_id", "ended_at", "reason", "address"
    query = sa.select(*(col(getattr(Envelope, name)) for name in names)).where(
        ranges.said("message", HAS_FAILED),
        col(Envelope.state).in_({Delivery.DEAD, Delivery.BOUNCED}),
        col(Envelope.ended_at) > now - _RECENT,
        ledgers.NOT_SECRET,
        *ledgers.visible(scope),
    )
    return query.order_by(col(Envelope.ended_at).desc(), col(Envelope.id).desc()).limit(_LOOKED_AT).subquery()


def _reached_since(lost: sa.Subquery) -> sa.Exists:
    later = aliased(Envelope)
    is_later = col(later.person_id) == lost.c.person_id, col(later.id) > lost.c.id
    return sa.exists().where(*is_later, col(later.state) == Delivery.SENT)


def _is_failing(lost: sa.Subquery) -> sa.Exists:
    """A server that took a later mail says nothing of an address from which they come back."""
    address = col(FailingAddress.address) == sa.func.lower(lost.c.address)
    return sa.exists().where(address, col(FailingAddress.failing_since_at).is_not(None))
