"""How one action and one recommendation stand today, in the sentences under their titles."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import schedule
from app.domain.messages import Counted, Message, When, stopped
from app.domain.schedule import Judgement, Schedule
from app.domain.sentences.progress import verified_of
from app.domain.workflow import AWAITED, LIVE, Evidence, State

RUNNING = frozenset({Schedule.ON_TRACK, Schedule.DUE_SOON, Schedule.DUE_TODAY})


@dataclass(frozen=True, slots=True)
class ActionSituation:
    """The facts of one action that its sentences are made of; dates are those of the place."""

    ref: str
    state: State
    evidence: Evidence = Evidence.NONE
    due_on: dt.date | None = None
    assigned_on: dt.date | None = None
    last_word_on: dt.date | None = None
    submitted_on: dt.date | None = None
    verified_on: dt.date | None = None
    has_owner: bool = True

    def judged(self, today: dt.date) -> Judgement:
        return schedule.judge(
            self.state, baseline_on=None, due_on=self.due_on, submitted_on=self.submitted_on, today=today
        )

    @property
    def is_disputed(self) -> bool:
        return self.state is State.VERIFIED and self.evidence is Evidence.DISPUTED

    @property
    def is_word_awaited(self) -> bool:
        """Whether an owner was asked, may answer, and has not done so yet."""
        return self.has_owner and self.assigned_on is not None and not self.last_word_on and self.state in AWAITED


def of_action(action: ActionSituation, today: dt.date) -> list[Message]:
    """Where it is against its deadline, then when its owner was heard last."""
    return [*_progress(action, today), *_owner(action, today)]


def _progress(action: ActionSituation, today: dt.date) -> list[Message]:
    verdict = action.judged(today)
    if action.state is State.DECLINED:
        return [Message("Its owner declined it: a new owner has to be named.")]
    if action.state is State.SUBMITTED:
        return [_declared(action.submitted_on, verdict.days_late)]
    if action.state is State.VERIFIED:
        return [_verified(action)] if action.verified_on else []
    if verdict.schedule is Schedule.OVERDUE and action.due_on:
        return [Message("The deadline was %(when)s.", when=action.due_on)]
    if verdict.schedule in RUNNING and action.due_on:
        return [Message("Next deadline: %(when)s.", when=When(action.due_on, today))]
    return []


def _declared(on: dt.date | None, late: int) -> Message:
    if on is None:
        return Message("It was declared done; verification is awaited.")
    if not late:
        return Message("Declared done on %(day)s; verification is awaited.", day=on)
    return Counted(
        "Declared done on %(day)s, %(num)s day after the deadline; verification is awaited.",
        "Declared done on %(day)s, %(num)s days after the deadline; verification is awaited.",
        late,
        day=on,
    )


def _verified(action: ActionSituation) -> Message:
    if action.is_disputed:
        return Message(
            "Verified on %(day)s, but disputed by whoever proposed it: it does not count.", day=action.verified_on
        )
    return Message("Verified on %(day)s.", day=action.verified_on)


def _owner(action: ActionSituation, today: dt.date) -> list[Message]:
    if action.last_word_on:
        return [Message("Last word from its owner: %(when)s.", when=When(action.last_word_on, today))]
    if not action.is_word_awaited:
        return []
    if action.assigned_on == today:
        return [Message("Its owner was asked today.")]
    return [Message("Its owner has not given word yet.")]


def of_recommendation(
    actions: Sequence[ActionSituation], today: dt.date, *, may_be_planned: bool = True
) -> list[Message]:
    """What its public actions say together; `may_be_planned`: nothing else was decided."""
    live = [action for action in actions if action.state in LIVE]
    if not live:
        none_yet = may_be_planned and not actions
        return [Message("No action is planned yet.") if none_yet else Message("No action is under way.")]
    return [*_verified_among(live), *_deadlines(live, today), *_owners(live, today)]


def _verified_among(live: Sequence[ActionSituation]) -> list[Message]:
    disputed = sum(action.is_disputed for action in live)
    if disputed and len(live) == 1:
        return [Message("Its only action is verified, but disputed by whoever proposed it.")]
    said = [stopped(verified_of(sum(action.state is State.VERIFIED for action in live), len(live)))]
    if disputed:
        said.append(
            Counted(
                "%(num)s verified action is disputed by whoever proposed it.",
                "%(num)s verified actions are disputed by whoever proposed them.",
                disputed,
            )
        )
    return said


def _deadlines(live: Sequence[ActionSituation], today: dt.date) -> list[Message]:
    judged = [(action.judged(today).schedule, action.due_on) for action in live]
    said: list[Message] = []
    overdue = sum(verdict is Schedule.OVERDUE for verdict, _ in judged)
    if overdue and len(live) == 1:
        return [Message("The deadline was %(when)s.", when=live[0].due_on)]
    if overdue:
        late = Counted("%(num)s action is overdue", "%(num)s actions are overdue", overdue)
        said.append(stopped(late))
    if coming := [on for verdict, on in judged if verdict in RUNNING and on]:
        said.append(Message("Next deadline: %(when)s.", when=When(min(coming), today)))
    return said


def _owners(live: Sequence[ActionSituation], today: dt.date) -> list[Message]:
    """Nobody is said to be silent who was not asked."""
    if words := [action.last_word_on for action in live if action.last_word_on]:
        return [Message("Last word from an owner: %(when)s.", when=When(max(words), today))]
    asked = [action for action in live if action.is_word_awaited]
    if not asked:
        return []
    if len(asked) == 1:
        return _owner(asked[0], today)
    return [Message("No owner has given word yet.")]
