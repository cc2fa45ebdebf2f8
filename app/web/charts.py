"""What the charts of pages draw: counts as bars, deadlines and silence as strips, with what their sentences say."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import clock
from app.config import settings
from app.domain.progress import Group
from app.domain.schedule import Schedule
from app.domain.workflow import LIVE, NOT_STARTED, OWED, SET_ASIDE, State
from app.formats import svg
from app.i18n.locales import direction
from app.queries.followup.actions import ActionRow
from app.queries.meetings.meetings import MeetingRow
from app.queries.public.tallies import NOTHING, Progress

_UNDER_WAY = LIVE - NOT_STARTED - {State.VERIFIED}


@dataclass(frozen=True)
class Deadlines:
    """The strip and its finding: how many were moved, by how many days on average, how many are past."""

    strip: svg.Strip
    rows: tuple[ActionRow, ...]
    moved: int
    average: int
    past: int
    extensions: int


def of_progress(progress: Progress, lang: str) -> svg.Bar:
    """Recommendations in four groups."""
    return svg.bar(
        implemented=progress.of(Group.IMPLEMENTED),
        under_way=progress.of(Group.UNDER_WAY),
        late=progress.late,
        not_begun=progress.of(Group.NOT_BEGUN),
        set_aside=progress.of(Group.SET_ASIDE),
        mirror=direction(lang) == "rtl",
    )


def of_meetings(
    rows: Sequence[MeetingRow], progress: Mapping[int, Progress], lang: str
) -> list[tuple[MeetingRow, Progress, svg.Bar]]:
    """Lines of a list of meetings, each with its counts and its bar."""
    parts = [(row, progress.get(row.id, NOTHING)) for row in rows]
    return [(row, part, of_progress(part, lang)) for row, part in parts]


def of_states(states: Mapping[State, int], lang: str, late: int) -> svg.Bar:
    """Actions in the same four groups; what is late stands with what is under way."""
    not_begun = sum(states.get(state, 0) for state in NOT_STARTED)
    return svg.bar(
        implemented=states.get(State.VERIFIED, 0),
        under_way=sum(states.get(state, 0) for state in _UNDER_WAY),
        late=late,
        not_begun=not_begun,
        set_aside=sum(states.get(state, 0) for state in SET_ASIDE),
        mirror=direction(lang) == "rtl",
    )


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
    if row.assigned_at is None or row.state not in OWED:
        return None
    return svg.silence(heard, clock.day(row.assigned_at, settings().zone), today)


def _kind(row: ActionRow, today: dt.date) -> str:
    schedule = row.judged(today).schedule
    if schedule == Schedule.OVERDUE:
        return "late"
    return "done" if schedule in {Schedule.DONE_ON_TIME, Schedule.DONE_LATE} else "open"
