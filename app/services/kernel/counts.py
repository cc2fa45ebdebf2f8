"""What one item counts as, and how the counts move: all that a transaction moved is written once, at its end.

Written in one order of keys and after everything else is locked, so that two transactions never wait for each other.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlmodel import Session, SQLModel

from app import clock, db
from app.config import settings
from app.domain import places, regions
from app.domain.workflow import NOT_STARTED, OWED, State
from app.models.actions import Action
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.models.rollups import Dated, DayTally, Scope, Tallied, Tally
from app.services.kernel import changes
from app.statements import Statement

Undated = tuple[Scope, Tallied, bool, int, str]
OnDay = tuple[Scope, Dated, int, dt.date]
Key = Undated | OnDay
UNDATED = ("scope", "counted", "is_public", "scope_id", "status")
ON_DAY = ("scope", "counted", "scope_id", "on")
_MOVED = "counts"


def of(recommendation: Recommendation, actions: Iterable[Action]) -> Counter[Key]:
    """What these items count as now; what is not stored yet counts as nothing."""
    keys = of_actions(actions)
    keys.update(_of_recommendation(recommendation) if recommendation.id else ())
    return keys


def of_actions(actions: Iterable[Action]) -> Counter[Key]:
    """What these count as for themselves."""
    return Counter(key for action in actions if action.id for key in _of_action(action))


def is_shown(action: Action) -> bool:
    """A draft doesn't exist outside, whatever its flag says."""
    return action.is_public and action.state != State.DRAFT


def _of_recommendation(item: Recommendation) -> Iterator[Key]:
    homes = (Scope.MEETING, item.meeting_id), (Scope.PROGRAMME, item.programme_id)
    for scope, scope_id in homes:
        yield scope, Tallied.RECOMMENDATIONS, False, scope_id, str(item.status)
        if item.is_public:
            yield scope, Tallied.RECOMMENDATIONS, True, scope_id, str(item.public_status)
        if item.is_public and item.is_disputed:
            yield scope, Tallied.DISPUTED, True, scope_id, str(item.public_status)
    if item.is_public:
        yield from _days_of_recommendation(item)


def _days_of_recommendation(item: Recommendation) -> Iterator[Key]:
    published_on = clock.day(item.published_at, settings().zone)
    steps = (Dated.PUBLISHED, published_on), (Dated.PLANNED, item.planned_on), (Dated.IMPLEMENTED, item.implemented_on)
    for counted, on in steps:
        if on:
            yield Scope.SITE, counted, 0, on
            yield Scope.MONTHS, counted, 0, on.replace(day=1)
    if item.owed_on:
        yield Scope.SITE, Dated.LATE, 0, item.owed_on
        yield Scope.PROGRAMME, Dated.LATE, item.programme_id, item.owed_on


def _of_action(item: Action) -> Iterator[Key]:
    lead, state = item.lead_organisation_id, str(item.state)
    yield Scope.PROGRAMME, Tallied.ACTIONS, False, item.programme_id, state
    if not is_shown(item):
        return
    yield Scope.PROGRAMME, Tallied.ACTIONS, True, item.programme_id, state
    if lead:
        yield Scope.ORGANISATION, Tallied.ACTIONS, True, lead, state
    if item.state in OWED:
        yield from _days_of_action(item, lead)


def _days_of_action(item: Action, lead: int | None) -> Iterator[Key]:
    since = item.last_word_at or item.assigned_at
    if item.due_on:
        yield Scope.SITE, Dated.OWED, 0, item.due_on
        yield Scope.PROGRAMME, Dated.OWED, item.programme_id, item.due_on
    if lead and item.due_on:
        yield Scope.ORGANISATION, Dated.OWED, lead, item.due_on
        if item.state not in NOT_STARTED:
            yield Scope.ORGANISATION, Dated.UNDER_WAY, lead, item.due_on
    if lead and since:
        yield Scope.ORGANISATION, Dated.SILENT, lead, clock.day(since, settings().zone)


def move(session: Session, before: Counter[Key], after: Counter[Key]) -> None:
    """Remember the difference until the transaction ends."""
    change = Counter(after)
    change.subtract(before)
    pending = _pending(session)
    for key, count in change.items():
        pending[key] += count


def forget(session: Session) -> None:
    """What was moved so far is in a recount already."""
    session.info.pop(_MOVED, None)


def _pending(session: Session) -> Counter[Key]:
    """Of the innermost transaction: what moved since a savepoint is forgotten with it, or kept with what was before."""
    moved: dict[object, Counter[Key]] = session.info.setdefault(_MOVED, {})
    return moved.setdefault(session.get_nested_transaction() or session.get_transaction(), Counter())


