"""A morning's mail to those who proposed a recommendation of which something has moved: one a day, whatever moved."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.workflow import Verb
from app.models.actions import Action
from app.models.proposers import Proposer
from app.services.kernel import outbox

KIND = "proposal_moved"
# Few: that somebody has it, that it is said to be done, and what became of a dispute. The rest is on the public page.
TOLD = frozenset({Verb.ASSIGN, Verb.VERIFY, Verb.NOT_UPHELD, Verb.REOPEN})
_MORNING = dt.timedelta(hours=8)


def tell(session: Session, action: Action) -> None:
    """Tomorrow's mail, or this morning's where it is still to come; only to those who agreed to be written to."""
    morning = next_morning(clock.now())
    agreed = sa.select(col(Proposer.id)).where(
        col(Proposer.recommendation_id) == action.recommendation_id,
        col(Proposer.removed_at).is_(None),
        col(Proposer.email).is_not(None),
        col(Proposer.agreed_on).is_not(None),
    )
    for proposer_id in session.scalars(agreed.order_by(col(Proposer.id))).all():
        period = f"{clock.day(morning, settings().zone)}"
        outbox.enqueue_to_proposer(session, KIND, proposer_id, period, about=("action", action.id), due_at=morning)


def next_morning(now: dt.datetime) -> dt.datetime:
    today = clock.start(clock.day(now, settings().zone), settings().zone) + _MORNING
    return today if now < today else morning_of(clock.day(now, settings().zone) + dt.timedelta(days=1))


def morning_of(day: dt.date) -> dt.datetime:
    return clock.start(day, settings().zone) + _MORNING
