"""What is taken back of a recommendation, its response or its closure: with a reason, public where it was public."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import permissions, texts
from app.domain.errors import Refused, TooLate
from app.domain.messages import N_
from app.domain.progress import Response
from app.domain.takebacks import Withdrawn
from app.domain.workflow import LIVE
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.models.takebacks import TakenBack
from app.services.kernel import audit, rollups
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.meetings.recommendations import require_not_closed

_UNDER_WAY = N_("Actions stand under it: an accepted recommendation can't await its response again. End them first.")
_IT_IS_PUBLIC = N_("Give the reason: it is public")


def response(
    session: Session, actor: Actor, recommendation: Recommendation, *, reason: str, version: int | None = None
) -> None:
    """It awaits its response again; refused while actions stand under it, which its acceptance made."""
    _require(actor, recommendation, version)
    require_not_closed(recommendation)
    if recommendation.response is Response.PENDING:
        raise TooLate(N_("There is no response any more: it was taken back already"))
    below = col(Action.recommendation_id) == recommendation.id, col(Action.state).in_(sorted(LIVE))
    if session.scalars(sa.select(col(Action.id)).where(*below).limit(1)).first() is not None:
        raise TooLate(_UNDER_WAY)
    _require_reason(reason)
    was, given_at = recommendation.response, recommendation.responded_at
    with rollups.kept(session, recommendation):
        recommendation.response, recommendation.response_reason = Response.PENDING, ""
        recommendation.response_by_id = recommendation.responded_at = recommendation.merged_into_id = None
        recommendation.referred_to = ""
        recommendation.version += 1
    _keep(session, actor, recommendation, (Withdrawn.RESPONSE, was, given_at), reason)
    _record(session, actor, "take_back_response", recommendation, was=was, reason=reason)


def closure(
    session: Session, actor: Actor, recommendation: Recommendation, *, reason: str, version: int | None = None
) -> None:
    """It is open again; what ended with it stays as it ended until each action is reopened itself."""
    _require(actor, recommendation, version)
    was, given_at = recommendation.closure, recommendation.closed_at
    if was is None:
        raise TooLate(N_("The recommendation is not closed"))
    _require_reason(reason)
    with rollups.kept(session, recommendation):
        recommendation.closure, recommendation.closure_reason, recommendation.closed_at = None, "", None
        recommendation.version += 1
    _keep(session, actor, recommendation, (Withdrawn.CLOSURE, was, given_at), reason)
    _record(session, actor, "reopen", recommendation, was=was, reason=reason)


def _require(actor: Actor, recommendation: Recommendation, version: int | None) -> None:
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    expect(recommendation, version, ("response", "response_reason", "closure", "closure_reason"))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_IT_IS_PUBLIC, "reason")


def _keep(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    taken: tuple[Withdrawn, str, dt.datetime | None],
    reason: str,
) -> None:
    """For the public page, where what is taken back stood there too."""
    what, was, given_at = taken
    session.add(
        TakenBack(
            recommendation_id=recommendation.id,
            what=what,
            was=was,
            given_on=clock.day(given_at, settings().zone) if given_at else None,
            reason=texts.many_lines(reason),
            was_public=recommendation.is_public,
            at=clock.now(),
            person_id=actor.person_id,
        )
    )


def _record(session: Session, actor: Actor, verb: str, item: Recommendation, **data: object) -> None:
    audit.record(session, actor, verb, "recommendation", item.id, item.programme_id, **data)
