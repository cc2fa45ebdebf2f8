"""Counts as the bars that pages draw: mirrored where the line runs from the right."""

from collections.abc import Mapping, Sequence

from app.domain.progress import Group
from app.domain.workflow import NOT_STARTED, State
from app.formats import svg
from app.i18n.locales import direction
from app.queries.meetings import MeetingRow
from app.queries.tallies import NOTHING, Progress

_UNDER_WAY = (State.IN_PROGRESS, State.BLOCKED, State.SUBMITTED)
_SET_ASIDE = (State.CANCELLED, State.SUPERSEDED, State.NOT_APPLICABLE)


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
        set_aside=sum(states.get(state, 0) for state in _SET_ASIDE),
        mirror=direction(lang) == "rtl",
    )
