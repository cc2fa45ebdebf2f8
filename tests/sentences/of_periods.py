"""Word at intervals: what is asked for, since when, and the silence about it."""

import datetime as dt

from app.domain import periods
from app.domain.periods import OwedWord, Rhythm
from tests.sentences.table import Rows, situations

SINCE = dt.date(2026, 11, 27)
ENDS = {Rhythm.MONTH: "31 December 2026", Rhythm.QUARTER: "31 March 2027", Rhythm.HALF_YEAR: "30 June 2027"}
NOUNS = {Rhythm.MONTH: "month", Rhythm.QUARTER: "quarter", Rhythm.HALF_YEAR: "half-year", Rhythm.YEAR: "year"}


def owed(rhythm: Rhythm) -> OwedWord:
    return periods.owed(rhythm, SINCE, None)


@situations("word at intervals: what is asked for")
def asked() -> Rows:
    for rhythm, noun in NOUNS.items():
        end = ENDS.get(rhythm, "31 December 2027")
        yield noun, owed(rhythm).told(SINCE), f"Periodic update for the {noun}, asked for by {end}."
        public = f"Each action under way is asked for word every {noun}."
        yield f"{noun}, in public", periods.of_programme(rhythm), public


@situations("word at intervals: since when")
def begun() -> Rows:
    first, later = (periods.beginning(Rhythm.MONTH, SINCE, day) for day in (SINCE, dt.date(2027, 1, 1)))
    yield "just turned on", first, "Periodic updates: the first is asked for by 31 December 2026."
    yield "later", later, "Periodic updates are asked for since 27 November 2026."


@situations("word at intervals: silence")
def silent() -> Rows:
    for rhythm, noun in NOUNS.items():
        for number in (1, 2, 3, 11):
            many = "" if number == 1 else "s"
            says = periods.silence(number, rhythm)
            yield f"{number} {noun}", [says] if says else [], f"No word for {number} whole {noun}{many}."
    for number in (1, 2, 3, 11, 100):
        many = "" if number == 1 else "s"
        says = periods.silent_actions(number)
        whole = f"{number} action{many} gave no word in the last whole period."
        yield f"{number} of a programme", [says] if says else [], whole
