"""One effect for one form, however often it is sent."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain.errors import AlreadyDone
from app.models.access import FormOnce


def claim(session: Session, key: str) -> None:
    """Take the form's key; raises AlreadyDone with the way the first submit was led. A rival waits for its end."""
    insert = db.insert(session, FormOnce).values(key=key, location="", at=clock.now())
    taken = session.execute(insert.on_conflict_do_nothing(index_elements=["key"]).returning(col(FormOnce.key)))
    if taken.first() is None:
        location = session.scalars(sa.select(col(FormOnce.location)).where(col(FormOnce.key) == key)).one()
        raise AlreadyDone(location)


def remember(session: Session, key: str, location: str) -> None:
    session.execute(sa.update(FormOnce).where(col(FormOnce.key) == key).values(location=location))


def release(session: Session, key: str) -> None:
    """The attempt was refused: the same form may be sent again, corrected."""
    session.execute(sa.delete(FormOnce).where(col(FormOnce.key) == key))
