"""Mails that did not arrive, as a secretariat's week tells of them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digests import Window
from app.models.notifications import HAS_FAILED, Envelope
from app.models.people import Person
from app.models.proposers import Proposer
from app.queries.mailing import ledgers
from app.queries.mailing.ledgers import LedgerScope
from app.queries.scope.ranges import said


@dataclass(frozen=True)
class FailedMail:
    """A mail that did not arrive, in the relay's words."""

    address: str
    subject: str
    reason: str


def of_week(session: Session, scope: LedgerScope, window: Window, most: int) -> tuple[tuple[int, ...], int]:
    """Those that the page of what goes out shows to the same reader: the first ones, and how many."""
    query = sa.select(col(Envelope.id)).where(
        said("message", HAS_FAILED),
        col(Envelope.closed_at).is_(None),
        col(Envelope.ended_at) >= window.start_at,
        col(Envelope.ended_at) < window.end_at,
        ledgers.NOT_SECRET,
        *ledgers.visible(scope),
    )
    ids = session.scalars(query.order_by(col(Envelope.id))).all()
    return tuple(found for found in ids[:most] if found), len(ids)


def told(session: Session, ids: tuple[int, ...]) -> list[FailedMail]:
    address = sa.func.coalesce(sa.func.nullif(col(Envelope.address), ""), col(Person.email), col(Proposer.email), "")
    columns = sa.select(address, col(Envelope.subject), col(Envelope.reason))
    query = columns.outerjoin(Person, col(Person.id) == col(Envelope.person_id))
    query = query.outerjoin(Proposer, col(Proposer.id) == col(Envelope.proposer_id))
    return [
        FailedMail(*row) for row in session.execute(query.where(col(Envelope.id).in_(ids)).order_by(col(Envelope.id)))
    ]
