"""The update link that a mail to a holder carries, and how long it lives."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from app.domain import ladder
from app.domain.calendar import DaysOff
from app.domain.ladder import Audience
from app.domain.workflow import State
from app.mail.letters import Answers, Item
from app.models.actions import Action
from app.models.notifications import Purpose
from app.queries.mailing import ladder_candidates
from app.queries.mailing.letters import Told, update_address
from app.services.kernel import update_links
from app.services.mailing.letters.case import Case

_HORIZON = 45


def answerable(case: Case, item: Item, action: Action | Told, post_id: int) -> tuple[Item, str, str]:
    """The item with its three answers, and the addresses that confirm receipt and decline: one key for them all."""
    address = _key(case, action, post_id)
    return replace(item, answers=_answers(address)), f"{address}acknowledge", f"{address}decline"


def answers(case: Case, action: Action | Told, post_id: int) -> Answers:
    """The three answers of a line in a list."""
    return _answers(_key(case, action, post_id))


def _key(case: Case, action: Action | Told, post_id: int) -> str:
    """The address of a new key, which lacks what is chosen there."""
    life = _life(case, action)
    who, secret = case.envelope.person_id, next(case.table.secrets)
    token, row = update_links.drawn(secret, who, post_id, action.id, Purpose.REPORT, case.now + life)
    case.keys.append(row)
    return update_address(case.lang, token, "")


def _answers(address: str) -> Answers:
    return Answers(on_track=f"{address}on_track", blocked=f"{address}blocked", done=f"{address}done")


class _Held(NamedTuple):
    """What the ladder asks of an action whose post has a holder."""

    state: State
    assigned_at: dt.datetime | None
    due_on: dt.date | None
    deadline_version: int
    deadline_set_at: dt.datetime | None
    blocked_at: dt.datetime | None
    submitted_at: dt.datetime | None
    is_priority: bool


_held: Callable[[Any], tuple[Any, ...]] = attrgetter(*_Held._fields)


def _life(case: Case, action: Action | Told) -> dt.timedelta:
    return _until_next(_held(action), case.today, case.table.days_off)


@lru_cache(maxsize=4096)
def _until_next(held: tuple[Any, ...], today: dt.date, off: DaysOff) -> dt.timedelta:
    """Until the next step of the ladder and fourteen days more, at most forty-five. A meeting's actions share dates."""
    subject = ladder_candidates.held(_Held(*held))
    steps = ladder.plan(subject, today=today, off=off, horizon=_HORIZON, since=today)
    coming = [step.on for step in steps if step.audience is Audience.HOLDER and step.on > today]
    until = min(coming, default=today + update_links.LONGEST) - today + update_links.AFTER_STEP
    return min(until, update_links.LONGEST)
