"""The heads of the record that are for everybody: the newest link of the chain, and what it was on each day."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.audit import AuditSeal, PublishedHead


class Head(NamedTuple):
    """A link of the chain: all events up to its number follow from it."""

    position: int
    head: str


def newest(session: Session) -> Head | None:
    """None as long as nothing is sealed."""
    query = sa.select(col(AuditSeal.position), col(AuditSeal.hash)).order_by(col(AuditSeal.position).desc()).limit(1)
    row = session.execute(query).first()
    return Head(*row) if row else None


def published(session: Session, most: int) -> list[PublishedHead]:
    """One a day, the latest first."""
    query = sa.select(PublishedHead).order_by(col(PublishedHead.on).desc()).limit(most)
    return list(session.scalars(query))
