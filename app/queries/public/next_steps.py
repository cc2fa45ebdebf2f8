"""What comes next for a recommendation or an action, and when: computed from its public actions, never typed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app import clock
from app.config import settings
from app.domain.progress import Status
from app.domain.schedule import Schedule
from app.domain.workflow import State
from app.queries.followup.actions import ActionRow

_MOST = 3


class Next(StrEnum):
    RESPONSE = "response"
    PLAN = "plan"
    LATE = "late"
    VERIFICATION = "verification"
    DEADLINE = "deadline"


@dataclass(frozen=True)
class Awaited:
    """`on`: the deadline, or since when a response, a plan or a verification is awaited."""

    kind: Next
    on: dt.date
    ref: str = ""


def of_actions(rows: Sequence[ActionRow], today: dt.date) -> list[Awaited]:
    """What is late first, then what waits for the verifier, then the deadlines as they come."""
    found = [step for row in rows if (step := _of_action(row, today))]
    order = (Next.LATE, Next.VERIFICATION, Next.DEADLINE)
    return sorted(found, key=lambda step: (order.index(step.kind), step.on))[:_MOST]


def of_recommendation(status: Status, since: dt.datetime, rows: Sequence[ActionRow], today: dt.date) -> list[Awaited]:
    """Nothing for what was decided otherwise or is implemented."""
    if status == Status.AWAITING_RESPONSE:
        return [Awaited(Next.RESPONSE, clock.day(since, settings().zone))]
    if status == Status.ACCEPTED_NO_ACTION:
        return [Awaited(Next.PLAN, clock.day(since, settings().zone))]
    return of_actions(rows, today)


def _of_action(row: ActionRow, today: dt.date) -> Awaited | None:
    schedule = row.judged(today).schedule
    if row.state == State.SUBMITTED and row.submitted_at:
        return Awaited(Next.VERIFICATION, clock.day(row.submitted_at, settings().zone), row.ref)
    if row.due_on is None or schedule not in _RUNNING:
        return None
    return Awaited(Next.LATE if schedule == Schedule.OVERDUE else Next.DEADLINE, row.due_on, row.ref)


_RUNNING = frozenset({Schedule.ON_TRACK, Schedule.DUE_SOON, Schedule.DUE_TODAY, Schedule.OVERDUE})
