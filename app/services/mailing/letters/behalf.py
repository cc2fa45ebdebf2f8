"""The letter to whoever holds a post in whose name something was recorded."""

from dataclasses import replace

from app.domain import on_behalf, verbs
from app.mail.recorded import RecordedLetter
from app.models.actions import Action
from app.models.updates import Update
from app.queries.mailing import recipients
from app.queries.mailing.letters import item, post_line
from app.services.mailing.letters.acts import MOVED_ON, NOT_HOLDER, any_state
from app.services.mailing.letters.case import Case, NoLongerWanted


def recorded(case: Case) -> RecordedLetter:
    action, update = still_theirs(case)
    return RecordedLetter(
        to=replace(case.to, post=" · ".join(post_line(case.session, update.post_id or 0, case.lang))),
        today=case.today,
        item=item(case.session, action.id, case.lang, case.today),
        came=on_behalf.told(update.came_by, update.came_on),
        said=verbs.name_of(update.verb, update.came_on or case.today, action.due_on),
        note=update.note or update.public_summary,
    )


def still_theirs(case: Case) -> tuple[Action, Update]:
    """Whatever became of the action, its holder hears what was said for them; whoever left the post does not."""
    action, update = any_state(case), case.session.get(Update, case.envelope.number("update_id"))
    if update is None:
        raise NoLongerWanted(MOVED_ON)
    if recipients.holder(case.session, update.post_id) != case.envelope.person_id:
        raise NoLongerWanted(NOT_HOLDER)
    return action, update
