"""A morning's mail to those who proposed a recommendation of which something has moved: one a day, whatever moved."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.calendar import next_working, previous_working
from app.domain.workflow import Verb
from app.models.actions import Action
from app.models.proposers import Proposer
from app.queries.scope import calendar
from app.services.kernel import outbox

KIND = "proposal_moved"
# Few: that somebody has it, that it is said to be done, and what became of a dispute. The rest is on the public page.
TOLD = frozenset({Verb.ASSIGN, Verb.VERIFY, Verb.NOT_UPHELD, Verb.REOPEN})
_MORNING = dt.timedelta(hours=8)


def tell(session: Session, action: Action) -> None:
    """The next working morning's mail, this one's where it is still to come; only to who agreed to be written to."""
    agreed = sa.select(col(Proposer.id)).where(
        col(Proposer.recommendation_id) == action.recommendation_id,
        col(Proposer.removed_at).is_(None),
        col(Proposer.email).is_not(None),
        col(Proposer.agreed_on).is_not(None),
    )
    proposer_ids = session.scalars(agreed.order_by(col(Proposer.id))).all()
    if not proposer_ids:
        return
    morning = next_morning(session, clock.now())
    period = f"{clock.day(morning, settings().zone)}"
    for proposer_id in proposer_ids:
        outbox.enqueue_to_proposer(session, KIND, proposer_id, period, about=("action", action.id), due_at=morning)


def next_morning(session: Session, now: dt.datetime) -> dt.datetime:
    day = clock.day(now, settings().zone)
    day += dt.timedelta(days=now >= _morning_of(day))
    return _morning_of(next_working(day, calendar.around(session, day)))


def told_of(session: Session, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From when to when what moved is told by the mail of that morning: the days off before it are its own."""
    before = previous_working(day - dt.timedelta(days=1), calendar.around(session, day))
    return _morning_of(before), _morning_of(day)


def _morning_of(day: dt.date) -> dt.datetime:
    return clock.start(day, settings().zone) + _MORNING
