"""Which actions the posts of one person owe, section by section: ids alone, each section read from its index."""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.workflow import State
from app.models.actions import Action, ActionSupport
from app.models.base import UtcDateTime
from app.queries import cursors, ranges
from app.queries.ranges import Condition

SOON = dt.timedelta(days=7)


class Part(StrEnum):
    """What is urgent comes first; `counted` are the ones that wait for the person."""

    LATE = "late"
    WEEK = "week"
    NEW = "new"
    WAITING = "waiting"
    LATER = "later"
    DONE = "done"


COUNTED = (Part.LATE, Part.WEEK, Part.NEW)
_BEGUN = (State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED)
_STATES: dict[Part, tuple[State, ...]] = {
    Part.LATE: (State.ASSIGNED, *_BEGUN),
    Part.WEEK: _BEGUN,
    Part.NEW: (State.ASSIGNED,),
    Part.WAITING: (State.SUBMITTED, State.DECLINED),
    Part.LATER: _BEGUN,
}


class Key(NamedTuple):
    """`key` is the date or the instant by which the section is ordered; it stands in cursors."""

    id: int
    key: dt.date | dt.datetime


class Keys(NamedTuple):
    page: list[Key]  # from where the cursor says, one more than is shown
    total: int  # one more than `ranges.MOST` at the most; 0 where nobody counts


def found(
    session: Session, posts: frozenset[int], today: dt.date, given: Mapping[str, str], sizes: Mapping[Part, int]
) -> dict[Part, Keys]:
    """Two statements. `given` are cursors by the names of parts, `sizes` how many lines of each are shown."""
    points = {part: cursors.day(given[part], **_others(given, part)) for part in _STATES if given.get(part)}
    kinds = tuple(_kind(points.get(part)) for part in _STATES)
    values: dict[str, object] = {"today": today, "until": today + SOON}
    for part, point in points.items():
        if point:
            values |= {f"{part}_key": point[0], f"{part}_id": point[1]}
    ids = tuple(sorted(posts))
    pages: dict[str, list[Key]] = {}
    shown = tuple(sizes[part] for part in _STATES)
    for label, row_id, key in session.execute(_open(ids, kinds, shown), values) if ids else ():
        pages.setdefault(label, []).append(Key(row_id, key or ranges.LAST))
    keys = {part: Keys(pages.get(f"{part}+", pages.get(part, [])), len(pages.get(part, []))) for part in _STATES}
    ended = _ended(session, ids, given, sizes[Part.DONE] + 1) if ids else []
    return keys | {Part.DONE: Keys(ended, 0)}


def _others(given: Mapping[str, str], part: Part) -> dict[str, str]:
    return {name: cursor for name, cursor in given.items() if name != part}


def _kind(point: tuple[dt.date, int] | None) -> str:
    return "" if point is None else "none" if point[0] == ranges.LAST else "key"


@lru_cache(maxsize=512)
def _open(posts: tuple[int, ...], kinds: tuple[str, ...], sizes: tuple[int, ...]) -> Any:
    """All parts but the last in one statement, with a label; `part+` is a page further on, beside what is counted."""
    supported = _supported(posts)
    selects = []
    for part, kind, size in zip(_STATES, kinds, sizes, strict=True):
        if part in COUNTED or not kind:
            most = ranges.MOST if part in COUNTED else size
            selects.append(_labelled(part, _ranges(part, posts, supported, ""), most + 1))
        if kind:
            selects.append(_labelled(f"{part}+", _ranges(part, posts, supported, kind), size + 1))
    whole = sa.union_all(*selects).subquery()
    return sa.select(whole).order_by(whole.c.label, whole.c.key.asc().nulls_last(), whole.c.id)


def _labelled(label: str, parts: Iterator[sa.Select[Any]], limit: int) -> sa.Select[Any]:
    picked = ranges.first(list(parts), limit)
    return sa.select(sa.literal_column(f"'{label}'").label("label"), picked.c.id, picked.c.key)


