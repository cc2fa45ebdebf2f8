"""What is planned for posts and who acts for their holders: on the post's page, and on the holder's own profile."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.models.people import Holding, Person, PlannedSeat, Post
from app.queries.scope import locks
from app.queries.scope.seats import HOLDER, SEATED
from app.queries.setup import posts

_LIVING = col(PlannedSeat.ended_at).is_(None)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """`name` is None where the post will be left empty."""

    id: int
    post: Titles
    name: str | None
    is_acting: bool
    is_begun: bool
    from_on: dt.date
    until_on: dt.date | None
    note: str


@dataclass(frozen=True, slots=True)
class OwnPost:
    id: int
    slug: str
    titles: Titles


_ROWS: Any = (
    sa.select(
        col(PlannedSeat.id),
        col(Post.titles),
        col(Person.name),
        col(PlannedSeat.is_acting),
        col(PlannedSeat.begun_at).is_not(None),
        col(PlannedSeat.from_on),
        col(PlannedSeat.until_on),
        col(PlannedSeat.note),
    )
    .join(Post, col(Post.id) == col(PlannedSeat.post_id))
    .outerjoin(Person, col(Person.id) == col(PlannedSeat.person_id))
    .where(_LIVING)
    .order_by(col(PlannedSeat.from_on), col(PlannedSeat.id))
)


def of_post(session: Session, post_id: int) -> list[PlannedRow]:
    return [PlannedRow(*row) for row in session.execute(_ROWS.where(col(PlannedSeat.post_id) == post_id))]


def on_own_posts(session: Session, viewer: Viewer) -> list[PlannedRow]:
    """Who acts or will act for the viewer."""
    return [PlannedRow(*row) for row in session.execute(_ROWS.where(_of_own(viewer), col(PlannedSeat.is_acting)))]


def own_posts(session: Session, viewer: Viewer) -> list[OwnPost]:
    """Those that the viewer holds; not those in which they act for somebody."""
    held = sa.select(col(Post.id), col(Post.slug), col(Post.titles)).join(Holding, col(Holding.post_id) == col(Post.id))
    mine = held.where(HOLDER, col(Holding.person_id) == viewer.person_id).order_by(col(Post.slug))
    return [OwnPost(*row) for row in session.execute(mine)]


def own_post(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Post:
    """Raises NotFound where the viewer does not hold it."""
    mine = sa.select(col(Holding.post_id)).where(HOLDER, col(Holding.person_id) == viewer.person_id)
    query = sa.select(Post).where(col(Post.slug) == slug, col(Post.id).in_(mine))
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def colleagues(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Who holds a post of the viewer's own organisations, by name."""
    mine = (
        sa.select(col(Post.organisation_id))
        .join(Holding, col(Holding.post_id) == col(Post.id))
        .where(HOLDER, col(Holding.person_id) == viewer.person_id)
    )
    query = (
        sa.select(col(Person.id), col(Person.name))
        .join(Holding, col(Holding.person_id) == col(Person.id))
        .join(Post, col(Post.id) == col(Holding.post_id))
        .where(SEATED, col(Post.organisation_id).in_(mine), col(Person.is_active), col(Person.id) != viewer.person_id)
        .order_by(col(Person.name), col(Person.id))
        .distinct()
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def of_own(session: Session, viewer: Viewer, plan_id: int, *, lock: bool = False) -> PlannedSeat:
    return _one(session, sa.and_(col(PlannedSeat.id) == plan_id, _of_own(viewer), col(PlannedSeat.is_acting)), lock)


def seatable(session: Session, viewer: Viewer, slug: str, plan_id: int, *, lock: bool = False) -> PlannedSeat:
    """Raises NotAllowed where the post's holder is not the viewer's to change."""
    post = posts.seatable(session, viewer, slug, lock=lock)
    return _one(session, sa.and_(col(PlannedSeat.id) == plan_id, col(PlannedSeat.post_id) == post.id), lock)


def _of_own(viewer: Viewer) -> sa.ColumnElement[bool]:
    mine = sa.select(col(Holding.post_id)).where(HOLDER, col(Holding.person_id) == viewer.person_id)
    return col(PlannedSeat.post_id).in_(mine)


def _one(session: Session, which: sa.ColumnElement[bool], lock: bool) -> PlannedSeat:
    query = sa.select(PlannedSeat).where(which)
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found
