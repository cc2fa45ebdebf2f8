"""Which addresses count as failing, for whoever may read them."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.bounces import Bounce, FailingAddress


def failing(session: Session, addresses: Collection[str]) -> dict[str, dt.datetime]:
    """Since when, of those among these that fail."""
    known = {address.lower(): address for address in addresses if address}
    query = sa.select(col(FailingAddress.address), col(FailingAddress.failing_since_at)).where(
        col(FailingAddress.address).in_(known), col(FailingAddress.failing_since_at).is_not(None)
    )
    return {known[row[0]]: row[1] for row in session.execute(query)} if known else {}


def last_words(session: Session, address: str) -> str:
    """What the server said when the last mail came back from there."""
    query = sa.select(col(Bounce.words)).where(col(Bounce.address) == address.lower(), col(Bounce.words) != "")
    return session.scalars(query.order_by(col(Bounce.id).desc()).limit(1)).first() or ""
