"""The public counts, read from the roll-ups: how far recommendations are, what is overdue, how it grew over time.

What a meeting's items still owe is read from an index of theirs: they are few.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import accumulate, islice, takewhile
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from app.domain import progress
from app.domain.progress import GROUPS, Group, Rate, Status
from app.domain.workflow import State
from app.models.actions import PUBLIC_OPEN, Action
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.models.rollups import Dated, DayTally, Scope, Tallied, Tally

Word = TypeVar("Word", bound=StrEnum)
Series = list[tuple[dt.date, int]]
_TALLY, _DAYS, _ACT, _REC, _MEETING = (table_of(model) for model in (Tally, DayTally, Action, Recommendation, Meeting))


@dataclass(frozen=True)
class Progress:
    """How far some recommendations are; `disputed` of the implemented ones, `overdue` counts actions.

    `late` of those under way have an overdue action.
    """

    counts: Mapping[Status, int] = field(default_factory=dict)
    disputed: int = 0
    overdue: int = 0
    late: int = 0

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


def whole(session: Session, today: dt.date) -> Progress:
    """All that is public."""
    return _progress(session.execute(_whole(is_one=False), {"today": today}).all())


def of_programme(session: Session, programme_id: int, today: dt.date) -> Progress:
    return _progress(session.execute(_whole(is_one=True), {"today": today, "programme_id": programme_id}).all())


def of_meetings(session: Session, meeting_ids: Sequence[int], today: dt.date) -> dict[int, Progress]:
    """Of each that has something public."""
    found: dict[int, list[Any]] = {}
    for meeting_id, *row in session.execute(_of_meetings(), {"today": today, "meeting_ids": meeting_ids}).all():
        found.setdefault(meeting_id, []).append(row)
    return {meeting_id: _progress(rows) for meeting_id, rows in found.items()}


def _progress(rows: Any) -> Progress:
    counts: dict[Status, int] = {}
    others: dict[str, int] = {}
    for counted, status, count in rows:
        if counted == Tallied.RECOMMENDATIONS:
            counts[Status(status)] = count
        elif counted != Tallied.DISPUTED or status == Status.IMPLEMENTED:
            others[counted] = count or 0
    late = others.get(Dated.OWED, 0), others.get(Dated.LATE, 0)
    return Progress(_in_order(counts, Status), others.get(Tallied.DISPUTED, 0), *late)


def _in_order(counts: Mapping[Word, int], words: type[Word]) -> dict[Word, int]:
    """The same page for the same counts: rows come in any order."""
    return {word: counts[word] for word in words if word in counts}


def growth(session: Session, today: dt.date) -> Growth:
    """By days for this month and the two before, by whole months else: as many rows after ten years as after one."""
    this, cut, coming = (_month(today, step) for step in (0, -2, 1))
    found: dict[str, Series] = {counted: [] for counted in _GROWN}
    for scope, counted, on, count in session.execute(_growth(), {"cut": cut, "this": this, "coming": coming}).all():
        found[counted].append((_month(on, 1) - dt.timedelta(days=1) if scope == Scope.MONTHS else on, count))
    return Growth(*(_reached(sorted(found[counted])) for counted in _GROWN))


def _month(day: dt.date, step: int) -> dt.date:
    """The first day of the month that is so many months further."""
    months = day.year * 12 + day.month - 1 + step
    return dt.date(months // 12, months % 12 + 1, 1)


def _reached(steps: Series) -> Series:
    return list(zip((on for on, _ in steps), accumulate(count for _, count in steps), strict=True))


@dataclass(frozen=True)
class Leading:
    """What an organisation leads and supports, as far as it is public; nothing: nothing public names it so."""

    states: Mapping[State, int]
    supports: int
    overdue: int
    late: int  # of those on which work has begun
    silent_since: dt.date | None

    def silence(self, today: dt.date) -> int:
        """Days since the last word on the action that has waited longest; 0 when nothing is owed."""
        return max(0, (today - self.silent_since).days) if self.silent_since else 0


def of_organisation(session: Session, organisation_id: int, today: dt.date) -> Leading:
    states: dict[State, int] = {}
    others: dict[str, int] = {}
    for counted, status, count in session.execute(_LEADING, {"today": today, "organisation_id": organisation_id}).all():
        if counted == Tallied.ACTIONS:
            states[State(status)] = count
        else:
            others[counted] = count or 0
    since = session.execute(_SILENT_SINCE, {"organisation_id": organisation_id}).scalar()
    late = others.get(Dated.OWED, 0), others.get(Dated.UNDER_WAY, 0)
    return Leading(_in_order(states, State), others.get(Tallied.SUPPORTED, 0), *late, since)


# Statements are made once and given their values: making one costs several times what running it does.
_GROWN = (str(Dated.PUBLISHED), str(Dated.PLANNED), str(Dated.IMPLEMENTED))
_TODAY = sa.bindparam("today", type_=sa.Date())
_ORGANISATION = sa.bindparam("organisation_id", type_=sa.Integer())


def _word(value: str) -> Any:
    return sa.literal_column(f"'{value}'")


def _words(values: Iterable[str]) -> list[Any]:
    """In the statement itself: a list of parameters would be written into it anew each time."""
    return [_word(value) for value in values]


def _plain(column: Any) -> Any:
    """The text of an enumerated column: a branch of a union has one kind of columns."""
    return sa.type_coerce(column, sa.String())


@cache
def _whole(*, is_one: bool) -> Any:
    programme = [_TALLY.c.scope_id == sa.bindparam("programme_id", type_=sa.Integer())] if is_one else []
    scope = Scope.PROGRAMME if is_one else Scope.SITE
    scope_id: Any = sa.bindparam("programme_id") if is_one else 0
    counted = Tallied.RECOMMENDATIONS, Tallied.DISPUTED
    statuses = (
        sa.select(_plain(_TALLY.c.counted), _TALLY.c.status, sa.func.sum(_TALLY.c.count))
        .where(_TALLY.c.scope == Scope.PROGRAMME, _TALLY.c.counted.in_(_words(counted)), _TALLY.c.is_public, *programme)
        .group_by(_TALLY.c.counted, _TALLY.c.status)
    )
    return sa.union_all(statuses, *(_past(scope, dated, scope_id) for dated in (Dated.OWED, Dated.LATE)))


def _past(scope: Scope, counted: Dated, scope_id: Any) -> Any:
    """How many have their day behind them."""
    mine = _DAYS.c.scope == scope, _DAYS.c.counted == counted, _DAYS.c.scope_id == scope_id
    return sa.select(_word(counted), _word(""), sa.func.sum(_DAYS.c.count)).where(*mine, _DAYS.c.on < _TODAY)


@cache
def _of_meetings() -> Any:
    ids = sa.bindparam("meeting_ids", expanding=True, type_=sa.Integer())
    counted = Tallied.RECOMMENDATIONS, Tallied.DISPUTED
    statuses = sa.select(_TALLY.c.scope_id, _plain(_TALLY.c.counted), _TALLY.c.status, _TALLY.c.count).where(
        _TALLY.c.scope == Scope.MEETING,
        _TALLY.c.counted.in_(_words(counted)),
        _TALLY.c.is_public,
        _TALLY.c.scope_id.in_(ids),
    )
    # Meeting by meeting: asked for all at once, SQLite would rather read all that is late anywhere.
    owed = (
        sa.select(sa.func.count())
        .where(_ACT.c.meeting_id == _MEETING.c.id, sa.text(PUBLIC_OPEN), _ACT.c.due_on < _TODAY)
        .where(_ACT.c.state != State.SUBMITTED)
        .scalar_subquery()
    )
    overdue = sa.select(_MEETING.c.id, _word(Dated.OWED), _word(""), owed).where(_MEETING.c.id.in_(ids))
    late = (
        sa.select(_REC.c.meeting_id, _word(Dated.LATE), _word(""), sa.func.count())
        .where(_REC.c.meeting_id.in_(ids), _REC.c.owed_on < _TODAY, _REC.c.is_public)
        .group_by(_REC.c.meeting_id)
    )
    return sa.union_all(statuses, overdue, late)


@cache
def _growth() -> Any:
    cut, this, coming = (sa.bindparam(name, type_=sa.Date()) for name in ("cut", "this", "coming"))
    rows = sa.select(_plain(_DAYS.c.scope), _plain(_DAYS.c.counted), _DAYS.c.on, _DAYS.c.count)
    mine = _DAYS.c.scope_id == 0, _DAYS.c.counted.in_(_words(_GROWN))
    months = rows.where(_DAYS.c.scope == Scope.MONTHS, *mine, sa.or_(_DAYS.c.on < cut, _DAYS.c.on > this))
    days = rows.where(_DAYS.c.scope == Scope.SITE, *mine, _DAYS.c.on >= cut, _DAYS.c.on < coming)
    return sa.union_all(months, days)


_LEADING: Any = sa.union_all(
    sa.select(_plain(_TALLY.c.counted), _TALLY.c.status, _TALLY.c.count).where(
        _TALLY.c.scope == Scope.ORGANISATION,
        _TALLY.c.counted.in_(_words((Tallied.ACTIONS, Tallied.SUPPORTED))),
        _TALLY.c.is_public,
        _TALLY.c.scope_id == _ORGANISATION,
    ),
    *(_past(Scope.ORGANISATION, dated, _ORGANISATION) for dated in (Dated.OWED, Dated.UNDER_WAY)),
)
_SILENT_SINCE = sa.select(sa.func.min(_DAYS.c.on)).where(
    _DAYS.c.scope == Scope.ORGANISATION, _DAYS.c.counted == Dated.SILENT, _DAYS.c.scope_id == _ORGANISATION
)
