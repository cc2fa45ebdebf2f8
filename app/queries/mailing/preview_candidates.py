"""Which open actions a page of the preview looks at: those whose steps go on first, each exactly once, by index."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.workflow import IN_HAND, State
from app.models.actions import IS_ASSIGNED, Action
from app.queries.scope import cursors, ranges

RECENT = dt.timedelta(days=40)  # whoever has not confirmed by then has been asked for the last time
_DUE, _ASSIGNED_AT, _ID = col(Action.due_on), col(Action.assigned_at), col(Action.id)
_LATELY: Any = sa.bindparam("lately")


class _Phase(NamedTuple):
    """Ordered by what, and one condition for each range of an index that begins with the programme."""

    key: Any
    parts: tuple[Any, ...]


_PHASES = (
    _Phase(_DUE, tuple(col(Action.state) == state for state in sorted(IN_HAND))),
    _Phase(_ASSIGNED_AT, (sa.and_(ranges.said("action", IS_ASSIGNED), _ASSIGNED_AT > _LATELY),)),
    _Phase(
        _DUE,
        (
            sa.and_(col(Action.state) == State.ASSIGNED, _ASSIGNED_AT <= _LATELY),
            *(col(Action.state) == state for state in (State.DECLINED, State.SUBMITTED)),
        ),
    ),
)


def page(
    session: Session, programmes: Collection[int], now: dt.datetime, cursor: str, limit: int
) -> tuple[list[int], str]:
    """The next `limit` actions of the programmes behind the cursor, and the cursor of those that follow."""
    start, point = _read(cursor)
    found: list[int] = []
    for number in range(start, len(_PHASES)) if programmes else ():
        rows = _rows(session, programmes, now, _PHASES[number], point if number == start else None, limit - len(found))
        most = limit - len(found)
        found += [row.id for row in rows[:most]]
        if len(rows) > most:
            last = rows[most - 1] if most else None
            return found, f"{number}{cursors.encode(last.key or ranges.LAST, last.id) if last else ''}"
    return found, ""


def _read(cursor: str) -> tuple[int, tuple[Any, int] | None]:
    """The phase, and the last row shown of it; raises InvalidQuery for anything we never gave out."""
    if not cursor:
        return 0, None
    if cursor[0] not in "012":
        cursors.day(cursor)  # says so
        return 0, None
    number, rest = int(cursor[0]), cursor[1:]
    return number, cursors.moment(rest) if _PHASES[number].key is _ASSIGNED_AT else cursors.day(rest)


def _rows(
    session: Session,
    programmes: Collection[int],
    now: dt.datetime,
    phase: _Phase,
    point: tuple[Any, int] | None,
    limit: int,
) -> list[Any]:
    keys: Any = sa.select(_ID.label("id"), phase.key.label("key"))
    behind: list[Any] = [sa.true()]
    values: dict[str, object] = {"lately": now - RECENT}
    if point:
        behind = ranges.after(phase.key, _ID, is_none=point[0] == ranges.LAST)
        values |= {"after_key": point[0], "after_id": point[1]}
    parts = [
        keys.where(col(Action.programme_id) == programme, which, further)
        for programme in sorted(programmes)
        for which in phase.parts
        for further in behind
    ]
    picked = ranges.first(parts, limit + 1)
    query = sa.select(picked.c.id, picked.c.key).order_by(*ranges.order(picked))
    return list(session.execute(query, values).all())
