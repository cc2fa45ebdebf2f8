"""Where a mail goes: the domain of its reader's address, as an expression that either database understands."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.notifications import Envelope
from app.models.people import Person
from app.models.proposers import Proposer


def domain(session: Session) -> Any:
    """In small letters; of a statement that knows Person and Proposer, as `with_readers` makes one."""
    address = sa.func.lower(sa.func.coalesce(col(Person.email), col(Proposer.email), ""))
    if session.get_bind().dialect.name == "postgresql":
        return sa.func.split_part(address, "@", 2)
    return sa.func.substr(address, sa.func.instr(address, "@") + 1)


def with_readers(query: Any) -> sa.Select[Any]:
    """Of messages: joined to whoever reads them."""
    people: sa.Select[Any] = query.outerjoin(Person, col(Person.id) == col(Envelope.person_id))
    return people.outerjoin(Proposer, col(Proposer.id) == col(Envelope.proposer_id))


def domain_in(query: sa.Select[Any], message_ids: Sequence[int]) -> sa.Select[Any]:
    return with_readers(query).where(col(Envelope.id).in_(message_ids))
