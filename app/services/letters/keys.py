"""The update link that a mail to a holder carries, and how long it lives."""

import datetime as dt
from dataclasses import replace

from app.domain import ladder
from app.domain.ladder import Audience
from app.mail.letters import Answers, Item
from app.models.actions import Action
from app.models.notifications import Purpose
from app.queries import subjects
from app.queries.letters import Told, update_address
from app.services import update_links
from app.services.letters.case import Case

_HORIZON = 45


def answerable(case: Case, item: Item, action: Action | Told, post_id: int) -> tuple[Item, str, str]:
    """The item with its three answers, and the addresses that confirm receipt and decline: one key for them all."""
    life = case.table.once(("life", action.id, case.today), lambda: _life(case, action))
    token, row = update_links.drawn(case.envelope.person_id, post_id, action.id or 0, Purpose.REPORT, case.now + life)
    case.keys.append(row)
    three = [update_address(case.lang, token, way) for way in ("on_track", "blocked", "done")]
    answers = Answers(on_track=three[0], blocked=three[1], done=three[2])
    receipt, refusal = (update_address(case.lang, token, way) for way in ("acknowledge", "decline"))
    return replace(item, answers=answers), receipt, refusal


def _life(case: Case, action: Action | Told) -> dt.timedelta:
    """Until the next step of the ladder and fourteen days more, at most forty-five."""
    today, off = case.today, case.table.days_off
    steps = ladder.plan(subjects.held(action), today=today, off=off, horizon=_HORIZON)
    coming = [step.on for step in steps if step.audience is Audience.HOLDER and step.on > today]
    until = min(coming, default=today + update_links.LONGEST) - today + update_links.AFTER_STEP
    return min(until, update_links.LONGEST)