def settle(session: Session) -> None:
    """Write what was moved; called as the transaction ends, and by whoever reads counts before."""
    session.flush()
    pending = _pending(session)
    if not pending:
        return
    pending.update(_by_region(session, pending))
    moved = sorted(((key, count) for key, count in pending.items() if count), key=lambda pair: str(pair[0]))
    pending.clear()
    for model, names in ((DayTally, ON_DAY), (Tally, UNDATED)):
        rows = [dict(zip(names, key, strict=True)) | {"count": count} for key, count in moved if len(key) == len(names)]
        if rows:
            _write(session, model, names, rows)
    changes.note(session, *(place for key, _ in moved for place in _shown_in(key)))


def _by_region(session: Session, moved: Counter[Key]) -> Counter[Key]:
    """What meetings count, once more for the region that they are of."""
    of_meetings = [(key, count) for key, count in moved.items() if key[:3] == _OF_MEETING and count]
    found: Counter[Key] = Counter()
    if of_meetings:
        ids = sorted({int(str(key[3])) for key, _ in of_meetings})
        there = {row[0]: regions.number(row[1], row[2]) for row in session.execute(_REGIONS, {"ids": ids})}
        for (*_, meeting_id, status), count in of_meetings:
            found[(*_OF_REGION, there[int(str(meeting_id))], str(status))] += count
    return found


def change_region(session: Session, meeting: Meeting, code: str) -> None:
    """What is below the meeting, which is locked, counts in another region from now on."""
    settle(session)
    mine = _TALLY.c.scope == Scope.MEETING, _TALLY.c.counted == Tallied.RECOMMENDATIONS, ~_TALLY.c.is_public
    query = sa.select(_TALLY.c.status, _TALLY.c.count).where(*mine, _TALLY.c.scope_id == meeting.id)
    counted = {row[0]: row[1] for row in session.execute(query)}
    before, after = (
        Counter[Key](
            {(*_OF_REGION, regions.number(meeting.programme_id, one), status): n for status, n in counted.items()}
        )
        for one in (meeting.region, code)
    )
    move(session, before, after)


_TALLY, _MEETING = table_of(Tally), table_of(Meeting)
_OF_MEETING = (Scope.MEETING, Tallied.RECOMMENDATIONS, False)
_OF_REGION = (Scope.REGION, Tallied.RECOMMENDATIONS, False)
_REGIONS: Any = sa.select(_MEETING.c.id, _MEETING.c.programme_id, _MEETING.c.region).where(
    _MEETING.c.id.in_(sa.bindparam("ids", expanding=True))
)


def _write(session: Session, model: type[SQLModel], names: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    _adding(db.insert(session, model), names).run_each(session, rows)
    if fewer := [{f"old_{name}": row[name] for name in names} for row in rows if int(str(row["count"])) < 0]:
        _dropping(model, names).run_each(session, fewer)


@cache
def _adding(insert: db.Insert, names: tuple[str, ...]) -> Statement:
    added = insert.table.c.count + insert.excluded["count"]
    return Statement(insert.on_conflict_do_update(index_elements=list(names), set_={"count": added}))


@cache
def _dropping(model: type[SQLModel], names: tuple[str, ...]) -> Statement:
    table = table_of(model)
    same: list[Any] = [table.c[name] == sa.bindparam(f"old_{name}") for name in names]
    return Statement(sa.delete(table).where(*same, table.c.count == 0))


def _shown_in(key: Key) -> Iterator[str]:
    """Which public pages show this count; none for those of the house alone."""
    scope, counted, *_ = key
    if len(key) == len(UNDATED) and not key[2]:
        return
    if scope in (Scope.SITE, Scope.MONTHS) or counted in (Tallied.RECOMMENDATIONS, Tallied.DISPUTED):
        yield places.COUNTS  # the totals of the site are added up from those of its programmes
    if scope not in (Scope.SITE, Scope.MONTHS):
        yield places.of(scope, int(str(key[3] if len(key) == len(UNDATED) else key[2])))


def _at_the_end(session: Session) -> None:
    nested = session.get_nested_transaction()
    if nested is None:
        settle(session)
        changes.write(session)
        session.info.pop(_MOVED, None)
        return
    moved: dict[object, Counter[Key]] = session.info.get(_MOVED, {})
    if own := moved.pop(nested, None):
        moved.setdefault(nested.parent, Counter()).update(own)


sa.event.listen(orm.Session, "before_commit", _at_the_end)
