"""What "on track" is called where it is offered and where it is told, on both sides of the deadline."""

import datetime as dt

from app.domain import answering, answers, verbs
from app.domain.answering import Situation
from app.domain.workflow import MilestoneWord, State, Verb
from tests.sentences.table import Rows, situations

TODAY = dt.date(2026, 11, 26)
DAY = dt.timedelta(days=1)


@situations("The first of the answers that are offered")
def offered() -> Rows:
    yield "of an action, within its deadline", answers.going_on(is_late=False), "On track"
    yield "of an action that is overdue", answers.going_on(is_late=True), "Under way"
    yield "of a milestone, before its day", answers.going_on(is_late=False, of_milestone=True), "On track"
    yield "of a milestone that is overdue", answers.going_on(is_late=True, of_milestone=True), "Under way"


@situations("What one act is called")
def told() -> Rows:
    for name, verb, due_on, said in (
        ("on track on the day of the deadline", Verb.ON_TRACK, TODAY, "Reported on track"),
        ("on track the day after", Verb.ON_TRACK, TODAY - DAY, "Reported under way, after the deadline"),
        ("on track without a deadline", Verb.ON_TRACK, None, "Reported on track"),
        ("done after the deadline", Verb.SUBMIT, TODAY - DAY, "Declared done"),
    ):
        yield name, verbs.name_of(verb, TODAY, due_on), said


@situations("An answer told again on the next visit")
def again() -> Rows:
    for name, word, due_on, said in (
        ("within the deadline", None, TODAY, "Today you answered: on track. You can answer again."),
        ("after it", None, TODAY - DAY, "Today you answered: under way. You can answer again."),
        (
            "of a milestone that was due",
            MilestoneWord.ON_TRACK,
            TODAY - DAY,
            "Today you answered: under way. You can answer again.",
        ),
        (
            "of a milestone reached late",
            MilestoneWord.REACHED,
            TODAY - DAY,
            "Today you answered: reached. You can answer again.",
        ),
    ):
        verb = Verb.REPORT if word else Verb.ON_TRACK
        yield (
            name,
            answering.earlier(verb, word, TODAY, Situation(state=State.IN_PROGRESS, today=TODAY, due_on=due_on)),
            said,
        )
