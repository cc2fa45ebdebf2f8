"""The week of an observer: how far it is, what is stuck, what is late for long and what moved, as their grants reach.

What somebody answers for as a secretariat is told by the desk's part: of those programmes the observer's says nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import progress, regions
from app.domain.digest_shapes import ROWS
from app.domain.permissions import Grant, Role, Viewer
from app.domain.progress import Status
from app.domain.workflow import OWED, State
from app.models.actions import PUBLIC, Action, ActionSupport
from app.models.rollups import Scope, Tallied, Tally
from app.queries.mailing import digest_desks
from app.queries.mailing.digest_rows import DigestReader, DigestRows, ObservedFigures, Week
from app.queries.mailing.ladder_candidates import portions
from app.queries.scope import observed, ranges
from app.queries.scope.observed import Observed

LONG_DAYS = 30
_LATE = tuple(sorted(OWED - {State.BLOCKED}))  # what is stuck as well stands there


def reach(viewer: Viewer, known: Collection[int]) -> tuple[Observed, ...]:
    """Each grant in each programme that it opens, in one order for everybody who has the same."""
    mine = digest_desks.programmes(viewer)
    if mine is None:
        return ()
    found = {
        Observed(programme, grant.region, grant.organisation_id)
        for grant in viewer.grants
        if grant.role is Role.OBSERVER
        for programme in _opened(grant, known)
        if programme not in mine
    }
    return tuple(sorted(found, key=lambda one: (one.programme, one.region or "", one.body or 0)))


def _opened(grant: Grant, known: Collection[int]) -> Iterable[int]:
    return known if grant.programme_id is None else [grant.programme_id]


def week(session: Session, one: DigestReader, reach: Sequence[Observed], told: Set[int]) -> Week:
    long_ago = one.today - dt.timedelta(LONG_DAYS)
    moved = [sa.text(PUBLIC), col(Action.moved_at) >= one.window.start_at, col(Action.moved_at) < one.window.end_at]
    stuck = _listed(session, [part for grant in reach for part in _parts(grant, State.BLOCKED)], told)
    late = [part for grant in reach for state in _LATE for part in _parts(grant, state, long_ago)]
    return Week(
        stuck=stuck,
        long_overdue=_listed(session, late, told),
        moved=_listed(session, [_moved(reach, moved, long_ago)], told, latest=True),
        figures=figures(session, reach),
        told=told,
    )


def _parts(grant: Observed, state: State, before: dt.date | None = None) -> list[Any]:
    """Each one range of an index: what an organisation leads, and what it supports, have indexes of their own."""
    if grant.body is None:
        return [_part(col(Action.id), col(Action.due_on), before, observed.actions(grant), col(Action.state) == state)]
    narrowed = ranges.unindexed(col(Action.programme_id)) == grant.programme
    inside = [observed.actions(grant._replace(programme=None)), narrowed]
    led = col(Action.lead_organisation_id) == grant.body, col(Action.state) == state
    supported = col(ActionSupport.organisation_id) == grant.body, col(ActionSupport.state) == state.value
    part = _part(col(ActionSupport.action_id), col(ActionSupport.action_due_on), before, *supported, *inside)
    return [
        _part(col(Action.id), col(Action.due_on), before, *led, *inside),
        part.join(Action, col(Action.id) == col(ActionSupport.action_id)),
    ]


def _part(action_id: Any, due_on: Any, before: dt.date | None, *which: Any) -> Any:
    late = [due_on < before] if before else []
    return sa.select(action_id.label("id"), due_on.label("key")).where(*which, *late)


def _moved(reach: Sequence[Observed], moved: list[Any], long_ago: dt.date) -> Any:
    """Asked of the few that moved; what stands in the sections above does not move as well."""
    is_late = sa.and_(col(Action.state).in_(_LATE), sa.func.coalesce(col(Action.due_on), long_ago) < long_ago)
    is_told = sa.or_(col(Action.state) == State.BLOCKED, is_late)
    columns: Any = sa.select(col(Action.id).label("id"), col(Action.moved_at).label("key"))
    return columns.where(*moved, sa.not_(is_told), sa.or_(*map(_theirs, reach)))


def _theirs(grant: Observed) -> Any:
    narrowed = observed.actions(Observed(None, grant.region, grant.body)) if grant.region or grant.body else sa.true()
    return sa.and_(ranges.unindexed(col(Action.programme_id)) == grant.programme, narrowed)


def _listed(session: Session, parts: list[Any], told: Set[int], *, latest: bool = False) -> DigestRows:
    """The first rows; the count is of keys alone, which the indexes hold."""
    whole: Any = sa.union(*parts) if len(parts) > 1 else parts[0]
    elsewhere = _among(session, whole, told)
    picked = ranges.first(parts, ROWS + len(elsewhere), latest=latest)
    rows = session.execute(sa.select(picked.c.id).order_by(*ranges.order(picked, latest=latest)))
    ids = [row[0] for row in rows if row[0] not in elsewhere]
    count = session.scalars(sa.select(sa.func.count()).select_from(whole.subquery())).one()
    return DigestRows(tuple(ids[:ROWS]), count - len(elsewhere))


def _among(session: Session, whole: Any, told: Collection[int]) -> Set[int]:
    found: set[int] = set()
    rows = whole.subquery()
    for some in portions(told):
        found.update(session.scalars(sa.select(rows.c.id).where(rows.c.id.in_(some))))
    return found


def figures(session: Session, reach: Sequence[Observed]) -> ObservedFigures:
    """From the counts kept of each region; of organisations alone, from the actions that they lead."""
    scope = ";".join(f"{one.programme},{one.region or ''},{one.body or ''}" for one in reach)
    places = [number for one in reach if one.body is None for number in _numbers(one)]
    if not places:
        return _of_bodies(session, reach, scope)
    counted = sa.select(col(Tally.status), sa.func.sum(col(Tally.count))).where(
        col(Tally.scope) == Scope.REGION,
        col(Tally.counted) == Tallied.RECOMMENDATIONS,
        ~col(Tally.is_public),
        col(Tally.scope_id).in_(sorted(set(places))),
    )
    counts = {Status(status): int(count) for status, count in session.execute(counted.group_by(col(Tally.status)))}
    rate = progress.rate(counts)
    return ObservedFigures(scope, rate.implemented, rate.denominator)


def _numbers(one: Observed) -> list[int]:
    return regions.numbers([one.programme], one.region or "")


def _of_bodies(session: Session, reach: Sequence[Observed], scope: str) -> ObservedFigures:
    led = sa.or_(*(sa.and_(observed.actions(one), col(Action.lead_organisation_id) == one.body) for one in reach))
    live = col(Action.state).in_(sorted({*OWED, State.SUBMITTED, State.VERIFIED}))
    counts: Mapping[State, int] = dict(
        session.execute(
            sa.select(col(Action.state), sa.func.count()).where(led, live).group_by(col(Action.state))
        ).all()
    )
    return ObservedFigures(scope, counts.get(State.VERIFIED, 0), sum(counts.values()), is_of_actions=True)
