"""Word that a programme asks for at intervals: calendar periods, the one that is owed, and how many passed in silence.

A period is answered by any word of a holder since its first day; none is asked that had begun already.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.domain.messages import N_, Counted, Message

_DAY = timedelta(days=1)
_YEAR = 12


class Rhythm(StrEnum):
    """How often word is asked for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        return _MONTHS[self]


_MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: _YEAR}


class Period(NamedTuple):
    """From its first day to its last, by which word is due."""

    start: date
    end: date


class OwedWord(NamedTuple):
    """Word that is owed about the period, and about all that follow until it is given."""

    rhythm: Rhythm
    period: Period

    @property
    def due_on(self) -> date:
        return self.period.end

    def missed(self, today: date) -> int:
        """How many whole periods have passed without word."""
        if today <= self.period.end:
            return 0
        months = (today.year - self.period.start.year) * _YEAR + today.month - self.period.start.month
        return months // self.rhythm.months

    def told(self, today: date) -> list[Message]:
        """What is asked for and until when, and the silence about it."""
        return [Message(_ASKED[self.rhythm], day=self.due_on), *self.silence(today)]

    def of_value(self, today: date) -> list[Message]:
        """The same of an indicator."""
        return [Message(_VALUE[self.rhythm], day=self.due_on), *self.silence(today)]

    def silence(self, today: date) -> list[Message]:
        silent = silence(self.missed(today), self.rhythm)
        return [silent] if silent else []


def around(day: date, rhythm: Rhythm) -> Period:
    """The period that the day lies in; those of a year begin with its January."""
    month = (day.month - 1) // rhythm.months * rhythm.months + 1
    start = date(day.year, month, 1)
    return Period(start, _after(start, rhythm) - _DAY)


def following(period: Period, rhythm: Rhythm) -> Period:
    return around(period.end + _DAY, rhythm)


def preceding(period: Period, rhythm: Rhythm) -> Period:
    return around(period.start - _DAY, rhythm)


def first_from(day: date, rhythm: Rhythm) -> Period:
    """The first period of which no day has passed: what had begun already is asked of nobody."""
    now = around(day, rhythm)
    return now if now.start == day else following(now, rhythm)


def owed(rhythm: Rhythm, since: date, last_word_on: date | None) -> OwedWord:
    """The first period without word, of those that began since word is asked for."""
    period = first_from(since, rhythm)
    if last_word_on is not None and last_word_on >= period.start:
        period = following(around(last_word_on, rhythm), rhythm)
    return OwedWord(rhythm, period)


def last_askable(day: date, rhythm: Rhythm) -> Period:
    """The last period that has ended by the day."""
    return preceding(around(day + _DAY, rhythm), rhythm)


_ASKED = {
    Rhythm.MONTH: N_("Periodic update for the month, asked for by %(day)s."),
    Rhythm.QUARTER: N_("Periodic update for the quarter, asked for by %(day)s."),
    Rhythm.HALF_YEAR: N_("Periodic update for the half-year, asked for by %(day)s."),
    Rhythm.YEAR: N_("Periodic update for the year, asked for by %(day)s."),
}


_VALUE = {
    Rhythm.MONTH: N_("Value for the month, asked for by %(day)s."),
    Rhythm.QUARTER: N_("Value for the quarter, asked for by %(day)s."),
    Rhythm.HALF_YEAR: N_("Value for the half-year, asked for by %(day)s."),
    Rhythm.YEAR: N_("Value for the year, asked for by %(day)s."),
}
_PROGRAMME = {
    Rhythm.MONTH: N_("Each action under way is asked for word every month."),
    Rhythm.QUARTER: N_("Each action under way is asked for word every quarter."),
    Rhythm.HALF_YEAR: N_("Each action under way is asked for word every half-year."),
    Rhythm.YEAR: N_("Each action under way is asked for word every year."),
}


def of_programme(rhythm: Rhythm) -> Message:
    return Message(_PROGRAMME[rhythm])


def beginning(rhythm: Rhythm, since: date, today: date) -> Message:
    """Which period is asked about first, while none has been."""
    first = first_from(since, rhythm)
    if today <= first.end:
        return Message("Periodic updates: the first is asked for by %(day)s.", day=first.end)
    return Message("Periodic updates are asked for since %(day)s.", day=since)


def silent_actions(number: int) -> Counted | None:
    """How many actions let the last whole period pass; nothing where none did."""
    if not number:
        return None
    return Counted(
        "%(num)s action gave no word in the last whole period.",
        "%(num)s actions gave no word in the last whole period.",
        number,
    )


def silence(number: int, rhythm: Rhythm) -> Counted | None:
    """How many periods in a row brought no word; nothing where none did."""
    if not number:
        return None
    if rhythm is Rhythm.MONTH:
        return Counted("No word for %(num)s whole month.", "No word for %(num)s whole months.", number)
    if rhythm is Rhythm.QUARTER:
        return Counted("No word for %(num)s whole quarter.", "No word for %(num)s whole quarters.", number)
    if rhythm is Rhythm.HALF_YEAR:
        return Counted("No word for %(num)s whole half-year.", "No word for %(num)s whole half-years.", number)
    return Counted("No word for %(num)s whole year.", "No word for %(num)s whole years.", number)


def _after(start: date, rhythm: Rhythm) -> date:
    months = start.month - 1 + rhythm.months
    return date(start.year + months // _YEAR, months % _YEAR + 1, 1)
