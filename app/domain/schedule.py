"""An action against its deadline, and the clock on silence; judged on a day that is handed in, never stored."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.domain.workflow import DONE, OWED, SET_ASIDE, State

DUE_SOON_DAYS = 14
STALE_DAYS = 30


class Schedule(StrEnum):
    NO_DATE = "no_date"
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    CLOSED = "closed"


class Judgement(NamedTuple):
    """`days_late` are calendar days."""

    schedule: Schedule
    days_late: int
    slipped: bool


def judge(
    state: State, *, baseline_on: date | None, due_on: date | None, submitted_on: date | None, today: date
) -> Judgement:
    """Where an action stands against its deadline: while submitted or verified on the day of submission, else today."""
    slipped = baseline_on is not None and due_on is not None and due_on > baseline_on
    if state in SET_ASIDE:
        return Judgement(Schedule.CLOSED, 0, slipped)
    # A draft is owed by nobody: its date begins to count when it is assigned.
    if due_on is None or state is State.DRAFT:
        return Judgement(Schedule.NO_DATE, 0, slipped)
    days_left = (due_on - judged_on(state, submitted_on, today)).days
    return Judgement(_done(days_left) if state in DONE else _open(days_left), max(0, -days_left), slipped)


def judged_on(state: State, submitted_on: date | None, today: date) -> date:
    """The day on which the deadline is compared: what was submitted once and returned counts as never submitted."""
    return submitted_on if state in DONE and submitted_on is not None else today


def is_overdue(state: State, due_on: date | None, today: date) -> bool:
    """Past its deadline and nobody has declared it done: what lists and letters ask, the same as `judge` says."""
    return state in OWED and due_on is not None and due_on < today


def _done(days_left: int) -> Schedule:
    return Schedule.DONE_LATE if days_left < 0 else Schedule.DONE_ON_TIME


def _open(days_left: int) -> Schedule:
    if days_left < 0:
        return Schedule.OVERDUE
    if days_left == 0:
        return Schedule.DUE_TODAY
    return Schedule.DUE_SOON if days_left <= DUE_SOON_DAYS else Schedule.ON_TRACK


def silence_days(last_word_on: date | None, assigned_on: date | None, today: date) -> int | None:
    """Days since the last act of a holder, else since assignment; None while nobody has been asked."""
    since = last_word_on or assigned_on
    return None if since is None else max(0, (today - since).days)


def is_stale(last_word_on: date | None, assigned_on: date | None, today: date) -> bool:
    """Silent long enough to be marked "no update"."""
    since = last_word_on or assigned_on
    return since is not None and since < fresh_from(today)


def fresh_from(today: date) -> date:
    """The first day whose word is not stale yet: everything heard before it is."""
    return today - timedelta(days=STALE_DAYS - 1)
