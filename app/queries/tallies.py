"""The public counts, read from the roll-ups alone: how far meetings are, what is overdue, how it grew over time."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, islice, takewhile
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import progress
from app.domain.progress import GROUPS, Group, Rate, Status
from app.domain.workflow import OPEN, State
from app.models.rollups import Counted, Tally

OWED = tuple(sorted(OPEN - {State.SUBMITTED}))  # whose deadline still runs: what was declared done is not late
_COUNT = sa.func.sum(col(Tally.count))
Series = list[tuple[dt.date, int]]


@dataclass(frozen=True)
class Progress:
    """How far some recommendations are; `disputed` of the implemented ones, `overdue` counts actions."""

    counts: Mapping[Status, int] = field(default_factory=dict)
    disputed: int = 0
    overdue: int = 0

    @property
    def rate(self) -> Rate:
        return progress.rate(self.counts, self.disputed)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, group: Group) -> int:
        return sum(self.counts.get(status, 0) for status in GROUPS[group])


NOTHING = Progress()


@dataclass(frozen=True)
class Growth:
    """Recommendations over time, each series the count reached on its days."""

    published: Series
    planned: Series
    implemented: Series

    def days(self, today: dt.date, months: int = 12) -> list[dt.date]:
        """The last days of past months since something was published, then today: where figures are given."""
        if not self.published:
            return []
        ends = takewhile(lambda day: day >= self.published[0][0], _month_ends(today))
        return [*reversed(list(islice(ends, months))), today]


def _month_ends(today: dt.date) -> Iterator[dt.date]:
    """Of the months before today's, going back."""
    while True:
        today = today.replace(day=1) - dt.timedelta(days=1)
        yield today


def by_meeting(session: Session, today: dt.date, only: int | None = None) -> dict[int, Progress]:
    """Every meeting that has something public, or one of them."""
    counts: dict[int, dict[Status, int]] = {}
    disputed: dict[int, int] = {}
    overdue: dict[int, int] = {}
    query = _BY_MEETING if only is None else _OF_MEETING
    given = {"today": today, "only": only}
    for meeting_id, counted, status, count in session.execute(query, given):
        if counted == Counted.RECOMMENDATIONS and count:
            counts.setdefault(meeting_id, {})[Status(status)] = count
        elif counted == Counted.DISPUTED:
            disputed[meeting_id] = count
        elif counted == Counted.ACTIONS:
            overdue[meeting_id] = count
    meeting_ids = counts.keys() | overdue.keys()
    return {key: Progress(counts.get(key, {}), disputed.get(key, 0), overdue.get(key, 0)) for key in meeting_ids}


def total(parts: Iterable[Progress]) -> Progress:
    """Several together."""
    counts: dict[Status, int] = {}
    disputed = overdue = 0
    for part in parts:
        disputed, overdue = disputed + part.disputed, overdue + part.overdue
        for status, count in part.counts.items():
            counts[status] = counts.get(status, 0) + count
    return Progress(counts, disputed, overdue)


def growth(session: Session) -> Growth:
    found: dict[Counted, Series] = {Counted.PUBLISHED: [], Counted.PLANNED: [], Counted.IMPLEMENTED: []}
    for counted, on, count in session.execute(_GROWTH):
        found[Counted(counted)].append((on, count))
    return Growth(*(_reached(found[counted]) for counted in (Counted.PUBLISHED, Counted.PLANNED, Counted.IMPLEMENTED)))


def of_organisation(session: Session, organisation_id: int, today: dt.date) -> tuple[dict[State, int], int]:
    """Its public actions by state, and how many are overdue."""
    states: dict[State, int] = {}
    overdue = 0
    rows = session.execute(_OF_ORGANISATION, {"organisation_id": organisation_id, "today": today})
    for status, count, late in rows:
        states[State(status)] = count
        overdue += late or 0
    return {state: count for state, count in states.items() if count}, overdue


def _reached(steps: Series) -> Series:
    return list(zip((on for on, _ in steps), accumulate(count for _, count in steps), strict=True))


_PUBLIC = col(Tally.is_public)
_IS_LATE = sa.and_(col(Tally.status).in_(OWED), col(Tally.on) < sa.bindparam("today"))
_ACTIONS = sa.and_(_PUBLIC, col(Tally.counted) == Counted.ACTIONS)


def _counted(*narrowed: sa.ColumnElement[bool]) -> Any:
    key = (col(Tally.meeting_id), col(Tally.counted))
    statuses, sums = sa.select(*key, col(Tally.status), _COUNT), sa.select(*key, sa.literal(""), _COUNT)
    return sa.union_all(
        statuses.where(_PUBLIC, col(Tally.counted) == Counted.RECOMMENDATIONS, *narrowed).group_by(
            *key, col(Tally.status)
        ),
        sums.where(
            _PUBLIC, col(Tally.counted) == Counted.DISPUTED, col(Tally.status) == Status.IMPLEMENTED, *narrowed
        ).group_by(*key),
        sums.where(_ACTIONS, _IS_LATE, *narrowed).group_by(*key),
    )


_BY_MEETING = _counted()
_OF_MEETING = _counted(col(Tally.meeting_id) == sa.bindparam("only"))
_GROWTH: Any = (
    sa.select(col(Tally.counted), col(Tally.on), _COUNT)
    .where(_PUBLIC, col(Tally.counted).in_([Counted.PUBLISHED, Counted.PLANNED, Counted.IMPLEMENTED]))
    .group_by(col(Tally.counted), col(Tally.on))
    .having(_COUNT > 0)
    .order_by(col(Tally.counted), col(Tally.on))
)
_OF_ORGANISATION: Any = (
    sa.select(col(Tally.status), _COUNT, sa.func.sum(sa.case((_IS_LATE, col(Tally.count)), else_=0)))
    .where(_ACTIONS, col(Tally.organisation_id) == sa.bindparam("organisation_id"))
    .group_by(col(Tally.status))
)
