"""Which actions the posts of one person owe, section by section: ids alone, each section read from its index."""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.workflow import IN_HAND, State
from app.models.actions import Action, ActionSupport
from app.models.base import UtcDateTime, table_of
from app.queries.scope import cursors, ranges
from app.queries.scope.ranges import Condition
from app.statements import Statement

SOON = dt.timedelta(days=7)
_ACT, _SUP = table_of(Action), table_of(ActionSupport)


class MineSection(StrEnum):
    """What is urgent comes first; `counted` are the ones that wait for the person."""

    LATE = "late"
    WEEK = "week"
    NEW = "new"
    WAITING = "waiting"
    LATER = "later"
    DONE = "done"


COUNTED = (MineSection.LATE, MineSection.WEEK, MineSection.NEW)
_IN_HAND = tuple(sorted(IN_HAND))
_STATES: dict[MineSection, tuple[State, ...]] = {
    MineSection.LATE: (State.ASSIGNED, *_IN_HAND),
    MineSection.WEEK: _IN_HAND,
    MineSection.NEW: (State.ASSIGNED,),
    MineSection.WAITING: (State.SUBMITTED, State.DECLINED),
    MineSection.LATER: _IN_HAND,
}


_Posts = tuple[sa.BindParameter[int], ...]


class SectionKey(NamedTuple):
    """`key` is the date or the instant by which the section is ordered; it stands in cursors."""

    id: int
    key: dt.date | dt.datetime


class Keys(NamedTuple):
    page: list[SectionKey]  # from where the cursor says, one more than is shown
    total: int  # one more than `ranges.MOST` at the most; 0 where nobody counts


def found(
    session: Session, posts: frozenset[int], today: dt.date, given: Mapping[str, str], size: int
) -> dict[MineSection, Keys]:
    """Two statements. `given` are cursors by the names of parts, `size` how many lines of each are shown."""
    points = {part: cursors.day(given[part], **_others(given, part)) for part in _STATES if given.get(part)}
    kinds = tuple(_kind(points.get(part)) for part in _STATES)
    values: dict[str, object] = {"today": today, "until": today + SOON}
    for part, point in points.items():
        if point:
            values |= {f"{part}_key": point[0], f"{part}_id": point[1]}
    values |= ranges.put("post", sorted(posts))
    pages: dict[str, list[SectionKey]] = {}
    for label, row_id, key in _open(len(posts), kinds, size).rows(session, values) if posts else ():
        pages.setdefault(label, []).append(SectionKey(row_id, key or ranges.LAST))
    keys = {part: Keys(pages.get(f"{part}+", pages.get(part, [])), len(pages.get(part, []))) for part in _STATES}
    ended = _ended(session, posts, given, size + 1) if posts else []
    return keys | {MineSection.DONE: Keys(ended, 0)}


def _others(given: Mapping[str, str], part: MineSection) -> dict[str, str]:
    return {name: cursor for name, cursor in given.items() if name != part}


def _kind(point: tuple[dt.date, int] | None) -> str:
    return "" if point is None else "none" if point[0] == ranges.LAST else "key"


@lru_cache(maxsize=64)
def _open(count: int, kinds: tuple[str, ...], size: int) -> Statement:
    """All parts but the last in one statement, with a label; `part+` is a page further on, beside what is counted."""
    selects, posts = [], ranges.places("post", count)
    for part, kind in zip(_STATES, kinds, strict=True):
        if part in COUNTED or not kind:
            most = ranges.MOST if part in COUNTED else size
            selects.append(_labelled(part, _ranges(part, posts, ""), most + 1))
        if kind:
            selects.append(_labelled(f"{part}+", _ranges(part, posts, kind), size + 1))
    whole = sa.union_all(*selects).subquery()
    return Statement(sa.select(whole).order_by(whole.c.label, whole.c.key.asc().nulls_last(), whole.c.id))


def _labelled(label: str, parts: Iterator[sa.Select[Any]], limit: int) -> sa.Select[Any]:
    picked = ranges.first(list(parts), limit)
    return sa.select(sa.literal_column(f"'{label}'").label("label"), picked.c.id, picked.c.key)


