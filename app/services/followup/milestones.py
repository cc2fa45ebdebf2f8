"""Milestones of an action: planned by the secretariat or the owner, ticked when reached, answered for by themselves."""

import datetime as dt
from dataclasses import replace

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import permissions
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import Titles
from app.domain.workflow import MilestoneWord, Verb
from app.models.actions import Action, Milestone
from app.models.updates import Update
from app.queries.followup.actions import facts
from app.services.followup.transitions import Words, carry_out, record
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


def reach(session: Session, actor: Actor, action: Action, milestone: Milestone, done_on: dt.date | None = None) -> None:
    """Tick it off, today unless another day is named; a second tick changes nothing."""
    _require(session, actor, action)
    if milestone.done_on is None:
        milestone.done_on = done_on or clock.today(settings().zone)
        milestone.version += 1
        record(session, actor, "reach_milestone", action, milestone_id=milestone.id)


def answer(
    session: Session, actor: Actor, action: Action, milestone: Milestone, words: Words, done_on: dt.date | None = None
) -> Update:
    """What its holder says of one milestone: progress of the action, which by itself is neither done nor blocked."""

    def check() -> None:
        if milestone.done_on is not None:
            raise Refused(
                N_("This milestone was reached on %(day)s: nothing more is asked of you."), day=milestone.done_on
            )
        _require_sense(words, done_on)

    told = replace(words, milestone_id=milestone.id)
    data = {"milestone_id": milestone.id, "of_milestone": words.of_milestone}
    update = carry_out(session, actor, action, Verb.REPORT, words=told, check=check, data=data)
    if words.of_milestone is MilestoneWord.REACHED:
        reach(session, actor, action, milestone, done_on)
    return update


def _require_sense(words: Words, done_on: dt.date | None) -> None:
    if words.of_milestone is None:
        raise Refused(N_("Choose one answer: reached, on track or blocked"), "s")
    if words.of_milestone is MilestoneWord.BLOCKED and not words.note.strip():
        raise Refused(N_("Say what stands in the way"), "note")
    if done_on is not None and done_on > clock.today(settings().zone):
        raise Refused(N_("This day has not come yet: give the day on which it was reached"), "done_on")


def _require(session: Session, actor: Actor, action: Action) -> None:
    permissions.require_hand(actor.viewer, facts(session, action))
