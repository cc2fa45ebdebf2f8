"""Programmes and meetings as their viewers may see them."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import PUBLIC, Viewer
from app.models.meetings import Meeting, Programme, SlugAlias
from app.queries import visible


def get(session: Session, viewer: Viewer, slug: str) -> Meeting:
    """The meeting at an address, if the viewer may know of it."""
    condition = col(Meeting.is_public) if viewer is PUBLIC else visible.meetings(viewer)
    found = session.scalars(sa.select(Meeting).where(col(Meeting.slug) == slug, condition)).first()
    if found is None:
        raise NotFound
    return found


def get_programme(session: Session, viewer: Viewer, slug: str) -> Programme:
    found = session.scalars(sa.select(Programme).where(col(Programme.slug) == slug, visible.programmes(viewer))).first()
    if found is None:
        raise NotFound
    return found


def moved(session: Session, kind: str, slug: str) -> int | None:
    """What a former slug leads to."""
    query = sa.select(col(SlugAlias.target_id)).where(col(SlugAlias.kind) == kind, col(SlugAlias.slug) == slug)
    return session.scalars(query).first()
