"""What comes next for an action or a recommendation, and when: what is late, what waits for whom, what is due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.messages import Counted, Message, When
from app.domain.progress import Status
from app.domain.schedule import STALE_DAYS, Schedule, silence_days
from app.domain.sentences.standing import RUNNING, ActionSituation
from app.domain.workflow import State

MOST = 3


class Next(StrEnum):
    """In the order in which they are told."""

    LATE = "late"
    OWNER = "owner"
    VERIFICATION = "verification"
    DISPUTE = "dispute"
    BLOCKED = "blocked"
    RECEIPT = "receipt"
    DEADLINE = "deadline"
    RESPONSE = "response"
    PLAN = "plan"


@dataclass(frozen=True)
class NextStep:
    """`on`: the deadline, or since when something is awaited; None where nobody recorded when."""

    kind: Next
    on: dt.date | None
    says: Message

    @property
    def is_late(self) -> bool:
        return self.kind is Next.LATE

    def since(self, today: dt.date) -> Message | None:
        """From when it is waited for; None for what has a deadline, which comes or went."""
        if self.on is None or self.kind not in _SINCE:
            return None
        return Message("since today") if self.on == today else Message("since %(day)s", day=self.on)


_SINCE = frozenset({Next.VERIFICATION, Next.RESPONSE, Next.PLAN})


def of_actions(actions: Iterable[ActionSituation], today: dt.date) -> list[NextStep]:
    """The first few, what is late before all else."""
    found = [step for action in actions if (step := of_action(action, today))]
    order = list(Next)
    return sorted(found, key=lambda step: (order.index(step.kind), step.on or today))[:MOST]


def of_recommendation(
    status: Status, since: dt.date, actions: Iterable[ActionSituation], today: dt.date
) -> list[NextStep]:
    """Nothing for what was decided otherwise or is implemented."""
    if status is Status.AWAITING_RESPONSE:
        return [NextStep(Next.RESPONSE, since, Message("The administration's response is awaited."))]
    if status is Status.ACCEPTED_NO_ACTION:
        return [NextStep(Next.PLAN, since, Message("An action has to be planned."))]
    return of_actions(actions, today)


def of_action(action: ActionSituation, today: dt.date) -> NextStep | None:
    """The one step that the action waits for."""
    if action.state is State.SUBMITTED:
        return NextStep(Next.VERIFICATION, action.submitted_on, _verification(action, today))
    if action.is_disputed:
        says = Message("%(ref)s is disputed by whoever proposed it: the secretariat has to settle it.", ref=action.ref)
        return NextStep(Next.DISPUTE, None, says)
    verdict = action.judged(today).schedule
    if verdict is Schedule.OVERDUE:
        return NextStep(Next.LATE, action.due_on, _late(action, today))
    return _due(action) if verdict in RUNNING else None


def _verification(action: ActionSituation, today: dt.date) -> Message:
    if late := action.judged(today).days_late:
        return Counted(
            "%(ref)s was declared done %(num)s day after its deadline: its verification is awaited.",
            "%(ref)s was declared done %(num)s days after its deadline: its verification is awaited.",
            late,
            ref=action.ref,
        )
    return Message("%(ref)s was declared done: its verification is awaited.", ref=action.ref)


def _late(action: ActionSituation, today: dt.date) -> Message:
    """Word is not awaited from who has just given it, nor from who declined or was never named."""
    ref = action.ref
    if action.state is State.DECLINED or not action.has_owner:
        return Message("The deadline of %(ref)s has passed: an owner has to be named.", ref=ref)
    if action.state is State.BLOCKED:
        return Message("The deadline of %(ref)s has passed, and it is blocked.", ref=ref)
    silent = silence_days(action.last_word_on, action.assigned_on, today)
    if action.last_word_on and silent is not None and silent < STALE_DAYS:
        return Message(
            "The deadline of %(ref)s has passed: its completion is awaited. Last word from its owner: %(when)s.",
            ref=ref,
            when=When(action.last_word_on, today),
        )
    return Message("The deadline of %(ref)s has passed: word from its owner is awaited.", ref=ref)


def _due(action: ActionSituation) -> NextStep:
    given = {"ref": action.ref, "day": action.due_on}
    if action.state is State.DECLINED or not action.has_owner:
        says = Message("An owner has to be named for %(ref)s. Its deadline: %(day)s.", **given)
        return NextStep(Next.OWNER, action.due_on, says)
    if action.state is State.BLOCKED:
        says = Message("%(ref)s is blocked. Its deadline: %(day)s.", **given)
        return NextStep(Next.BLOCKED, action.due_on, says)
    if action.state is State.ASSIGNED:
        says = Message("Its owner has to confirm receipt of %(ref)s. Its deadline: %(day)s.", **given)
        return NextStep(Next.RECEIPT, action.due_on, says)
    return NextStep(Next.DEADLINE, action.due_on, Message("Deadline of %(ref)s: %(day)s.", **given))
