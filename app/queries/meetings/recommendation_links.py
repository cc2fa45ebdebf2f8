"""The same recommendation at other meetings, as far as the viewer may know of it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import Role, Viewer, may
from app.domain.texts import Titles
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, RecommendationLink
from app.queries.meetings import recommendations
from app.queries.scope import visible


@dataclass(frozen=True, slots=True)
class LinkedLine:
    ref: str
    titles: Titles
    meeting: Titles
    held_on: dt.date
    is_public: bool


def of(session: Session, viewer: Viewer, recommendation_id: int) -> list[LinkedLine]:
    """By the day of their meetings."""
    ends = col(RecommendationLink.first_id), col(RecommendationLink.second_id)
    beside = sa.union_all(*(sa.select(far).where(near == recommendation_id) for near, far in (ends, ends[::-1])))
    query = (
        sa.select(
            *(col(getattr(Recommendation, name)) for name in ("ref", "titles")),
            *(col(getattr(Meeting, name)) for name in ("titles", "held_on")),
            col(Recommendation.is_public),
        )
        .join(Meeting, col(Meeting.id) == col(Recommendation.meeting_id))
        .where(col(Recommendation.id).in_(beside), visible.recommendations(viewer))
        .order_by(col(Meeting.held_on), col(Recommendation.id))
    )
    return [LinkedLine(*row) for row in session.execute(query)]


def own(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Recommendation:
    """For its secretariat. Whoever links two locks both in their order."""
    del lock
    item = recommendations.get(session, viewer, ref)
    if not may(viewer, item.programme_id, Role.SECRETARIAT):
        raise NotFound
    return item


def other(session: Session, viewer: Viewer, ref: str) -> Recommendation | None:
    """Another that somebody named, if the viewer may know of it; the service says what is missing."""
    try:
        return recommendations.get(session, viewer, ref) if ref else None
    except NotFound:
        return None
