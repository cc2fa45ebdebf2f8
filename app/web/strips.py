"""Deadlines and silence of actions as the strips that pages draw, with what their sentences say."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app import clock
from app.config import settings
from app.domain.schedule import Schedule
from app.domain.workflow import LIVE, State
from app.formats import svg
from app.queries.actions import ActionRow

_SILENT = frozenset({State.SUBMITTED, State.VERIFIED})


@dataclass(frozen=True)
class Deadlines:
    """The strip and its finding: how many were moved, by how many days on average, how many are past."""

    strip: svg.Strip
    rows: tuple[ActionRow, ...]
    moved: int
    average: int
    past: int
    extensions: int


def of_deadlines(rows: Sequence[ActionRow], today: dt.date) -> Deadlines | None:
    """The first deadline of every live action against the present one; None when there is none."""
    dated = tuple(row for row in rows if row.state in LIVE and row.baseline_on and row.due_on)
    places = [(row.baseline_on, row.due_on, _kind(row, today)) for row in dated if row.baseline_on]
    strip = svg.deadlines(places, today)
    if strip is None:
        return None
    shifts = [(row.due_on - row.baseline_on).days for row in dated if row.due_on and row.baseline_on]
    moves = [days for days in shifts if days]
    return Deadlines(
        strip=strip,
        rows=dated,
        moved=len(moves),
        average=round(sum(moves) / len(moves)) if moves else 0,
        past=sum(kind == "late" for _, _, kind in places),
        extensions=sum(row.extensions for row in dated),
    )


def of_silence(row: ActionRow, heard: Sequence[dt.date], today: dt.date) -> svg.Silence | None:
    """The weeks with and without word of what is still owed."""
    if row.assigned_at is None or row.state not in LIVE or row.state in _SILENT:
        return None
    return svg.silence(heard, clock.day(row.assigned_at, settings().zone), today)


def _kind(row: ActionRow, today: dt.date) -> str:
    schedule = row.judged(today).schedule
    if schedule == Schedule.OVERDUE:
        return "late"
    return "done" if schedule in {Schedule.DONE_ON_TIME, Schedule.DONE_LATE} else "open"
