"""Posts that owe something and have nobody who could answer: a section of the desk."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.texts import Titles
from app.domain.workflow import OPEN
from app.models.actions import Action
from app.models.people import Holding, Organisation, Person, Post
from app.queries.scope.ranges import MOST
from app.queries.scope.seats import SEATED
from app.statements import Statement


@dataclass(frozen=True, slots=True)
class VacantPost:
    """`open`: how much waits for it in the viewer's programmes; `since_on` is None where nobody ever held it."""

    id: int
    slug: str
    titles: Titles
    organisation: Titles
    open: int
    since_on: dt.date | None


def count(programmes: tuple[int, ...]) -> Any:
    """How many there are, as an expression that stops counting early."""
    if not programmes:
        return sa.literal(0)
    found = sa.select(col(Post.id)).where(*_vacant(programmes)).limit(MOST + 1).subquery()
    return sa.select(sa.func.count()).select_from(found).scalar_subquery()


def listed(session: Session, programmes: tuple[int, ...], after: int, limit: int) -> list[VacantPost]:
    rows = _listed(programmes, limit).rows(session, {"after": after})
    return [VacantPost(*row) for row in rows]


@lru_cache(maxsize=64)
def _listed(programmes: tuple[int, ...], limit: int) -> Statement:
    open_ones = sa.select(sa.func.count()).select_from(Action).where(*_waiting(programmes)).correlate(Post)
    ended = sa.select(sa.func.max(col(Holding.until_on))).where(col(Holding.post_id) == col(Post.id)).correlate(Post)
    query = (
        sa.select(
            col(Post.id),
            col(Post.slug),
            col(Post.titles),
            col(Organisation.titles),
            open_ones.scalar_subquery(),
            ended.scalar_subquery(),
        )
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(col(Post.id) > sa.bindparam("after", type_=sa.Integer()), *_vacant(programmes))
    )
    return Statement(query.order_by(col(Post.id)).limit(limit))


def _vacant(programmes: tuple[int, ...]) -> tuple[sa.ColumnElement[bool], ...]:
    seated = sa.exists().where(col(Holding.post_id) == col(Post.id), SEATED)
    active = seated.where(col(Person.id) == col(Holding.person_id), col(Person.is_active)).correlate(Post)
    # Looked up for each post: PostgreSQL would answer EXISTS from all actions, hashed.
    owed = sa.select(col(Action.id)).where(*_waiting(programmes)).limit(1).correlate(Post).scalar_subquery()
    return ~active, owed.is_not(None)


def _waiting(programmes: tuple[int, ...]) -> tuple[sa.ColumnElement[bool], ...]:
    assigned = col(Action.assigned_at).is_not(None)
    in_state = col(Action.state).in_(sorted(OPEN))
    return col(Action.owner_post_id) == col(Post.id), in_state, assigned, col(Action.programme_id).in_(programmes)
