"""The answers a holder may give, wherever they are asked, and the verb that each of them is."""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.messages import C_, N_, Message
from app.domain.workflow import State, Verb


class Answer(StrEnum):
    """In the order in which they are offered."""

    ON_TRACK = "on_track"
    REPORT = "report"
    BLOCKED = "blocked"
    DONE = "done"


VERBS: Mapping[Answer, Verb] = {
    Answer.ON_TRACK: Verb.ON_TRACK,
    Answer.REPORT: Verb.REPORT,
    Answer.BLOCKED: Verb.BLOCK,
    Answer.DONE: Verb.SUBMIT,
}


# The same words of a supporting post are said of its part; what blocks the action is not its to say.
OF_PART: Mapping[Answer, Verb] = {
    Answer.ON_TRACK: Verb.PART_ON_TRACK,
    Answer.REPORT: Verb.REPORT_PART,
    Answer.DONE: Verb.PART_DONE,
}
# What an action's verbs are called where a supporting post says them of its part.
SAID_OF_PART: Mapping[Verb, Verb] = {
    Verb.ACKNOWLEDGE: Verb.ACKNOWLEDGE_PART,
    **{VERBS[answer]: verb for answer, verb in OF_PART.items()},
}


def verb(answer: Answer, state: State) -> Verb:
    """ "Blocked" about what is blocked already is news of it, no second block."""
    return Verb.REPORT if answer is Answer.BLOCKED and state is State.BLOCKED else VERBS[answer]


def going_on(*, is_late: bool, of_milestone: bool = False) -> Message:
    """What "on track" is called where it is offered: nobody is on track after the deadline."""
    if is_late:
        return Message(C_("answer", "Under way"))
    return Message(C_("milestone", "On track") if of_milestone else N_("On track"))


def offered(possible: frozenset[Verb]) -> list[Answer]:
    """All that the signed in may give."""
    return [answer for answer in Answer if VERBS[answer] in possible or OF_PART.get(answer) in possible]


def by_mail(possible: frozenset[Verb]) -> list[Answer]:
    """The three of a mail: "report" stands in for "blocked" where that can't be said."""
    found = offered(possible)
    return [answer for answer in found if answer is not Answer.REPORT or Answer.BLOCKED not in found]
