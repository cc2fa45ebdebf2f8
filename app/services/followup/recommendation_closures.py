"""Closing a recommendation with a word on each action that is open below it, and opening it again."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import Problems, Refused
from app.domain.messages import N_
from app.domain.progress import Closure
from app.domain.workflow import OPEN, REOPENED
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.queries.mailing import recipients
from app.queries.scope import locks
from app.services.followup import closures
from app.services.followup.transitions import require_secretariat
from app.services.kernel import outbox
from app.services.kernel.audit import Actor
from app.services.meetings import recommendations, takebacks


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


def take_back(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    *,
    reason: str,
    reopened: Collection[str] = (),
    version: int | None = None,
) -> None:
    """Undo the closure and, by reference, the endings of actions that came with it; whoever was told hears."""
    require_secretariat(actor, recommendation.programme_id)
    ended = _ended_with(session, recommendation)
    takebacks.closure(session, actor, recommendation, reason=reason, version=version)
    session.flush()
    for action in ended:
        if action.ref in reopened:
            closures.reopen(session, actor, action, reason=reason)
        else:
            _tell(session, actor, action, recommendation, reason)


def ended_refs(session: Session, recommendation: Recommendation) -> frozenset[str]:
    """The references of the actions that ended with it."""
    return frozenset(session.scalars(sa.select(col(Action.ref)).where(*_with_it(recommendation))))


def _ended_with(session: Session, recommendation: Recommendation) -> Sequence[Action]:
    ended = sa.select(Action).where(*_with_it(recommendation)).order_by(col(Action.id))
    return session.scalars(ended.with_for_update(**locks.ROW)).all()


def _with_it(recommendation: Recommendation) -> tuple[sa.ColumnElement[bool], ...]:
    """Nothing begins under a closed one: what ended since it was closed ended with it."""
    return (
        col(Action.recommendation_id) == recommendation.id,
        col(Action.state).in_(sorted(REOPENED)),
        col(Action.ended_at) >= (recommendation.closed_at or clock.now()),
    )


def _tell(session: Session, actor: Actor, action: Action, recommendation: Recommendation, reason: str) -> None:
    """Whoever heard that their action ended with it: it stays ended, the recommendation does not."""
    period = f"r{recommendation.id}v{recommendation.version}a{action.id}"
    for person_id in recipients.owing(session, action.id, action.owner_post_id):
        if person_id != actor.person_id:
            about = ("action", action.id)
            outbox.enqueue(session, "closure_taken_back", person_id, period, about=about, reason=reason)
