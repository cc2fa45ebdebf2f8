"""The same recommendation at several meetings, linked: each keeps its own actions, either leads to the other."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import permissions
from app.domain.errors import Refused
from app.domain.messages import N_
from app.models.recommendations import Recommendation, RecommendationLink
from app.queries.scope import locks
from app.services.kernel import audit
from app.services.kernel.audit import Actor

MOST = 20


def link(session: Session, actor: Actor, recommendation: Recommendation, other: Recommendation | None) -> None:
    """For the secretariat of both, across meetings."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    if other is None or other.id == recommendation.id:
        raise Refused(N_("Give the reference of the other recommendation"), "other")
    if not permissions.may(actor.viewer, other.programme_id, permissions.Role.SECRETARIAT):
        raise Refused(N_("It belongs to another programme: only who is secretariat of both may do this"), "other")
    if other.meeting_id == recommendation.meeting_id:
        raise Refused(N_("Both come from one meeting: merge one into the other by its response"), "other")
    locks.pair(session, recommendation.id, other.id)
    if session.get(RecommendationLink, _key(recommendation, other)):
        raise Refused(N_("They are linked already"), "other")
    if max(_count(session, recommendation), _count(session, other)) >= MOST:
        raise Refused(N_("At most %(most)s recommendations are linked to one"), "other", most=MOST)
    first_id, second_id = _key(recommendation, other)
    session.add(RecommendationLink(first_id=first_id, second_id=second_id))
    session.flush()
    _record(session, actor, "link", recommendation, other)


def unlink(session: Session, actor: Actor, recommendation: Recommendation, other: Recommendation) -> None:
    """From either side, by its secretariat."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    locks.pair(session, recommendation.id, other.id)
    found = session.get(RecommendationLink, _key(recommendation, other), populate_existing=True)
    if found is None:
        raise Refused(N_("They are not linked any more"))
    session.delete(found)
    session.flush()
    _record(session, actor, "unlink", recommendation, other)


def _key(one: Recommendation, other: Recommendation) -> tuple[int, int]:
    return min(one.id, other.id), max(one.id, other.id)


def _count(session: Session, item: Recommendation) -> int:
    ends = col(RecommendationLink.first_id), col(RecommendationLink.second_id)
    return session.scalar(sa.select(sa.func.count()).where(sa.or_(*(end == item.id for end in ends)))) or 0


def _record(session: Session, actor: Actor, verb: str, one: Recommendation, other: Recommendation) -> None:
    """In the history of both."""
    for item, beside in ((one, other), (other, one)):
        audit.record(session, actor, verb, "recommendation", item.id, item.programme_id, other=beside.ref)
