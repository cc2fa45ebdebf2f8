"""People whose last mails did not arrive, and to whom none has gone since: whom nobody reaches by mail."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.permissions import Viewer
from app.models.notifications import HAS_FAILED, Delivery, Envelope
from app.models.people import Person
from app.queries.mailing import ledgers
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
    lost = (
        sa.select(col(Envelope.id), col(Envelope.person_id), col(Envelope.ended_at), col(Envelope.reason))
        .where(
            ranges.said("message", HAS_FAILED),
            col(Envelope.state) == Delivery.DEAD,
            col(Envelope.ended_at) > now - _RECENT,
            ledgers.NOT_SECRET,
            *ledgers.visible(scope),
        )
        .order_by(col(Envelope.ended_at).desc(), col(Envelope.id).desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    later = aliased(Envelope)
    reached = sa.exists().where(
        col(later.person_id) == lost.c.person_id, col(later.id) > lost.c.id, col(later.state) == Delivery.SENT
    )
    query = (
        sa.select(
            col(Person.id),
            col(Person.name),
            col(Person.email),
            col(Person.is_active),
            sa.func.count(),
            sa.func.max(lost.c.ended_at).label("last"),
            sa.func.max(lost.c.reason),
        )
        .join(Person, col(Person.id) == lost.c.person_id)
        .where(~reached)
        .group_by(col(Person.id), col(Person.name), col(Person.email), col(Person.is_active))
        .order_by(sa.desc("last"), col(Person.id))
        .limit(SHOWN + 1)
    )
    return [Unreached(*row) for row in session.execute(query)]
