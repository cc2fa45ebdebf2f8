"""What the page behind a mailed key says, from facts alone: what stands now, what was answered, what comes next."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import verbs
from app.domain.messages import C_, N_, Counted, Message, away
from app.domain.workflow import OWED, TERMINAL, BlockReason, MilestoneWord, Part, State, Verb


class Whose(StrEnum):
    """What the deadline on the page belongs to."""

    ACTION = "action"
    PART = "part"
    MILESTONE = "milestone"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """An action, or a part or milestone of it, on the day on which somebody looks."""

    state: State  # always the action's
    today: date
    due_on: date | None = None
    heard_on: date | None = None  # the last word of a holder
    blocked_on: date | None = None
    block_reason: BlockReason | None = None
    submitted_on: date | None = None
    is_milestone: bool = False
    reached_on: date | None = None
    answered_on: date | None = None  # what the page says of it above: the same word is not told twice

    @property
    def days_late(self) -> int:
        is_owed = self.state in OWED and self.reached_on is None
        return max(0, (self.today - self.due_on).days) if self.due_on and is_owed else 0


_NEAR_DAYS = 60
_SETTLED = TERMINAL | {State.SUBMITTED, State.DECLINED}  # where the page asks nothing
_DEADLINES = {
    Whose.ACTION: (N_("Deadline: %(day)s"), N_("Deadline: %(day)s (%(when)s)")),
    Whose.PART: (N_("Deadline of your part: %(day)s"), N_("Deadline of your part: %(day)s (%(when)s)")),
    Whose.MILESTONE: (N_("Day of the milestone: %(day)s"), N_("Day of the milestone: %(day)s (%(when)s)")),
}
_ANSWERS = {
    Verb.ON_TRACK: C_("answer", "on track"),
    Verb.BLOCK: C_("answer", "blocked"),
    Verb.SUBMIT: C_("answer", "done"),
    Verb.REPORT: C_("answer", "there is news"),
    Verb.ACKNOWLEDGE: C_("answer", "receipt confirmed"),
    Verb.DECLINE: C_("answer", "declined"),
    Verb.ACKNOWLEDGE_PART: C_("answer", "receipt confirmed"),
    Verb.REPORT_PART: C_("answer", "there is news"),
    Verb.PART_ON_TRACK: C_("answer", "under way"),
    Verb.PART_DONE: C_("answer", "done"),
}


def deadline(whose: Whose, due_on: date | None, today: date) -> Message | None:
    if due_on is None:
        return None
    far, near = _DEADLINES[whose]
    if abs((due_on - today).days) > _NEAR_DAYS:
        return Message(far, day=due_on)
    return Message(near, day=due_on, when=away((due_on - today).days))


def standing(it: Situation) -> list[Message]:
    """What stands now. Of an action that has ended nothing is said: its keys are dead."""
    if it.reached_on is not None and it.state in OWED:
        return [Message(N_("Reached on %(day)s. Nothing more is asked of you for this milestone."), day=it.reached_on)]
    if it.state is State.SUBMITTED:
        return [_submitted(it)]
    if it.state is State.DECLINED:
        declined = N_("Your post declined it: the secretariat decides what follows. Nothing is expected of you now.")
        return [Message(declined)]
    waits = [said for said in (_late(it), _blocked(it)) if said]
    return waits + _heard(it) if waits or it.days_late else []


def earlier(verb: Verb, word: MilestoneWord | None, on: date, it: Situation) -> Message:
    answer, may_again = _answer(verb, word, on, it), it.state not in _SETTLED and it.reached_on is None
    if on == it.today:
        again = N_("Today you answered: %(answer)s. You can answer again.")
        return Message(again if may_again else N_("Today you answered: %(answer)s."), answer=answer)
    again = N_("On %(day)s you answered: %(answer)s. You can answer again.")
    return Message(again if may_again else N_("On %(day)s you answered: %(answer)s."), day=on, answer=answer)


def _answer(verb: Verb, word: MilestoneWord | None, on: date, it: Situation) -> Message | MilestoneWord:
    if (word is MilestoneWord.ON_TRACK or verb is Verb.ON_TRACK) and verbs.is_past(on, it.due_on):
        return Message(C_("answer", "under way"))
    return word or Message(_ANSWERS[verb])


def since(verb: Verb, on: date, due_on: date | None) -> Message:
    """What somebody did with the action after that answer."""
    return Message(N_("Since then, on %(day)s: %(what)s."), day=on, what=verbs.name_of(verb, on, due_on))


def becomes_public(*, is_public: bool, of_milestone: bool = False) -> Message:
    """Before the press."""
    if not is_public:
        return Message(N_("The answer goes to the secretariat; the action is not public yet."))
    if of_milestone:
        return Message(
            N_("The public page shows that there is news of the action; the note when the secretariat releases it.")
        )
    return Message(N_("The answer becomes public at once; the note when the secretariat releases it."))


def is_public_now(
    *, is_public: bool, has_words: bool, is_released: bool, release_on: date | None, of_milestone: bool = False
) -> Message:
    """After it. Of a milestone the public learns that there is news: the plan is the house's own."""
    if not is_public:
        return Message(N_("The secretariat sees it now; the action is not public yet."))
    if of_milestone:
        return _news_is_public(has_words=has_words, is_released=is_released, release_on=release_on)
    if not has_words:
        return Message(N_("The public page shows it now."))
    if is_released:
        return Message(N_("The public page shows it now, with your words."))
    if release_on:
        on_a_day = N_("The public page shows the answer now; your words follow on %(day)s unless they are withheld.")
        return Message(on_a_day, day=release_on)
    return Message(N_("The public page shows the answer now; your words wait for the secretariat's release."))


