"""The observer's page: how far each region is, what is late, what is stuck and who can free it, what moved lately."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import regions
from app.domain.permissions import Viewer
from app.domain.progress import Status
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import PUBLIC, Action
from app.models.meetings import Meeting
from app.models.rollups import Scope, Tallied, Tally
from app.queries.followup import worklist
from app.queries.followup.filters import OPEN_ONES, Filters
from app.queries.followup.worklist import Listed
from app.queries.scope import observed, ranges, visible

LINES = 5  # of each list: one screen, one sheet of paper
_WEEK = dt.timedelta(days=7)
StatusCounts = Mapping[Status, int]  # of recommendations


@dataclass(frozen=True, slots=True)
class Stuck:
    """A blocked action, and who can remove what blocks it."""

    line: Listed
    who_can_unblock: str


@dataclass(frozen=True, slots=True)
class LatelyMoved:
    ref: str
    titles: Titles
    at: dt.datetime
    state: State


@dataclass(frozen=True)
class ObservedProgress:
    """Of one region or all; `late_count` stops at one more than `ranges.MOST`."""

    regions: Mapping[str, StatusCounts]
    late: list[Listed]
    late_count: int
    stuck: list[Stuck]
    moved: list[LatelyMoved]

    @property
    def whole(self) -> StatusCounts:
        counts: dict[Status, int] = defaultdict(int)
        for of_region in self.regions.values():
            for status, count in of_region.items():
                counts[status] += count
        return {status: counts[status] for status in Status if counts[status]}


def of(session: Session, viewer: Viewer, today: dt.date, region: str = "") -> ObservedProgress:
    """A fixed number of statements, whatever there is."""
    narrowed = Filters(OPEN_ONES, region=region)
    late = replace(narrowed, overdue="1")
    blocked = worklist.first(session, viewer, replace(narrowed, state=State.BLOCKED.value), today, LINES)
    return ObservedProgress(
        regions=_regions(session, viewer, region),
        late=worklist.first(session, viewer, late, today, LINES),
        late_count=_count(session, viewer, late, today),
        stuck=_stuck(session, blocked),
        moved=_moved(session, viewer, today, region),
    )


def _regions(session: Session, viewer: Viewer, region: str) -> dict[str, StatusCounts]:
    """All recommendations of the meetings that the viewer reads in full, from the counts kept of each region."""
    query = (
        sa.select(_PLACE, col(Tally.status), sa.func.sum(col(Tally.count)))
        .where(col(Tally.scope) == Scope.REGION, col(Tally.counted) == Tallied.RECOMMENDATIONS, ~col(Tally.is_public))
        .where(_read_in_full(session, viewer))
        .group_by(sa.text("place"), col(Tally.status))
    )
    found: dict[str, dict[Status, int]] = defaultdict(dict)
    for place, status, count in session.execute(query):
        found[regions.CODES[place]][Status(status)] = int(count)
    return {
        code: {one: found[code][one] for one in Status if one in found[code]}
        for code in sorted(found)
        if region in ("", code)
    }


_PLACE: Any = (col(Tally.scope_id) % regions.STEP).label("place")


def _read_in_full(session: Session, viewer: Viewer) -> sa.ColumnElement[bool]:
    """Of their programmes every region; of a narrowed grant the one that it names, in its programme or in all."""
    known = regions.numbers(visible.programme_ids(session, viewer))
    regional = [one for one in observed.of(viewer) if one.body is None]
    known += [regions.number(one.programme, one.region) for one in regional if one.programme]
    everywhere = [regions.CODES.index(one.region) for one in regional if not one.programme]
    return sa.or_(col(Tally.scope_id).in_(known), (col(Tally.scope_id) % regions.STEP).in_(everywhere))


def _count(session: Session, viewer: Viewer, filters: Filters, today: dt.date) -> int:
    asked, values = worklist.asked_for(session, viewer, filters, "", today)
    picked = worklist.picked_of(asked, ranges.MOST + 1)
    if picked is None:
        return 0
    count: int = session.execute(sa.select(sa.func.count()).select_from(picked), values).scalar_one()
    return count


def _stuck(session: Session, lines: Sequence[Listed]) -> list[Stuck]:
    ids = [line.id for line in lines]
    who: dict[int, str] = dict(session.execute(_UNBLOCKERS, {"ids": ids}).all()) if ids else {}
    return [Stuck(line, who.get(line.id, "")) for line in lines]


def _moved(session: Session, viewer: Viewer, today: dt.date, region: str) -> list[LatelyMoved]:
    """What the public saw move within a week, of what is theirs to read."""
    columns = (col(getattr(Action, name)) for name in ("ref", "titles", "moved_at", "state"))
    since = clock.start(today - _WEEK, settings().zone)
    query = sa.select(*columns).where(sa.text(PUBLIC), col(Action.moved_at) >= since, _theirs(session, viewer))
    if region:
        there = sa.select(col(Meeting.id)).where(col(Meeting.region) == region)
        query = query.where(ranges.unindexed(col(Action.meeting_id)).in_(there))
    latest = query.order_by(col(Action.moved_at).desc(), col(Action.id).desc()).limit(LINES)
    return [LatelyMoved(*row) for row in session.execute(latest)]


def _theirs(session: Session, viewer: Viewer) -> sa.ColumnElement[bool]:
    """What they read, asked of the few that moved: by an index of its own it would be all of the programme."""
    programmes = ranges.unindexed(col(Action.programme_id)).in_(visible.programme_ids(session, viewer))
    return sa.or_(programmes, *map(observed.actions, observed.of(viewer)))


_UNBLOCKERS: Any = sa.select(col(Action.id), col(Action.who_can_unblock)).where(
    col(Action.id).in_(sa.bindparam("ids", expanding=True))
)
