"""The update link that a mail to a holder carries, and how long it lives."""

import datetime as dt
from dataclasses import replace
from functools import lru_cache

from app.domain import ladder
from app.domain.calendar import DaysOff
from app.domain.ladder import Audience, Subject
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
    life = _life(case, action)
    token, row = update_links.drawn(case.envelope.person_id, post_id, action.id or 0, Purpose.REPORT, case.now + life)
    case.keys.append(row)
    address = update_address(case.lang, token, "")
    answers = Answers(on_track=f"{address}on_track", blocked=f"{address}blocked", done=f"{address}done")
    return replace(item, answers=answers), f"{address}acknowledge", f"{address}decline"


def _life(case: Case, action: Action | Told) -> dt.timedelta:
    return _until_next(subjects.held(action), case.today, case.table.days_off)


@lru_cache(maxsize=4096)
def _until_next(subject: Subject, today: dt.date, off: DaysOff) -> dt.timedelta:
    """Until the next step of the ladder and fourteen days more, at most forty-five. A meeting's actions share dates."""
    steps = ladder.plan(subject, today=today, off=off, horizon=_HORIZON, since=today)
    coming = [step.on for step in steps if step.audience is Audience.HOLDER and step.on > today]
    until = min(coming, default=today + update_links.LONGEST) - today + update_links.AFTER_STEP
    return min(until, update_links.LONGEST)
