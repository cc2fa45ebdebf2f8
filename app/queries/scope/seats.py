"""Who is seated at a post now: its holder, and whoever acts for the holder these days. Asked here and nowhere else.

Both may do what the post may. What the post is written to goes to whoever acts, and else to the holder.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.people import Holding, Person

SEATED = col(Holding.until_on).is_(None)
HOLDER = sa.and_(SEATED, ~col(Holding.is_acting))
ACTING = sa.and_(SEATED, col(Holding.is_acting))
ACTING_FIRST = col(Holding.is_acting).desc()


def seated(session: Session, post_id: int | None) -> list[int]:
    """The active people who may answer as the post, whoever is written to first."""
    query = (
        sa.select(col(Holding.person_id))
        .join(Person, col(Person.id) == col(Holding.person_id))
        .where(col(Holding.post_id) == post_id, SEATED, col(Person.is_active))
        .order_by(ACTING_FIRST)
    )
    return list(session.scalars(query))


def holder(session: Session, post_id: int) -> int | None:
    """Whose the post is, whoever acts for them and whether or not they may sign in."""
    return session.scalars(sa.select(col(Holding.person_id)).where(col(Holding.post_id) == post_id, HOLDER)).first()


_OTHER, _SUBSTITUTE = aliased(Holding), aliased(Person)
_SOMEBODY_ACTS = (
    sa.exists()
    .where(col(_OTHER.post_id) == col(Holding.post_id), col(_OTHER.until_on).is_(None), col(_OTHER.is_acting))
    .where(col(_SUBSTITUTE.id) == col(_OTHER.person_id), col(_SUBSTITUTE.is_active))
    .correlate(Holding)
)
# Of a holding with its person: whether it is to them that one writes as to the post; one of each post at most.
WRITTEN_TO = sa.and_(SEATED, col(Person.is_active), sa.or_(col(Holding.is_acting), ~_SOMEBODY_ACTS))
