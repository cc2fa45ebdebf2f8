"""Recommendations as their viewers may see them: one, and those of a meeting."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import PUBLIC, Viewer
from app.models.recommendations import Recommendation
from app.queries import visible
from app.queries.actions import canonical


def get(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Recommendation:
    """The recommendation behind a reference, if the viewer may know of it."""
    query = sa.select(Recommendation).where(col(Recommendation.ref) == canonical(ref))
    condition = col(Recommendation.is_public) if viewer is PUBLIC else visible.recommendations(viewer)
    found = session.scalars((query.with_for_update() if lock else query).where(condition)).first()
    if found is None:
        raise NotFound
    return found
