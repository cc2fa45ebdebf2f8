"""Letters to the holder of a supporting post: asked for a part, given another date for it, let go."""

import datetime as dt
from dataclasses import replace

from app.domain.texts import pick
from app.domain.workflow import OPEN, State
from app.mail import letters
from app.mail.part_letters import PartAsked
from app.models.actions import Action, ActionSupport
from app.models.updates import Update
from app.queries.mailing import recipients
from app.queries.mailing.letters import item, post_line
from app.services.followup import parts
from app.services.kernel import update_links
from app.services.mailing.letters.acts import CLOSED, NOT_HOLDER, any_state
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import part_answers


def supported(case: Case) -> tuple[Action, ActionSupport]:
    """The part, while the action is under way and the reader holds the post that has it."""
    action, post_id = any_state(case), case.envelope.number("post_id")
    if action.state not in OPEN or action.state is State.DECLINED:
        raise NoLongerWanted(CLOSED)
    found = next((one for one in parts.of(case.session, action.id) if one.post_id == post_id), None)
    if found is None or recipients.holder(case.session, post_id) != case.envelope.person_id:
        raise NoLongerWanted(NOT_HOLDER)
    return action, found


def load(case: Case) -> PartAsked:
    action, part = supported(case)
    answers = part_answers(case, action, part.post_id or 0, update_links.LONGEST)
    told = item(case.session, action.id, case.lang, case.today)
    update = case.session.get(Update, case.envelope.number("update_id"))
    return PartAsked(
        to=replace(case.to, post=" · ".join(post_line(case.session, part.post_id or 0, case.lang))),
        today=case.today,
        item=replace(told, due_on=part.due_on or action.due_on, answers=answers),
        part=pick(part.titles, case.lang)[0] if part.titles else "",
        acknowledge=f"{answers.news.removesuffix('report')}acknowledge",
        before=_before(case),
        reason=update.public_summary if update else "",
    )


def ended(case: Case) -> letters.Moved:
    action, former = any_state(case), case.envelope.number("former_post_id")
    to = replace(case.to, post=" · ".join(post_line(case.session, former, case.lang)) if former else "")
    return letters.Moved(to=to, today=case.today, item=item(case.session, action.id, case.lang, case.today))


def _before(case: Case) -> dt.date | None:
    text = case.envelope.words("from_on")
    return dt.date.fromisoformat(text) if text else None
