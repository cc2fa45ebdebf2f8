"""All counts from all items at once, by statements that count sets: what rebuilds and checks them.

What one item counts as is said in counts; a test compares the two after every kind of act.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.config import settings
from app.domain import regions
from app.domain.places import ALL
from app.domain.verbs import NEWS
from app.domain.workflow import NOT_STARTED, OWED, State
from app.models.actions import Action, ActionSupport
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.models.rollups import Dated, DayTally, Scope, Tallied, Tally
from app.models.updates import Update
from app.services.kernel import changes, counts, local_days
from app.services.kernel.counts import ON_DAY, UNDATED, Key

_REC, _ACT, _SUP, _UPD = (table_of(model) for model in (Recommendation, Action, ActionSupport, Update))
_MEETING = table_of(Meeting)
_TALLY, _DAYS = table_of(Tally), table_of(DayTally)
_TABLES = ((_TALLY, UNDATED), (_DAYS, ON_DAY))
_SHOWN = sa.and_(_ACT.c.is_public, _ACT.c.state != State.DRAFT)
_RUNNING = sa.and_(_SHOWN, _ACT.c.state.in_(sorted(OWED)))
_LED = _ACT.c.lead_organisation_id.is_not(None)


def recount(session: Session) -> None:
    """Throw all counts away and count again. Writers wait: what they have moved is either seen here or comes after."""
    session.flush()
    counts.forget(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE tally, day_tally IN SHARE ROW EXCLUSIVE MODE"))
    for table, _ in _TABLES:
        session.execute(sa.delete(table))
        columns = [column.name for column in table.columns]
        session.execute(sa.insert(table).from_select(columns, _expected(*_here(session), table, is_narrow=False)))
    changes.note(session, ALL)


def differing(session: Session) -> list[Key]:
    """The counts that are not what a recount would give; reads only."""
    found: set[Key] = set()
    for table, names in _TABLES:
        kept = sa.select(*table.columns)
        due = sa.select(*_expected(*_here(session), table, is_narrow=False).subquery().columns)
        for one, other in ((kept, due), (due, kept)):
            rows = session.execute(sa.except_(one, other))
            found |= {tuple(row[: len(names)]) for row in rows}
    return sorted(found, key=str)


def of_meetings(session: Session, meeting_ids: Sequence[int]) -> Counter[Key]:
    """What the items of these meetings count as."""
    found: Counter[Key] = Counter()
    for table, names in _TABLES:
        query = _expected(*_here(session), table, is_narrow=True)
        for row in session.execute(query, {"meeting_ids": list(meeting_ids)}):
            found[tuple(row[: len(names)])] += row[-1]
    return found


def moved(session: Session, meeting_ids: Sequence[int] | None = None) -> None:
    """Of each action the last act that is news, where another is kept."""
    latest = (
        sa.select(sa.func.max(_UPD.c.at))
        .where(_UPD.c.action_id == _ACT.c.id, _UPD.c.verb.in_(sorted(NEWS)))
        .scalar_subquery()
    )
    change = sa.update(_ACT).values(moved_at=latest).where(_ACT.c.moved_at.is_distinct_from(latest))
    session.execute(change if meeting_ids is None else change.where(_ACT.c.meeting_id.in_(meeting_ids)))


def _here(session: Session) -> tuple[str, dt.tzinfo]:
    """In which dialect, and in whose days."""
    return session.get_bind().dialect.name, settings().zone


@cache
def _expected(dialect: str, zone: dt.tzinfo, table: sa.Table, *, is_narrow: bool) -> Any:
    """Every count of a table, from the items; narrowed, from those of the meetings in `meeting_ids`."""
    parts = _undated() if table is _TALLY else _dated(dialect, zone)
    if table is _TALLY and not is_narrow:  # what moves of meetings is moved of their regions as it is written
        parts.append(_by_region())
    if is_narrow:
        narrow: Any = sa.bindparam("meeting_ids", expanding=True)
        parts = [part.where(_home(part).c.meeting_id.in_(narrow)) for part in parts]
    return sa.union_all(*parts)


def _home(part: sa.Select[Any]) -> sa.Table:
    return _REC if any(source is _REC for source in part.get_final_froms()) else _ACT


def _undated() -> list[sa.Select[Any]]:
    parts = []
    for scope, home in ((Scope.MEETING, _REC.c.meeting_id), (Scope.PROGRAMME, _REC.c.programme_id)):
        asked = scope, Tallied.RECOMMENDATIONS
        parts.append(_sum(*asked, False, home, _REC.c.status))
        parts.append(_sum(*asked, True, home, _REC.c.public_status).where(_REC.c.is_public))
        disputed = _sum(scope, Tallied.DISPUTED, True, home, _REC.c.public_status)
        parts.append(disputed.where(_REC.c.is_public, _REC.c.is_disputed))
    owned = Scope.PROGRAMME, Tallied.ACTIONS
    parts.append(_sum(*owned, False, _ACT.c.programme_id, _ACT.c.state))
    parts.append(_sum(*owned, True, _ACT.c.programme_id, _ACT.c.state).where(_SHOWN))
    led = _sum(Scope.ORGANISATION, Tallied.ACTIONS, True, _ACT.c.lead_organisation_id, _ACT.c.state)
    parts.append(led.where(_SHOWN, _LED))
    helped = _sum(Scope.ORGANISATION, Tallied.SUPPORTED, True, _SUP.c.organisation_id, None)
    parts.append(helped.join_from(_ACT, _SUP, _SUP.c.action_id == _ACT.c.id).where(_SHOWN))
    return parts


def _by_region() -> sa.Select[Any]:
    place = sa.case({code: number for number, code in enumerate(regions.CODES)}, value=_MEETING.c.region)
    home = (_MEETING.c.programme_id * regions.STEP + place).label("scope_id")
    query = _sum(Scope.REGION, Tallied.RECOMMENDATIONS, False, home, _REC.c.status)
    return query.join_from(_REC, _MEETING, _MEETING.c.id == _REC.c.meeting_id)


def _sum(scope: Scope, counted: Tallied, is_public: bool, home: Any, status: Any) -> sa.Select[Any]:
    word = sa.literal("") if status is None else sa.cast(status, sa.String(32))
    columns = (_said(scope, _TALLY.c.scope), _said(counted, _TALLY.c.counted), sa.literal(is_public).label("is_public"))
    query = sa.select(*columns, home.label("scope_id"), word.label("status"), sa.func.count().label("count"))
    return query.group_by(home) if status is None else query.group_by(home, status)


def _dated(dialect: str, zone: dt.tzinfo) -> list[sa.Select[Any]]:
    parts = []
    lead = _ACT.c.lead_organisation_id
    homes = (Scope.SITE, None), (Scope.PROGRAMME, _ACT.c.programme_id), (Scope.ORGANISATION, lead)
    for scope, home in homes:
        led = [_LED] if scope is Scope.ORGANISATION else []
        parts.append(_days(scope, Dated.OWED, home, _ACT.c.due_on).where(_RUNNING, *led))
    begun = _ACT.c.state.not_in(sorted(NOT_STARTED))
    parts.append(_days(Scope.ORGANISATION, Dated.UNDER_WAY, lead, _ACT.c.due_on).where(_RUNNING, _LED, begun))
    since = local_days.day(dialect, sa.func.coalesce(_ACT.c.last_word_at, _ACT.c.assigned_at), zone)
    parts.append(_days(Scope.ORGANISATION, Dated.SILENT, lead, since).where(_RUNNING, _LED))
    for scope, home in ((Scope.SITE, None), (Scope.PROGRAMME, _REC.c.programme_id)):
        parts.append(_days(scope, Dated.LATE, home, _REC.c.owed_on).where(_REC.c.is_public))
    growth = (
        (Dated.PUBLISHED, local_days.day(dialect, _REC.c.published_at, zone)),
        (Dated.PLANNED, _REC.c.planned_on),
        (Dated.IMPLEMENTED, _REC.c.implemented_on),
    )
    for counted, day in growth:
        parts.append(_days(Scope.SITE, counted, None, day).where(_REC.c.is_public))
        parts.append(_days(Scope.MONTHS, counted, None, _month(dialect, day)).where(_REC.c.is_public))
    return parts


def _days(scope: Scope, counted: Dated, home: Any, day: Any) -> sa.Select[Any]:
    words = _said(scope, _DAYS.c.scope), _said(counted, _DAYS.c.counted)
    whose = sa.literal(0) if home is None else home
    query = sa.select(*words, whose.label("scope_id"), day.label("on"), sa.func.count().label("count"))
    return query.where(day.is_not(None)).group_by(*([] if home is None else [home]), "on")


def _said(value: object, column: Any) -> Any:
    return sa.literal(value, column.type).label(column.name)


def _month(dialect: str, day: Any) -> Any:
    if dialect == "postgresql":
        return sa.cast(sa.func.date_trunc(sa.text("'month'"), day), sa.Date())
    return sa.func.date(day, sa.text("'start of month'"), type_=sa.Date())
