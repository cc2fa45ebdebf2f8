"""An action serves other recommendations beside its home: their status rests on it too, and it is counted once."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import permissions
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.progress import ENDED
from app.domain.workflow import LIVE
from app.models.actions import Action, AlsoServes
from app.models.recommendations import Recommendation
from app.queries.scope import locks
from app.services.followup.transitions import require_secretariat
from app.services.kernel import audit, rollups
from app.services.kernel.audit import Actor
from app.services.meetings import recommendations

MOST = 20  # others that one action serves, and actions of others that serve one


def serve(session: Session, actor: Actor, action: Action, other: Recommendation | None) -> None:
    """It counts there from now on, as it stands; a recommendation that awaits its response is accepted by that."""
    require_secretariat(actor, action.programme_id)
    if other is None or other.id == action.recommendation_id:
        raise Refused(N_("Give the reference of the other recommendation"), "other")
    if not permissions.may(actor.viewer, other.programme_id, Role.SECRETARIAT):
        raise Refused(N_("It belongs to another programme: only who is secretariat of both may do this"), "other")
    _take(session, action, other)
    _require_room(session, action, other)
    session.add(AlsoServes(action_id=action.id, recommendation_id=other.id))
    action.serves_others = True
    session.flush()
    rollups.follow(session, [other])
    recommendations.accept_by_planning(session, actor, other)
    _record(session, actor, "also_serve", action, other)


def cease(session: Session, actor: Actor, action: Action, other: Recommendation, *, reason: str) -> None:
    """It counts at home alone again, or where else it serves."""
    require_secretariat(actor, action.programme_id)
    if not reason.strip():
        raise Refused(N_("Give the reason: it is kept in the private record"), "reason")
    _take(session, action, other)
    row = session.get(AlsoServes, (action.id, other.id), populate_existing=True)
    if row is None:
        raise Refused(N_("It does not serve this recommendation any more"))
    session.delete(row)
    session.flush()
    action.serves_others = _count(session, col(AlsoServes.action_id) == action.id) > 0
    session.flush()
    rollups.follow(session, [other])
    _record(session, actor, "cease_to_serve", action, other, reason=reason)


def _take(session: Session, action: Action, other: Recommendation) -> None:
    """Both recommendations in their order, then the action: it was only read before."""
    locks.pair(session, action.recommendation_id, other.id)
    session.refresh(other)
    locks.take(session, action)


def _require_room(session: Session, action: Action, other: Recommendation) -> None:
    recommendations.require_not_closed(other)
    if other.status in ENDED:
        raise Refused(N_("It was not accepted, referred or merged: nothing is planned below it"), "other")
    if action.state not in LIVE:
        raise Refused(N_("Only an action that was assigned, and was not ended, serves another recommendation"), "other")
    if session.get(AlsoServes, (action.id, other.id), populate_existing=True):
        raise Refused(N_("It serves this recommendation already"), "other")
    served = _count(session, col(AlsoServes.action_id) == action.id)
    serving = _count(session, col(AlsoServes.recommendation_id) == other.id)
    if max(served, serving) >= MOST:
        raise Refused(N_("At most %(most)s are shared: plan an action of its own"), "other", most=MOST)


def _count(session: Session, which: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(AlsoServes).where(which)) or 0


def _record(
    session: Session, actor: Actor, verb: str, action: Action, other: Recommendation, reason: str | None = None
) -> None:
    """In the history of both."""
    audit.record(session, actor, verb, "action", action.id, action.programme_id, other=other.ref, reason=reason)
    subject = "recommendation", other.id, other.programme_id
    audit.record(session, actor, f"{verb}_here", *subject, action=action.ref, reason=reason)
