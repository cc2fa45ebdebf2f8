"""The demo's cast as its sign-in page offers it: whoever is active, with what they are here for."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.people import Person
from app.queries.setup import people
from app.queries.setup.people import Duty


@dataclass(frozen=True, slots=True)
class Player:
    id: int
    name: str
    duties: list[Duty]


def players(session: Session) -> list[Player]:
    query = sa.select(col(Person.id), col(Person.name)).where(col(Person.is_active)).order_by(col(Person.id)).limit(50)
    found = [(row[0] or 0, row[1]) for row in session.execute(query).all()]
    duties = people.duties(session, [person_id for person_id, _ in found])
    return [Player(person_id, name, duties[person_id]) for person_id, name in found]
