"""The key that a mail carries: to an action, a part of it, a milestone or a question; and how long it lives."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from app.domain import ladder
from app.domain.calendar import DaysOff
from app.domain.ladder import Audience, Kind, Ladder, Subject
from app.domain.workflow import State
from app.mail.letters import Answers, Item
from app.models.actions import Action
from app.models.questions import QuestionNote
from app.queries.mailing import ladder_candidates
from app.queries.mailing.ladder_candidates import Candidate
from app.queries.mailing.letters import key_address, update_address
from app.queries.mailing.told import ToldAction
from app.services.kernel import update_links
from app.services.kernel.update_links import Bound
from app.services.mailing.letters.case import Case

_HORIZON = 45


def answerable(case: Case, item: Item, action: Action | ToldAction, post_id: int) -> tuple[Item, str, str]:
    """The item with its three answers, and the addresses that confirm receipt and decline: one key for them all."""
    address = _action_key(case, action, post_id)
    return replace(item, answers=_of_action(address)), f"{address}acknowledge", f"{address}decline"


def answers(case: Case, action: Action | ToldAction, post_id: int) -> Answers:
    """The three answers of a line in a list."""
    return _of_action(_action_key(case, action, post_id))


def part_answers(case: Case, action: Action | ToldAction, post_id: int, life: dt.timedelta) -> Answers:
    """Of a supporting post, for its part: whether the action is blocked or done is not its own to say."""
    address = _key(case, Bound(case.envelope.person_id, post_id, action.id), life)
    return Answers(on_track=f"{address}on_track", news=f"{address}report")


def milestone_answers(case: Case, bound: Bound, life: dt.timedelta) -> Answers:
    """Of one milestone: its key opens nothing but the milestone's own page."""
    address = _key(case, bound, life, "/milestone")
    return Answers(on_track=f"{address}on_track", blocked=f"{address}blocked", reached=f"{address}reached")


def morning_answers(case: Case, candidate: Candidate, row: ToldAction) -> Answers:
    """The answers of a subject of the ladder, each by its own key."""
    post_id = candidate.post_id or 0
    if candidate.kind in {Kind.ACTION, Kind.WORD}:
        return answers(case, row, post_id)
    life = _lasting(candidate.subject, case.today, case.table.days_off, candidate.ladder)
    if candidate.kind is Kind.PART:
        return part_answers(case, row, post_id, life)
    return milestone_answers(case, Bound(case.envelope.person_id, post_id, row.id, candidate.subject_id), life)


def block_answers(case: Case, candidate: Candidate, row: ToldAction, drawn: dict[int, str]) -> Answers:
    """Of an action and its milestones of one morning: one key for them all, `drawn` once by the action."""
    address = drawn.get(row.id) or _action_key(case, row, candidate.post_id or 0)
    drawn[row.id] = address
    return _of_stone(address, candidate.subject_id) if candidate.kind is Kind.MILESTONE else _of_action(address)


def _of_stone(address: str, milestone_id: int) -> Answers:
    page = f"{address.removesuffix('?s=')}/milestone?m={milestone_id}&s="
    return Answers(on_track=f"{page}on_track", blocked=f"{page}blocked", reached=f"{page}reached")


def reply_key(case: Case, bound: Bound, life: dt.timedelta) -> str:
    """To an action as any other key of its post, at the page of the replies that wait there."""
    return key_address(case.lang, _drawn(case, bound, life), "/reply")


def _action_key(case: Case, action: Action | ToldAction, post_id: int) -> str:
    life = _until_next(_held(action), case.today, case.table.days_off, case.table.ladder(action))
    return _key(case, Bound(case.envelope.person_id, post_id, action.id), life)


def question_key(case: Case, question: QuestionNote) -> str:
    """Of one question: its key opens nothing but the page that answers it. No step of the ladder ends its life."""
    bound = Bound(case.envelope.person_id, question.post_id, question.action_id, question_id=question.id)
    return key_address(case.lang, _drawn(case, bound, update_links.LONGEST), "/question")


def _key(case: Case, bound: Bound, life: dt.timedelta, page: str = "") -> str:
    """The address of a new key, which lacks what is chosen there."""
    return update_address(case.lang, _drawn(case, bound, life), page)


def _drawn(case: Case, bound: Bound, life: dt.timedelta) -> str:
    token, row = update_links.drawn(next(case.table.secrets), bound, case.now + life)
    case.keys.append(row)
    return token


def _of_action(address: str) -> Answers:
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


@lru_cache(maxsize=4096)
def _until_next(held: tuple[Any, ...], today: dt.date, off: DaysOff, by: Ladder) -> dt.timedelta:
    """A meeting's actions share dates."""
    return _lasting(ladder_candidates.held(_Held(*held)), today, off, by)


def _lasting(subject: Subject, today: dt.date, off: DaysOff, by: Ladder) -> dt.timedelta:
    """Until the next step of the ladder and fourteen days more, at most forty-five."""
    steps = ladder.plan(subject, today=today, off=off, horizon=_HORIZON, ladder=by, since=today)
    coming = [step.on for step in steps if step.audience is Audience.HOLDER and step.on > today]
    until = min(coming, default=today + update_links.LONGEST) - today + update_links.AFTER_STEP
    return min(until, update_links.LONGEST)