def _news_is_public(*, has_words: bool, is_released: bool, release_on: date | None) -> Message:
    if not has_words:
        return Message(N_("The public page shows now that there is news of the action."))
    if is_released:
        return Message(N_("The public page shows now that there is news of the action, with your words."))
    if release_on:
        on_a_day = N_(
            "The public page shows now that there is news of the action; "
            "your words follow on %(day)s unless they are withheld."
        )
        return Message(on_a_day, day=release_on)
    waiting = N_(
        "The public page shows now that there is news of the action; your words wait for the secretariat's release."
    )
    return Message(waiting)


def follows(verb: Verb, whose: Whose, due_on: date | None, today: date) -> Message | None:
    """Who hears of the act, else until when the next word is awaited."""
    hears = verb.facts.hears
    if hears in _HEARS:
        return Message(_HEARS[hears])
    return deadline(whose, due_on, today)


_HEARS: dict[Part | None, str] = {
    Part.VERIFIER: N_("A verifier looks at it next; you hear the result by mail."),
    Part.MANAGER: N_("The manager of the organisation hears of it in five minutes."),
    Part.SECRETARIAT: N_("The secretariat hears of it in five minutes."),
}


def _submitted(it: Situation) -> Message:
    on = it.submitted_on or it.today
    days = (on - it.due_on).days if it.due_on else 0
    if days > 0:
        return Counted(
            "Declared done on %(day)s, %(num)s day after the deadline: it waits for verification. "
            "Nothing is expected of you now.",
            "Declared done on %(day)s, %(num)s days after the deadline: it waits for verification. "
            "Nothing is expected of you now.",
            days,
            day=on,
        )
    waits = N_("Declared done on %(day)s: it waits for verification. Nothing is expected of you now.")
    return Message(waits, day=on)


def _late(it: Situation) -> Message | None:
    """Where the deadline above is too far back to say by how much."""
    if it.days_late <= _NEAR_DAYS:
        return None
    return Counted("The deadline passed %(num)s day ago.", "The deadline passed %(num)s days ago.", it.days_late)


def _blocked(it: Situation) -> Message | None:
    if it.state is not State.BLOCKED or it.blocked_on is None or it.block_reason is None:
        return None
    return Message(N_("The action is blocked since %(day)s: %(reason)s."), day=it.blocked_on, reason=it.block_reason)


def _heard(it: Situation) -> list[Message]:
    if it.is_milestone:  # the last word on the action need not have been of it
        return []
    if it.heard_on is None:
        return [Message(N_("No word on it has come yet."))]
    if it.heard_on == it.answered_on:
        return []
    if it.heard_on == it.today:
        return [Message(N_("The last word on it came today."))]
    return [Message(N_("The last word on it came on %(day)s."), day=it.heard_on)]
