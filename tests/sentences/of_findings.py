"""What charts and empty lists say, and the story's words for acts."""

import datetime as dt

from app.domain import verbs
from app.domain.sentences import findings
from app.domain.verbs import Verb
from tests.sentences.table import COUNTS, Rows, situations

TODAY = dt.date(2026, 11, 26)
DAY = dt.timedelta(days=1)


@situations("Growth against the plan")
def growth() -> Rows:
    yield "day one", findings.growth(0, 0), "No recommendation had to be implemented by today."
    yield (
        "ahead of any plan",
        findings.growth(0, 1),
        ("No recommendation had to be implemented by today; 1 is verified already."),
    )
    yield (
        "far ahead of any plan",
        findings.growth(0, 3),
        ("No recommendation had to be implemented by today; 3 are verified already."),
    )
    yield (
        "one planned, none verified",
        findings.growth(1, 0),
        ("By today 1 recommendation should have been implemented; none is verified."),
    )
    yield (
        "one of two",
        findings.growth(2, 1),
        ("By today 2 recommendations should have been implemented; 1 is verified. Behind: 1."),
    )
    yield (
        "as many as planned",
        findings.growth(3, 3),
        ("By today 3 recommendations should have been implemented; 3 are verified."),
    )
    yield (
        "more than planned",
        findings.growth(3, 11),
        ("By today 3 recommendations should have been implemented; 11 are verified."),
    )
    yield (
        "far behind",
        findings.growth(100, 2),
        ("By today 100 recommendations should have been implemented; 2 are verified. Behind: 98."),
    )


@situations("The strip of deadlines")
def deadlines() -> Rows:
    yield "nothing moved, nothing past", findings.deadlines(0, 0, 0), "No deadline was moved; none is past."
    yield "nothing moved, one past", findings.deadlines(0, 0, 1), "No deadline was moved; 1 deadline is past."
    yield "one moved by a day", findings.deadlines(1, 1, 0), "1 deadline was moved, by 1 day; none is past."
    yield "one brought forward", findings.deadlines(1, -3, 0), "1 deadline was moved; none is past."
    yield "two moved there and back", findings.deadlines(2, 0, 2), "2 deadlines were moved; 2 deadlines are past."
    for count in COUNTS[2:]:
        yield (
            f"{count} of each",
            findings.deadlines(count, count, count),
            (f"{count} deadlines were moved, by {count} days on average; {count} deadlines are past."),
        )


@situations("The strip of silence")
def silence() -> Rows:
    yield "asked today", findings.silence(None, TODAY, TODAY), "Word has been awaited since today"
    yield "word today", findings.silence(TODAY, TODAY - 50 * DAY, TODAY), "Word was given today"
    for away in COUNTS[1:]:
        yield (
            f"asked {away} days ago, never heard",
            findings.silence(None, TODAY - away * DAY, TODAY),
            (f"No word for {away} {'day' if away == 1 else 'days'}"),
        )


@situations("Nobody in the list of who is waited for longest")
def waited() -> Rows:
    yield (
        "nobody was asked",
        findings.nobody_waited_for(is_owed=False, overdue=0),
        ("No organisation owes anything at the moment."),
    )
    yield (
        "all heard, none late",
        findings.nobody_waited_for(is_owed=True, overdue=0),
        ("No deadline is past, and no organisation has kept silent for 30 days."),
    )
    yield (
        "all heard, one late",
        findings.nobody_waited_for(is_owed=True, overdue=1),
        ("No organisation has kept silent for 30 days."),
    )


@situations("What the story calls an act")
def words() -> Rows:
    for verb, times, is_past, said in (
        (Verb.ON_TRACK, 1, False, ""),
        (Verb.ON_TRACK, 1, True, "Reported under way, after the deadline"),
        (Verb.REPORT, 1, True, ""),
        (Verb.VERIFY, 1, True, ""),
        (Verb.ON_TRACK, 2, False, "Reported on track twice"),
        (Verb.ON_TRACK, 2, True, "Reported under way twice, after the deadline"),
        *((Verb.ON_TRACK, count, False, f"Reported on track {count} times") for count in COUNTS[3:]),
        *(
            (Verb.ON_TRACK, count, True, f"Reported under way {count} times, after the deadline")
            for count in COUNTS[3:]
        ),
    ):
        word = verbs.word_of(verb, times, is_past_deadline=is_past)
        yield f"{verb}, {times} times, {'after' if is_past else 'within'} the deadline", [word] if word else [], said
