"""What charts and empty lists say: growth against the plan, deadlines moved and past, silence, nobody waited for."""

import datetime as dt

from app.domain.messages import Counted, Message, both
from app.domain.schedule import STALE_DAYS, silence_days


def days(count: int) -> Message:
    return Counted("%(num)s day", "%(num)s days", count)


def growth(planned: int, verified: int) -> Message:
    """Recommendations planned for today or before, against those that are verified."""
    if not planned:
        return _unplanned(verified)
    due = Counted(
        "By today %(num)s recommendation should have been implemented",
        "By today %(num)s recommendations should have been implemented",
        planned,
    )
    if not verified:
        return both(due, Message("none is verified"))
    done = Counted("%(num)s is verified", "%(num)s are verified", verified)
    if verified >= planned:
        return both(due, done)
    return Message("%(due)s; %(done)s. Behind: %(gap)s.", due=due, done=done, gap=planned - verified)


def _unplanned(verified: int) -> Message:
    nothing = Message("No recommendation had to be implemented by today")
    if not verified:
        return Message("%(sentence)s.", sentence=nothing)
    return both(nothing, Counted("%(num)s is verified already", "%(num)s are verified already", verified))


def deadlines(moved: int, average: int, past: int) -> Message:
    """`average`: by how many days those that were moved stand later; not said where they do not."""
    gone = Counted("%(num)s deadline is past", "%(num)s deadlines are past", past) if past else Message("none is past")
    return both(_moves(moved, average), gone)


def _moves(moved: int, average: int) -> Message:
    if not moved:
        return Message("No deadline was moved")
    if average <= 0:
        return Counted("%(num)s deadline was moved", "%(num)s deadlines were moved", moved)
    return Counted(
        "%(num)s deadline was moved, %(by)s",
        "%(num)s deadlines were moved, %(by)s on average",
        moved,
        by=Counted("by %(num)s day", "by %(num)s days", average),
    )


def silence(last_word_on: dt.date | None, assigned_on: dt.date | None, today: dt.date) -> Message:
    """Over the weeks with and without word; who was asked today has not been silent."""
    quiet = silence_days(last_word_on, assigned_on, today)
    if quiet:
        return Counted("No word for %(num)s day", "No word for %(num)s days", quiet)
    return Message("Word was given today") if last_word_on else Message("Word has been awaited since today")


def nobody_waited_for(*, is_owed: bool, overdue: int) -> Message:
    """Where the list of organisations waited for longest is empty; `overdue` counts actions."""
    if not is_owed:
        return Message("No organisation owes anything at the moment.")
    if overdue:
        return Message("No organisation has kept silent for %(days)s.", days=days(STALE_DAYS))
    return Message("No deadline is past, and no organisation has kept silent for %(days)s.", days=days(STALE_DAYS))
