"""The sections of the desk as statements: what belongs in each, in which order, and by which index it is found."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.domain.progress import Status
from app.domain.workflow import State
from app.models.actions import IS_ASSIGNED, IS_AWAITED, IS_GIVEN, Action
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries.followup import actions
from app.queries.scope import cursors, ranges
from app.queries.scope.ranges import Condition, said

WIDTH = len(actions.ROW)


class DeskSection(StrEnum):
    TO_ASSIGN = "to_assign"
    TO_VERIFY = "to_verify"
    WORDS = "words"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    SILENT = "silent"
    FAILED = "failed"
    UNANSWERED = "unanswered"
    UNPLANNED = "unplanned"
    TO_PUBLISH = "to_publish"


@dataclass(frozen=True)
class _Rows:
    """Of which table, ordered by what; each of `parts` is one range of an index that begins with the programme."""

    table: Any
    key: Any
    parts: tuple[tuple[Condition, ...], ...]


_HEARD: Any = sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))
_SINCE: Any = sa.func.coalesce(col(Recommendation.responded_at), col(Recommendation.created_at))
_PARENT = (
    sa.exists().where(col(Recommendation.id) == col(Action.recommendation_id), col(Recommendation.is_public))
).correlate(Action)
_WAITING = (
    said("progress_update", "released_at IS NULL"),
    said("progress_update", "public_summary <> ''"),
    said("progress_update", "withheld_reason = ''"),
)


def _in_state(*states: State) -> tuple[tuple[Condition, ...], ...]:
    return tuple((col(Action.state) == state,) for state in states)


# By deadline; who is waited for comes by how long: the order of the index that finds them.
_SECTIONS: dict[DeskSection, _Rows] = {
    DeskSection.TO_ASSIGN: _Rows(Action, col(Action.due_on), _in_state(State.DRAFT, State.DECLINED)),
    DeskSection.TO_VERIFY: _Rows(Action, col(Action.due_on), _in_state(State.SUBMITTED)),
    DeskSection.BLOCKED: _Rows(Action, col(Action.due_on), _in_state(State.BLOCKED)),
    DeskSection.UNCONFIRMED: _Rows(
        Action,
        col(Action.assigned_at),
        ((said("action", IS_ASSIGNED), col(Action.assigned_at) < sa.bindparam("asked")),),
    ),
    DeskSection.SILENT: _Rows(Action, _HEARD, ((said("action", IS_AWAITED), sa.bindparam("silent") > _HEARD),)),
    DeskSection.TO_PUBLISH: _Rows(
        Action, col(Action.due_on), ((said("action", IS_GIVEN), col(Action.published_at).is_(None), _PARENT),)
    ),
    DeskSection.WORDS: _Rows(Update, col(Update.id), (_WAITING,)),
    DeskSection.UNANSWERED: _Rows(Recommendation, _SINCE, ((col(Recommendation.status) == Status.AWAITING_RESPONSE,),)),
    DeskSection.UNPLANNED: _Rows(Recommendation, _SINCE, ((col(Recommendation.status) == Status.ACCEPTED_NO_ACTION,),)),
}
ACTIONS = frozenset(section for section, rows in _SECTIONS.items() if rows.table is Action)


@lru_cache(maxsize=256)
def counted(section: DeskSection, programmes: tuple[int, ...]) -> Any:
    """How many there are, as an expression that stops counting early."""
    return ranges.counted(_parts(section, programmes, ""))


@lru_cache(maxsize=256)
def listed(section: DeskSection, programmes: tuple[int, ...], limit: int, after: str = "") -> Any:
    """The rows, each behind its key; `after`: behind a row with a key, or behind one without ("none")."""
    picked = ranges.first(_parts(section, programmes, after), limit)
    return _FETCHED[_SECTIONS[section].table](picked).order_by(*ranges.order(picked))


def _parts(section: DeskSection, programmes: tuple[int, ...], after: str) -> list[sa.Select[Any]]:
    rows = _SECTIONS[section]
    key, row_id = rows.key, rows.table.id
    behind: list[tuple[Condition, ...]] = [()]
    if after:
        behind = [(condition,) for condition in ranges.after(key, row_id, is_none=after == "none")]
    return [
        sa.select(row_id.label("id"), key.label("key")).where(rows.table.programme_id == programme, *part, *further)
        for programme in programmes
        for part in rows.parts
        for further in behind
    ]


def point(section: DeskSection, cursor: str) -> tuple[str, dict[str, object]] | None:
    """What a cursor of this section says to `listed`, and the values of that statement."""
    if not cursor:
        return None
    rows, kept = _SECTIONS[section], {"only": section.value}
    if rows.table is Update:
        number, row_id = cursors.number(cursor, **kept) or (0, 0)
        return "key", {"after_key": number, "after_id": row_id}
    if isinstance(rows.key.type, sa.Date):
        day, row_id = cursors.day(cursor, **kept) or (ranges.LAST, 0)
        return ("none" if day == ranges.LAST else "key"), {"after_key": day, "after_id": row_id}
    moment = cursors.moment(cursor, **kept)
    return "key", dict(zip(("after_key", "after_id"), moment or (), strict=False))


def _actions(picked: sa.Subquery) -> Any:
    return (
        sa.select(picked.c.key, *actions.ROW, col(Organisation.titles), col(Post.titles), *_BLOCK)
        .join(picked, picked.c.id == col(Action.id))
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    )


_BLOCK = (col(Action.block_reason), col(Action.who_can_unblock))


def _updates(picked: sa.Subquery) -> Any:
    columns = (Update.id, Action.ref, Action.titles, Update.at, Update.public_summary, Post.titles)
    return (
        sa.select(picked.c.key, *map(col, columns))
        .select_from(Update)
        .join(picked, picked.c.id == col(Update.id))
        .join(Action, col(Action.id) == col(Update.action_id))
        .outerjoin(Post, col(Post.id) == col(Update.post_id))
    )


def _recommendations(picked: sa.Subquery) -> Any:
    names = ("id", "ref", "titles", "status", "responded_at", "created_at")
    columns = (col(getattr(Recommendation, name)) for name in names)
    return sa.select(picked.c.key, *columns).join(picked, picked.c.id == col(Recommendation.id))


_FETCHED = {Action: _actions, Update: _updates, Recommendation: _recommendations}
