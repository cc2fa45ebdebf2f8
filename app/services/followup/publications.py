"""Publishing a meeting with all that is ready below it, in one act."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.services.followup import actions
from app.services.kernel.audit import Actor
from app.services.meetings import meetings, recommendations


def publish_all(session: Session, actor: Actor, meeting: Meeting) -> None:
    """The meeting, its recommendations and their assigned actions. Drafts stay in the house."""
    meetings.publish(session, actor, meeting)
    waiting = col(Recommendation.meeting_id) == meeting.id, col(Recommendation.published_at).is_(None)
    for item in session.scalars(sa.select(Recommendation).where(*waiting).order_by(col(Recommendation.id))):
        recommendations.publish(session, actor, item)
    unpublished = col(Action.published_at).is_(None), col(Action.state) != State.DRAFT
    ready = sa.select(Action).where(col(Action.meeting_id) == meeting.id, *unpublished)
    for action in session.scalars(ready.order_by(col(Action.recommendation_id), col(Action.id))):
        actions.publish(session, actor, action)
