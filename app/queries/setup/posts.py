"""Posts and who holds them, for those who set up and for whoever has to choose one."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import shared
from app.domain.errors import NotFound
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.models.people import Holding, Organisation, Person, Post
from app.queries.scope import locks
from app.queries.scope.seats import HOLDER
from app.queries.setup import ownership, rooms

PER_PAGE = rooms.PER_PAGE


@dataclass(frozen=True, slots=True)
class PostRow:
    """`holder` is None when nobody active holds it: what is assigned to it reaches the secretariat instead."""

    id: int
    slug: str
    titles: Titles
    is_manager: bool
    organisation: Titles
    holder: str | None


@dataclass(frozen=True, slots=True)
class HolderRow:
    person_id: int
    name: str
    is_active: bool
    since_on: dt.date
    until_on: dt.date | None
    note: str


_PRESENT = sa.and_(col(Holding.post_id) == col(Post.id), HOLDER)
_ROWS: Any = (
    sa.select(
        col(Post.id), col(Post.slug), col(Post.titles), col(Post.is_manager), col(Organisation.titles), col(Person.name)
    )
    .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
    .outerjoin(Holding, _PRESENT)
    .outerjoin(Person, sa.and_(col(Person.id) == col(Holding.person_id), col(Person.is_active)))
    .order_by(col(Post.slug))
)


def listed(
    session: Session, viewer: Viewer, after: tuple[str, int] | None = None, organisation_id: int | None = None
) -> list[PostRow]:
    """By slug, of one organisation or of all; one more than a page holds tells that there is another."""
    rooms.require(viewer)
    query = _ROWS.limit(PER_PAGE + 1)
    if after:
        query = query.where(col(Post.slug) > after[0])
    if organisation_id is not None:
        query = query.where(col(Post.organisation_id) == organisation_id)
    return [PostRow(*row) for row in session.execute(query).all()]


def get(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Post:
    rooms.require(viewer)
    query = sa.select(Post).where(col(Post.slug) == slug)
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def changeable(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Post:
    """Raises NotAllowed where it is not the viewer's to change."""
    found = get(session, viewer, slug, lock=lock)
    shared.require_change(viewer, ownership.on_post(session, found))
    return found


def seatable(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Post:
    """Raises NotAllowed where its holder is not the viewer's to change."""
    found = get(session, viewer, slug, lock=lock)
    shared.require_seat(viewer, ownership.on_seat(session, found))
    return found


def holders(session: Session, post_id: int, *, with_notes: bool) -> list[HolderRow]:
    """Who held it from when until when, the present one first; the notes for those who deal with the post."""
    query = (
        sa.select(
            col(Person.id),
            col(Person.name),
            col(Person.is_active),
            col(Holding.since_on),
            col(Holding.until_on),
            col(Holding.handover_note) if with_notes else sa.literal(""),
        )
        .join(Person, col(Person.id) == col(Holding.person_id))
        .where(col(Holding.post_id) == post_id, ~col(Holding.is_acting))
        .order_by(col(Holding.id).desc())
    )
    return [HolderRow(*row) for row in session.execute(query).all()]


def is_partners(session: Session, post_id: int) -> bool:
    """Whether the post is one of a firm or an association, which the secretariat speaks after by hand."""
    query = sa.select(col(Organisation.is_partner)).join(Post, col(Post.organisation_id) == col(Organisation.id))
    return bool(session.scalars(query.where(col(Post.id) == post_id)).one())


def managers_post(session: Session, own: Collection[int], organisation_ids: Collection[int]) -> int | None:
    """Of somebody's posts the one in whose name they manage one of these bodies."""
    mine = sa.select(col(Post.id)).where(col(Post.id).in_(own), col(Post.organisation_id).in_(organisation_ids))
    return session.scalars(mine.order_by(col(Post.is_manager).desc(), col(Post.id)).limit(1)).first()
