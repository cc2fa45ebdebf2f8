"""Milestones of an action: planned by the secretariat or the owner, ticked when reached."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import permissions
from app.domain.texts import Titles
from app.models.actions import Action, Milestone
from app.queries.followup.actions import facts
from app.services.followup.transitions import record
from app.services.kernel.audit import Actor
from app.services.setup.programmes import named


def add(
    session: Session,
    actor: Actor,
    action: Action,
    *,
    titles: Titles,
    due_on: dt.date | None = None,
    done_on: dt.date | None = None,
) -> Milestone:
    _require(session, actor, action)
    milestone = Milestone(action_id=action.id, titles=named(titles), due_on=due_on, done_on=done_on)
    session.add(milestone)
    session.flush()
    record(session, actor, "add_milestone", action, milestone_id=milestone.id, due_on=due_on)
    return milestone


def reach(session: Session, actor: Actor, action: Action, milestone: Milestone) -> None:
    """Tick it off, today; a second tick changes nothing."""
    _require(session, actor, action)
    if milestone.done_on is None:
        milestone.done_on = clock.today(settings().zone)
        milestone.version += 1
        record(session, actor, "reach_milestone", action, milestone_id=milestone.id)


def _require(session: Session, actor: Actor, action: Action) -> None:
    permissions.require_hand(actor.viewer, facts(session, action))
