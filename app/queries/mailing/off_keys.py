"""What the key at the foot of a digest opens: one person's weekly mail, to be switched off and on; no more."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.domain import off_keys
from app.domain.errors import Gone, NotFound
from app.models.people import Person
from app.queries.scope import locks

_DIGEST = "digest"


def address(lang: str, person_id: int) -> str:
    """As it stands in the head and at the foot of the mail."""
    return f"{settings().base}/{lang}/off/{off_keys.made(settings().key, person_id, _DIGEST)}"


def opened(session: Session, token: str, *, lock: bool = False) -> Person:
    """Whose digest it is. Raises Gone for somebody whose access has ended: they get no mail at all."""
    person_id = off_keys.person_of(settings().key, token, _DIGEST)
    if person_id is None:
        raise NotFound
    query = sa.select(Person).where(col(Person.id) == person_id)
    if lock:
        query = query.with_for_update(**locks.ROW).execution_options(**locks.FRESH)
    person = session.scalars(query).first()
    if person is None:
        raise NotFound
    if not person.is_active:
        raise Gone
    return person
