"""The letter to the new holder of a post: what is open, with a key to each, and the note of who held it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.domain.workflow import OPEN, State
from app.mail.acting_letters import ActingHandover
from app.mail.letters import Handover, LetterSection
from app.mail.messages import ROWS
from app.models.actions import Action
from app.models.people import Holding, Person, PlannedSeat
from app.queries.mailing import recipients
from app.queries.mailing.letters import items, post_line
from app.services.mailing.letters.acts import NOT_HOLDER
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answerable
from app.services.mailing.letters.mornings import NOTHING_LEFT


def owed(case: Case) -> Sequence[Action]:
    """What the post owes, the nearest first, while the reader still holds it."""
    if not recipients.is_seated(case.session, case.envelope.about_id, case.envelope.person_id):
        raise NoLongerWanted(NOT_HOLDER)
    query = sa.select(Action).where(
        col(Action.owner_post_id) == case.envelope.about_id, col(Action.state).in_(OPEN - {State.DECLINED})
    )
    actions = case.session.scalars(query.order_by(col(Action.due_on), col(Action.id))).all()
    if not actions:
        raise NoLongerWanted(NOTHING_LEFT)
    return actions


def load(case: Case) -> Handover:
    actions, post_id = owed(case), case.envelope.about_id
    told = items(case.session, [action.id for action in actions[:ROWS]], case.lang, case.today)
    lines = tuple(answerable(case, told[action.id], action, post_id)[0] for action in actions[:ROWS])
    holding = case.session.get(Holding, case.envelope.number("holding_id"))
    plan = case.session.get(PlannedSeat, case.envelope.number("plan_id"))
    former = case.session.get(Person, case.envelope.number("former_person_id"))
    told_of: dict[str, Any] = {
        "to": replace(case.to, post=" · ".join(post_line(case.session, post_id, case.lang))),
        "today": case.today,
        "open": LetterSection(items=lines, total=len(actions)),
        "note": holding.handover_note if holding else "",
        "former": former.name if former else "",
    }
    return ActingHandover(**told_of, acting_until=plan.until_on) if plan and plan.until_on else Handover(**told_of)
