"""Closing a recommendation with a word on each action that is open below it, and opening it again."""

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import Problems, Refused
from app.domain.messages import N_
from app.domain.progress import Closure
from app.domain.workflow import OPEN
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.queries.scope import locks
from app.services.followup import closures
from app.services.followup.transitions import require_secretariat
from app.services.kernel.audit import Actor
from app.services.meetings import recommendations


class Fate(StrEnum):
    """What becomes of an action when its recommendation is closed."""

    CANCELLED = "cancelled"
    NOT_APPLICABLE = "not_applicable"


def close(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    closure: Closure,
    *,
    reason: str,
    fates: Mapping[str, Fate] | None = None,
) -> None:
    """End it and, by reference, every open action of it, for the same public reason; their holders hear.

    Refused while an open action has no fate: it would be chased for good, for nothing.
    """
    require_secretariat(actor, recommendation.programme_id)
    owed = (
        sa.select(Action)
        .where(col(Action.recommendation_id) == recommendation.id, col(Action.state).in_(OPEN))
        .order_by(col(Action.id))
    )
    actions, given = session.scalars(owed.with_for_update(**locks.ROW)).all(), fates or {}
    if lost := [action.ref for action in actions if action.ref not in given]:
        text = N_("Say what becomes of %(ref)s: it is still open")
        raise Problems([Refused(text, f"fates.{ref}", ref=ref) for ref in lost])
    recommendations.close(session, actor, recommendation, closure, reason=reason)
    for action in actions:
        end = closures.cancel if given[action.ref] is Fate.CANCELLED else closures.not_applicable
        end(session, actor, action, reason=reason)