def _ranges(part: Part, posts: tuple[int, ...], supported: Any, kind: str) -> Iterator[sa.Select[Any]]:
    """One for each post and state, which is how the index is ordered, and one for what is supported."""
    for within in _within(part, col(Action.due_on), col(Action.id), kind):
        for post in posts:
            for state in _STATES[part]:
                own: Any = sa.select(col(Action.id).label("id"), col(Action.due_on).label("key"))
                yield own.where(col(Action.owner_post_id) == post, col(Action.state) == state, within)
    for within in _within(part, supported.c.key, supported.c.id, kind):
        yield sa.select(supported.c.id, supported.c.key).where(supported.c.state.in_(_STATES[part]), within)


def _within(part: Part, due: Any, row_id: Any, kind: str) -> list[Condition]:
    """The dates of a part, as far as they lie behind the cursor; what has no date is new, or waits."""
    today, until = sa.bindparam("today", type_=sa.Date()), sa.bindparam("until", type_=sa.Date())
    dated = {
        Part.LATE: due < today,
        Part.WEEK: sa.and_(due >= today, due <= until),
        Part.NEW: due >= today,
        Part.WAITING: due.is_not(None),
        Part.LATER: due > until,
    }[part]
    undated = [due.is_(None)] if part in (Part.NEW, Part.WAITING) else []
    if not kind:
        return [dated, *undated]
    *further, none = ranges.after(due, row_id, part, is_none=kind == "none")
    return [sa.and_(dated, condition) for condition in further] + ([none] if undated else [])


def _supported(posts: tuple[int, ...]) -> Any:
    """What other posts own and these support, by the date of their own part where it has one."""
    return (
        sa.select(
            col(Action.id).label("id"),
            sa.type_coerce(
                sa.func.coalesce(sa.func.min(col(ActionSupport.due_on)), col(Action.due_on)), sa.Date()
            ).label("key"),
            col(Action.state).label("state"),
            col(Action.ended_at).label("ended_at"),
        )
        .select_from(ActionSupport)
        .join(Action, col(Action.id) == col(ActionSupport.action_id))
        .where(col(ActionSupport.post_id).in_(posts), col(Action.assigned_at).is_not(None))
        .where(sa.or_(col(Action.owner_post_id).is_(None), col(Action.owner_post_id).not_in(posts)))
        .group_by(col(Action.id))
        .cte("supported")
    )


def _ended(session: Session, posts: tuple[int, ...], given: Mapping[str, str], limit: int) -> list[Key]:
    """The latest first."""
    point = cursors.moment(given.get(Part.DONE, ""), **_others(given, Part.DONE))
    values = {"ended": point[0], "last": point[1]} if point else {}
    return [Key(*row) for row in session.execute(_ended_by(posts, point is not None, limit), values)]


@lru_cache(maxsize=512)
def _ended_by(posts: tuple[int, ...], is_after: bool, limit: int) -> Any:
    supported = _supported(posts)
    mine: Any = sa.select(col(Action.id).label("id"), col(Action.ended_at).label("key"))
    parts = [
        mine.where(col(Action.owner_post_id) == post, col(Action.ended_at).is_not(None), *_before(Action, is_after))
        for post in posts
    ]
    theirs = sa.select(supported.c.id, supported.c.ended_at.label("key")).where(supported.c.ended_at.is_not(None))
    picked = ranges.first([*parts, theirs.where(*_before(supported.c, is_after))], limit, latest=True)
    return sa.select(picked.c.id, picked.c.key).order_by(*ranges.order(picked, latest=True))


def _before(rows: Any, is_after: bool) -> list[Condition]:
    ended, last = sa.bindparam("ended", type_=UtcDateTime()), sa.bindparam("last", type_=sa.Integer())
    earlier = sa.or_(rows.ended_at < ended, sa.and_(rows.ended_at == ended, rows.id < last))
    return [rows.ended_at <= ended, earlier] if is_after else []
