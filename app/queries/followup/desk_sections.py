"""The sections of the desk as statements: what belongs in each, in which order, and by which index it is found.

Nothing stands on the desk twice: it belongs to the first section, in their order, that has a reason for it. A question
is a thing of its own, beside its action.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.desk import DeskSection
from app.domain.progress import Status
from app.domain.workflow import AWAITED, Evidence, State
from app.models.actions import IS_ASSIGNED, IS_DISPUTED, IS_GIVEN, IS_IN_HAND, Action
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.people import Organisation, Post
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.models.translations import IS_OUTDATED, TranslationDue
from app.models.updates import Update
from app.queries.followup import actions, questions, translations
from app.queries.scope import cursors, ranges
from app.queries.scope.ranges import Condition, said
from app.statements import Statement

WIDTH = len(actions.ROW)


@dataclass(frozen=True)
class _Rows:
    """Of which table, ordered by what; each of `parts` is one range of an index that begins with the programme."""

    table: Any
    key: Any
    parts: tuple[tuple[Condition, ...], ...]


_HEARD: Any = sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))
_SINCE: Any = sa.func.coalesce(col(Recommendation.responded_at), col(Recommendation.created_at))
# Looked up for each row: PostgreSQL would answer EXISTS from all recommendations, hashed.
_PARENT: Any = (
    sa.select(col(Recommendation.is_public))
    .where(col(Recommendation.id) == col(Action.recommendation_id))
    .correlate(Action)
    .scalar_subquery()
)
_UNPUBLISHED = (col(Action.published_at).is_(None), _PARENT)
_WAITING = (
    said("progress_update", "released_at IS NULL"),
    said("progress_update", "public_summary <> ''"),
    said("progress_update", "withheld_reason = ''"),
)
# The last words of an action that wait; asked for each row by its key.
_WORDS: Any = (
    sa.select(sa.func.max(col(Update.id)))
    .where(col(Update.action_id) == col(Action.id), *_WAITING)
    .correlate(Action)
    .scalar_subquery()
)
_ITS_ACTION = sa.select(Action).where(col(Action.id) == col(Update.action_id)).correlate(Update)
_STATE_OF_WORDS: Any = _ITS_ACTION.with_only_columns(col(Action.state)).scalar_subquery()
# Whose dispute waits for an answer stands there, with its words.
_EVIDENCE_OF_WORDS: Any = _ITS_ACTION.with_only_columns(col(Action.evidence)).scalar_subquery()
_ASKED: Any = sa.bindparam("asked")
_SILENT: Any = sa.bindparam("silent")
# What its post asks more time for stands with its request.
_OPEN_REQUEST = sa.select(sa.func.max(col(ExtensionRequest.id))).where(said("extension_request", IS_OPEN_REQUEST))
_ABOUT = col(ExtensionRequest.action_id)
_REQUEST: Any = _OPEN_REQUEST.where(col(Action.id) == _ABOUT).correlate(Action).scalar_subquery()
_OF_WORDS: Any = _OPEN_REQUEST.where(col(Update.action_id) == _ABOUT).correlate(Update).scalar_subquery()
# PostgreSQL takes what is compared for frequent and what IS NULL for rare, and would then read a section to its end.
_NO_WORDS = sa.and_(sa.func.coalesce(_WORDS, 0) < 1, sa.func.coalesce(_REQUEST, 0) < 1)
_CONFIRMED = sa.or_(col(Action.state) != State.ASSIGNED, col(Action.assigned_at) >= _ASKED)
_HEARD_OF = sa.or_(col(Action.state) == State.VERIFIED, _HEARD >= _SILENT)
_WELL = (_CONFIRMED, _HEARD_OF, _NO_WORDS, col(Action.evidence) != Evidence.DISPUTED)
_TODAY: Any = sa.bindparam("today", type_=sa.Date())
_PARTS_LATE = (said("action", "parts_due_on IS NOT NULL"), col(Action.parts_due_on) < _TODAY)
_PARTS_WELL = sa.or_(
    col(Action.state) == State.VERIFIED, sa.func.coalesce(col(Action.parts_due_on), dt.date.max) >= _TODAY
)
_ELSEWHERE = (State.SUBMITTED, State.BLOCKED)
_FIRST = (State.DRAFT, State.DECLINED, State.SUBMITTED)  # of the sections before that of words


def _in_state(*states: State) -> tuple[tuple[Condition, ...], ...]:
    return tuple((col(Action.state) == state,) for state in states)


# By deadline; who is waited for comes by how long: the order of the index that finds them.
_SECTIONS: dict[DeskSection, _Rows] = {
    DeskSection.TO_ASSIGN: _Rows(Action, col(Action.due_on), _in_state(State.DRAFT, State.DECLINED)),
    DeskSection.TO_VERIFY: _Rows(Action, col(Action.due_on), _in_state(State.SUBMITTED)),
    # Since when it was verified: who disputes it does so after that.
    DeskSection.DISPUTED: _Rows(Action, col(Action.verified_at), ((said("action", IS_DISPUTED),),)),
    DeskSection.BLOCKED: _Rows(Action, col(Action.due_on), ((col(Action.state) == State.BLOCKED, _NO_WORDS),)),
    DeskSection.UNCONFIRMED: _Rows(
        Action,
        col(Action.assigned_at),
        ((said("action", IS_ASSIGNED), col(Action.assigned_at) < _ASKED, _NO_WORDS),),
    ),
    DeskSection.SILENT: _Rows(
        Action,
        _HEARD,
        (
            (said("action", IS_IN_HAND), _SILENT > _HEARD, _NO_WORDS),
            # Of those who have not confirmed only who was given it lately: it was somebody else who was silent.
            (said("action", IS_ASSIGNED), col(Action.assigned_at) >= _ASKED, _SILENT > _HEARD, _NO_WORDS),
        ),
    ),
    DeskSection.PARTS: _Rows(
        Action, col(Action.parts_due_on), ((*_PARTS_LATE, col(Action.state).in_(AWAITED - {State.BLOCKED}), *_WELL),)
    ),
    DeskSection.TO_PUBLISH: _Rows(
        Action,
        col(Action.due_on),
        ((said("action", IS_GIVEN), *_UNPUBLISHED, col(Action.state).not_in(_ELSEWHERE), *_WELL, _PARTS_WELL),),
    ),
    DeskSection.REQUESTS: _Rows(
        ExtensionRequest, col(ExtensionRequest.asked_at), ((said("extension_request", IS_OPEN_REQUEST),),)
    ),
    DeskSection.QUESTIONS: _Rows(QuestionNote, col(QuestionNote.at), (questions.IS_OPEN,)),
    DeskSection.WORDS: _Rows(
        Update,
        col(Update.id),
        (
            (
                *_WAITING,
                _STATE_OF_WORDS.not_in(_FIRST),
                _EVIDENCE_OF_WORDS != Evidence.DISPUTED,
                sa.func.coalesce(_OF_WORDS, 0) < 1,
            ),
        ),
    ),
    DeskSection.UNANSWERED: _Rows(Recommendation, _SINCE, ((col(Recommendation.status) == Status.AWAITING_RESPONSE,),)),
    DeskSection.UNPLANNED: _Rows(Recommendation, _SINCE, ((col(Recommendation.status) == Status.ACCEPTED_NO_ACTION,),)),
    DeskSection.TRANSLATIONS: _Rows(
        TranslationDue, col(TranslationDue.since_at), ((said("translation_due", IS_OUTDATED),),)
    ),
}
ACTIONS = frozenset(section for section, rows in _SECTIONS.items() if rows.table is Action)


def counted(section: DeskSection, programmes: tuple[int, ...]) -> Any:
    """How many there are, as an expression that stops counting early."""
    return ranges.counted(_parts(section, programmes, ""))


@lru_cache(maxsize=256)
def listed(section: DeskSection, programmes: tuple[int, ...], limit: int, after: str = "") -> Statement:
    """The rows, each behind its key; `after`: behind a row with a key, or behind one without ("none")."""
    picked = ranges.first(_parts(section, programmes, after), limit)
    return Statement(_FETCHED[_SECTIONS[section].table](picked).order_by(*ranges.order(picked)))


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


_FURTHER: tuple[Any, ...] = (
    _WORDS,
    sa.and_(said("action", IS_GIVEN), *_UNPUBLISHED),
    col(Action.parts_due_on),
)
_BESIDE = (*actions.BESIDE, *_FURTHER)


def _updates(picked: sa.Subquery) -> Any:
    """Each behind its own id, moment and text: the action that it is about, with the post that owns it."""
    own = (col(Update.id), col(Update.at), col(Update.public_summary))
    query = sa.select(picked.c.key, *own, *actions.ROW, *_BESIDE).select_from(Update)
    return _with_action(query.join(picked, picked.c.id == col(Update.id)), Update)


def _with_action(query: Any, table: Any) -> Any:
    return (
        query.join(Action, col(Action.id) == col(table.action_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    )


def _recommendations(picked: sa.Subquery) -> Any:
    names = ("id", "ref", "titles", "status", "responded_at", "created_at")
    columns = (col(getattr(Recommendation, name)) for name in names)
    return sa.select(picked.c.key, *columns).join(picked, picked.c.id == col(Recommendation.id))


def _talk(table: Any, names: str) -> Callable[[sa.Subquery], Any]:
    """Each with these columns and the post that asks or is asked, before the action that it is about."""

    def fetched(picked: sa.Subquery) -> Any:
        asker = aliased(Post)
        columns = (col(getattr(table, name)) for name in names.split())
        query = sa.select(picked.c.key, *columns, col(asker.titles), *actions.ROW, *_BESIDE).select_from(table)
        query = query.join(picked, picked.c.id == col(table.id)).join(asker, col(asker.id) == col(table.post_id))
        return _with_action(query, table)

    return fetched


_FETCHED = {
    ExtensionRequest: _talk(ExtensionRequest, "id asked_at from_on to_on reason endorsed_at part_of_id"),
    QuestionNote: _talk(QuestionNote, "id at side text"),
    Action: lambda picked: actions.picked_rows(picked, *_FURTHER),
    Update: _updates,
    Recommendation: _recommendations,
    TranslationDue: translations.picked_rows,
}
