"""An outcome is said of what is implemented: it is taken back with the status, in the same transaction."""

from sqlmodel import Session

from app.domain.progress import Status
from app.models.recommendations import Recommendation
from app.services.kernel import audit


def follow(session: Session, recommendation: Recommendation) -> None:
    """The words stay at hand; to be public again they are named anew, by somebody who has read them."""
    if recommendation.outcome_at is not None and recommendation.status is not Status.IMPLEMENTED:
        recommendation.outcome_at = None
        programme_id, status = recommendation.programme_id, recommendation.status
        audit.record(
            session, audit.SERVICE, "outcome_lapsed", "recommendation", recommendation.id, programme_id, status=status
        )