def _ranges(part: MineSection, posts: _Posts, kind: str) -> Iterator[sa.Select[Any]]:
    """One for each post and state, which is how the indexes are ordered, of what is owned and of what is supported."""
    owned: Any = sa.select(_ACT.c.id.label("id"), _ACT.c.due_on.label("key"))
    supported: Any = sa.select(_SUP.c.action_id.label("id"), _SUP.c.key_on.label("key"))
    owned_then = _within(part, _ACT.c.due_on, _ACT.c.id, kind)
    supported_then = _within(part, _SUP.c.key_on, _SUP.c.action_id, kind)
    of_others = tuple(_of_others(posts))
    for post in posts:
        for state in _STATES[part]:
            mine = owned.where(_ACT.c.owner_post_id == post, _ACT.c.state == state)
            theirs = supported.where(_SUP.c.post_id == post, *of_others, _SUP.c.stage == state.value)
            yield from (mine.where(within) for within in owned_then)
            yield from (theirs.where(within) for within in supported_then)


def _within(part: MineSection, due: Any, row_id: Any, kind: str) -> list[Condition]:
    """The dates of a part, as far as they lie behind the cursor; what has no date is new, or waits."""
    today, until = sa.bindparam("today", type_=sa.Date()), sa.bindparam("until", type_=sa.Date())
    dated = {
        MineSection.LATE: due < today,
        MineSection.WEEK: sa.and_(due >= today, due <= until),
        MineSection.NEW: due >= today,
        MineSection.WAITING: due.is_not(None),
        MineSection.LATER: due > until,
    }[part]
    undated = [due.is_(None)] if part in (MineSection.NEW, MineSection.WAITING) else []
    if not kind:
        return [dated, *undated]
    *further, none = ranges.after(due, row_id, part, is_none=kind == "none")
    return [sa.and_(dated, condition) for condition in further] + ([none] if undated else [])


def _of_others(posts: _Posts) -> Iterator[Condition]:
    """What is supported and none of one's posts owns; of several parts of one's own the earliest counts."""
    owned = sa.exists().where(_ACT.c.id == _SUP.c.action_id, _ACT.c.owner_post_id.in_(posts))
    yield ~owned.correlate(_SUP)
    if len(posts) > 1:
        other = _SUP.alias()
        place = [(sa.func.coalesce(one.c.key_on, ranges.LAST), one.c.organisation_id) for one in (other, _SUP)]
        earlier = sa.exists().where(
            other.c.action_id == _SUP.c.action_id,
            other.c.post_id.in_(posts),
            sa.tuple_(*place[0]) < sa.tuple_(*place[1]),
        )
        yield ~earlier.correlate(_SUP)


def _ended(session: Session, posts: frozenset[int], given: Mapping[str, str], limit: int) -> list[SectionKey]:
    """The latest first."""
    point = cursors.moment(given.get(MineSection.DONE, ""), **_others(given, MineSection.DONE))
    values: dict[str, object] = {"ended": point[0], "last": point[1]} if point else {}
    values |= ranges.put("post", sorted(posts))
    return [SectionKey(*row) for row in _ended_by(len(posts), point is not None, limit).rows(session, values)]


@lru_cache(maxsize=64)
def _ended_by(count: int, is_after: bool, limit: int) -> Statement:
    posts = ranges.places("post", count)
    owned: Any = sa.select(_ACT.c.id.label("id"), _ACT.c.ended_at.label("key"))
    supported: Any = sa.select(_SUP.c.action_id.label("id"), _SUP.c.ended_at.label("key"))
    parts, of_others = [], tuple(_of_others(posts))
    for post in posts:
        mine = owned.where(_ACT.c.owner_post_id == post, _ACT.c.ended_at.is_not(None))
        theirs = supported.where(_SUP.c.post_id == post, *of_others, _SUP.c.ended_at.is_not(None))
        parts += [
            mine.where(*_before(_ACT.c.ended_at, _ACT.c.id, is_after)),
            theirs.where(*_before(_SUP.c.ended_at, _SUP.c.action_id, is_after)),
        ]
    picked = ranges.first(parts, limit, latest=True)
    return Statement(sa.select(picked.c.id, picked.c.key).order_by(*ranges.order(picked, latest=True)))


def _before(key: Any, row_id: Any, is_after: bool) -> list[Condition]:
    ended, last = sa.bindparam("ended", type_=UtcDateTime()), sa.bindparam("last", type_=sa.Integer())
    return [key <= ended, sa.or_(key < ended, sa.and_(key == ended, row_id < last))] if is_after else []
