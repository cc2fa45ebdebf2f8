"""A fresh key, because somebody holding an old one asked for it: to the same action, part or milestone."""

import datetime as dt
from dataclasses import replace

from sqlmodel import col, select

from app.domain.workflow import State
from app.mail import letters
from app.mail.letters import Item
from app.models.actions import Action, Milestone
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.queries.mailing.letters import item_of, milestone_of, post_line
from app.services.kernel import update_links
from app.services.kernel.update_links import Bound
from app.services.mailing.letters.acts import MOVED_ON, NOT_HOLDER, open_action
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answers, milestone_answers, part_answers

_LIFE: dt.timedelta = update_links.AFTER_STEP


def still_asked(case: Case) -> Action:
    action = open_action(case)
    if action.state in {State.DECLINED, State.SUBMITTED}:
        raise NoLongerWanted(MOVED_ON)
    post_id, about = _post(case, action), facts(case.session, action)
    if post_id not in {about.owner_post_id, *about.supporting_post_ids}:
        raise NoLongerWanted(NOT_HOLDER)
    if not recipients.is_seated(case.session, post_id, case.envelope.person_id):
        raise NoLongerWanted(NOT_HOLDER)
    return action


def load(case: Case) -> letters.Several:
    action = still_asked(case)
    post = " · ".join(post_line(case.session, _post(case, action), case.lang))
    return letters.Several(to=replace(case.to, post=post), today=case.today, items=(_item(case, action),))


def _post(case: Case, action: Action) -> int:
    return case.envelope.number("post_id") or action.owner_post_id or 0


def _item(case: Case, action: Action) -> Item:
    row, post_id = case.table.told([action.id])[action.id], _post(case, action)
    milestone = _milestone(case, action)
    if milestone is not None:
        bound = Bound(case.envelope.person_id, post_id, action.id, milestone.id)
        return milestone_of(row, milestone, case.lang, case.today, answers=milestone_answers(case, bound, _LIFE))
    if post_id != action.owner_post_id:
        return item_of(row, case.lang, case.today, answers=part_answers(case, row, post_id, _LIFE))
    return item_of(row, case.lang, case.today, answers=answers(case, row, post_id))


def _milestone(case: Case, action: Action) -> Milestone | None:
    """None where the key was to the whole action; what was reached since is asked about no more."""
    asked = case.envelope.number("milestone_id")
    found = case.session.scalars(
        select(Milestone).where(col(Milestone.id) == asked, col(Milestone.action_id) == action.id)
    ).first()
    if found is not None and found.done_on is not None:
        raise NoLongerWanted(MOVED_ON)
    return found
