"""Letters to whoever owes an action or a part of it, when what they owe has changed: back, moved, or over."""

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from app.domain.workflow import ENDS, OPEN, Verb
from app.mail import letters
from app.mail.letters import Item, Reader
from app.models.actions import Action, ActionSupport
from app.models.people import Holding
from app.models.updates import Update
from app.queries.mailing.letters import item, post_line
from app.queries.scope.seats import SEATED
from app.services.mailing.letters.acts import CLOSED, MOVED_ON, NOT_CONCERNED, any_state
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answerable


def reopened(case: Case) -> letters.Reopened:
    action, post_id = owed_again(case)
    told, _, _ = answerable(case, _item(case, action), action, post_id)
    act = _act(case)
    return letters.Reopened(
        to=holder_of(case, post_id), today=case.today, item=told, reason=act.note or act.public_summary
    )


def moved(case: Case) -> letters.DeadlineMoved:
    action, post_id = still_due(case)
    told, _, _ = answerable(case, _item(case, action), action, post_id)
    act, before = _act(case), case.envelope.words("from_on")
    return letters.DeadlineMoved(
        to=holder_of(case, post_id),
        today=case.today,
        item=told,
        before=dt.date.fromisoformat(before) if before else None,
        reason=act.public_summary or act.note,
        is_correction=act.verb is Verb.CORRECT_DEADLINE,
    )


def ended(case: Case) -> letters.Ended:
    action, post_id = still_ended(case)
    return letters.Ended(
        to=holder_of(case, post_id),
        today=case.today,
        item=_item(case, action),
        reason=_act(case).public_summary,
        successor=case.envelope.words("successor"),
    )


def owed_again(case: Case) -> tuple[Action, int]:
    """The action, while it is under way again, and the reader's post that owes it."""
    action = any_state(case)
    if action.state not in OPEN:
        raise NoLongerWanted(CLOSED)
    return action, post_of(case, action)


def still_due(case: Case) -> tuple[Action, int]:
    """While the date that is told is the present one: a later move has a letter of its own."""
    action = any_state(case)
    if action.state not in OPEN:
        raise NoLongerWanted(CLOSED)
    if not action.due_on or action.due_on.isoformat() != case.envelope.words("to_on"):
        raise NoLongerWanted(MOVED_ON)
    return action, post_of(case, action)


def still_ended(case: Case) -> tuple[Action, int]:
    action = any_state(case)
    if action.state is not ENDS.get(_act(case).verb):
        raise NoLongerWanted(MOVED_ON)
    return action, post_of(case, action)


def post_of(case: Case, action: Action) -> int:
    """The reader's post that owns the action, else the one that supports it."""
    supporting = sa.select(col(ActionSupport.post_id)).where(col(ActionSupport.action_id) == action.id)
    mine = sa.select(col(Holding.post_id)).where(
        col(Holding.person_id) == case.envelope.person_id,
        SEATED,
        sa.or_(col(Holding.post_id) == action.owner_post_id, col(Holding.post_id).in_(supporting)),
    )
    found = sorted(case.session.scalars(mine), key=lambda post_id: (post_id != action.owner_post_id, post_id))
    if not found:
        raise NoLongerWanted(NOT_CONCERNED)
    return found[0]


def _act(case: Case) -> Update:
    return case.session.get_one(Update, case.envelope.number("update_id"))


def _item(case: Case, action: Action) -> Item:
    return item(case.session, action.id, case.lang, case.today)


def holder_of(case: Case, post_id: int) -> Reader:
    """Told because of this post, whatever others they hold."""
    return replace(case.to, post=" · ".join(post_line(case.session, post_id, case.lang)))
