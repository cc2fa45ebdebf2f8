"""The index of search follows every change in its own transaction: what a flush changed is read again at the end.

Which rows to read comes from the changed rows themselves, so no verb can forget it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlmodel import Session, SQLModel, col

from app import db
from app.domain import searching
from app.domain.searching import SearchKind
from app.models.actions import Action, ActionSupport
from app.models.base import table_of
from app.models.indicators import Indicator, IndicatorValue
from app.models.meetings import Meeting
from app.models.people import Organisation, Post
from app.models.questions import QuestionNote
from app.models.recommendations import Recommendation
from app.models.searches import SearchDocument, SearchWord
from app.models.takebacks import TakenBack
from app.models.updates import Update
from app.services.kernel import search_documents, search_indicators
from app.services.kernel.search_tokens import IndexDocument
from app.statements import Statement

_TOUCHED = "to_be_found"
_WORDS_OF, _ALL_OF = "words of an action", "all of a meeting"
_AT_ONCE = 50  # recommendations, or as many of anything else
_DOCUMENT = table_of(SearchDocument)
_RIGHTS = {"owner_post_id", "lead_organisation_id", "assigned_at", "published_at"}
# The columns of which something stands in the index.
_FOLLOWED: dict[type[SQLModel], set[str]] = {
    Meeting: {"titles", "place", "convenor", "region", "held_on", "published_at"},
    Recommendation: {
        *("titles", "source_text", "response_reason", "status", "published_at"),
        *("public_status", "outcome", "outcome_at"),
    },
    Action: {"titles", "description", "end_reason", "state", *_RIGHTS},
    ActionSupport: {"organisation_id", "post_id"},
    TakenBack: {"reason"},
    Update: {"public_summary", "note", "released_at"},
    Organisation: {"titles"},
    Post: {"titles"},
    QuestionNote: {"text"},
    Indicator: {"titles", "unit", "post_id", "published_at"},
    IndicatorValue: {"source", "is_current"},
}


def note_support(session: Session, action: Action) -> None:
    """Who supports it may change by a statement, which no flush knows of."""
    _touch(session, (Recommendation.__name__, action.recommendation_id), (_WORDS_OF, action.id))


def note_recommendations(session: Session, ids: Iterable[int]) -> None:
    """Their status was written by a statement."""
    _touch(session, *((Recommendation.__name__, row_id) for row_id in ids))


def forget(session: Session, update: Update) -> None:
    """Its words are to be found no more: it is about to be deleted."""
    ids = [searching.place(kind, update.at, update.id) for kind in (SearchKind.SAID, SearchKind.NOTE)]
    session.execute(sa.delete(_DOCUMENT).where(_DOCUMENT.c.id.in_(ids)))


def _touch(session: Session, *things: tuple[str, int]) -> None:
    session.info.setdefault(_TOUCHED, set()).update(things)


def _flushed(session: Session, _context: object) -> None:
    with session.no_autoflush:
        for row in session.new:
            _follow(session, row, _FOLLOWED.get(type(row), set()))
        for row in session.dirty:
            _follow(session, row, _FOLLOWED.get(type(row), set()) & sa.inspect(row).committed_state.keys())


def _stored(session: Session, row: Any) -> None:
    """What a statement stored is handed out as if it had been loaded (`db.store`)."""
    if isinstance(row, Update) and (row.public_summary or row.note):
        _touch(session, (Update.__name__, row.id))


def _follow(session: Session, row: Any, changed: set[str]) -> None:
    if not changed:
        return
    if isinstance(row, ActionSupport):
        above = session.scalars(sa.select(col(Action.recommendation_id)).where(col(Action.id) == row.action_id)).one()
        _touch(session, (Recommendation.__name__, above), (_WORDS_OF, row.action_id))
    elif isinstance(row, IndicatorValue):
        _touch(session, (Indicator.__name__, row.indicator_id))
    elif isinstance(row, TakenBack):
        _touch(session, (Recommendation.__name__, row.recommendation_id))
    elif isinstance(row, Action):
        _touch(session, (Recommendation.__name__, row.recommendation_id))
        _touch(session, *([(_WORDS_OF, row.id)] if changed & _RIGHTS else []))
    elif isinstance(row, Meeting | Recommendation) and changed & {"published_at", "region"}:
        _touch(session, (_ALL_OF, row.id if isinstance(row, Meeting) else row.meeting_id))
        _touch(session, (type(row).__name__, row.id))
    else:
        _touch(session, (type(row).__name__, row.id))


def settle(session: Session) -> None:
    """Write what follows from all that was touched; called as the transaction ends, and by whoever searches before."""
    session.flush()
    touched: set[tuple[str, int]] = session.info.pop(_TOUCHED, set())
    if touched:
        by_kind: dict[str, set[int]] = defaultdict(set)
        for kind, row_id in touched:
            by_kind[kind].add(row_id)
        keep(session, _documents(session, by_kind))


def _documents(session: Session, touched: dict[str, set[int]]) -> Iterator[IndexDocument]:
    for meeting_id in sorted(touched.pop(_ALL_OF, ())):
        touched[Recommendation.__name__].update(session.scalars(_RECOMMENDATIONS_OF, {"meeting_id": meeting_id}))
        touched[_WORDS_OF].update(session.scalars(_ACTIONS_OF, {"meeting_id": meeting_id}))
        touched[Indicator.__name__].update(session.scalars(_INDICATORS_OF, {"meeting_id": meeting_id}))
    for kind, ids in touched.items():
        for few in _batches(sorted(ids)):
            yield from _MADE[kind](session, few)


def _words_of(session: Session, action_ids: Sequence[int]) -> Iterator[IndexDocument]:
    yield from search_documents.words(session, actions=action_ids)
    yield from search_documents.questions(session, actions=action_ids)


def _words(session: Session, update_ids: Sequence[int]) -> Iterator[IndexDocument]:
    return search_documents.words(session, updates=update_ids)


def _questions(session: Session, note_ids: Sequence[int]) -> Iterator[IndexDocument]:
    return search_documents.questions(session, notes=note_ids)


_MADE: dict[str, Callable[[Session, Sequence[int]], Iterator[IndexDocument]]] = {
    Meeting.__name__: search_documents.meetings,
    Recommendation.__name__: search_documents.recommendations,
    Update.__name__: _words,
    _WORDS_OF: _words_of,
    Organisation.__name__: search_documents.organisations,
    Post.__name__: search_documents.posts,
    QuestionNote.__name__: _questions,
    Indicator.__name__: search_indicators.documents,
}
_ACT, _REC, _MEASURE = table_of(Action), table_of(Recommendation), table_of(Indicator)
_RECOMMENDATIONS_OF = sa.select(_REC.c.id).where(_REC.c.meeting_id == sa.bindparam("meeting_id"))
_ACTIONS_OF = sa.select(_ACT.c.id).where(_ACT.c.meeting_id == sa.bindparam("meeting_id"))
_INDICATORS_OF = sa.select(_MEASURE.c.id).where(_MEASURE.c.recommendation_id.in_(_RECOMMENDATIONS_OF))


def keep(session: Session, documents: Iterable[IndexDocument]) -> None:
    """Only what differs from what is kept: most verbs change few words."""
    due = {document.id: document for document in documents}
    found = kept(session, sorted(due))
    for ids in _batches(sorted(due)):
        changed = [due[row_id] for row_id in ids if due[row_id].tokens != found.get(row_id, "")]
        if gone := [one.id for one in changed if not one.tokens]:
            session.execute(sa.delete(_DOCUMENT).where(_DOCUMENT.c.id.in_(gone)))
        if there := [one._asdict() for one in changed if one.tokens]:
            _storing(db.insert(session, SearchDocument)).run_each(session, there)
            _learn(session, there)


def kept(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The tokens that stand in the index."""
    rows = ((row[0], row[1]) for few in _batches(ids) for row in _KEPT.rows(session, {"ids": few}))
    return dict(rows)


def _learn(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """New words, in one order for all who write at once."""
    found = {token for row in rows for token in row["tokens"].split(" ") if "_" not in token}
    if new := sorted(found - set(session.scalars(_KNOWN, {"words": sorted(found)}))):
        insert = db.insert(session, SearchWord).on_conflict_do_nothing()
        session.connection().execute(insert, [{"word": word} for word in new])


_KEPT = Statement(
    sa.select(_DOCUMENT.c.id, _DOCUMENT.c.tokens).where(_DOCUMENT.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_KNOWN = sa.select(col(SearchWord.word)).where(col(SearchWord.word).in_(sa.bindparam("words", expanding=True)))


@cache
def _storing(insert: db.Insert) -> Statement:
    return Statement(insert.on_conflict_do_update(index_elements=["id"], set_={"tokens": insert.excluded.tokens}))


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def _at_the_end(session: Session) -> None:
    if session.get_nested_transaction() is None:
        settle(session)


def _undone(session: Session, transaction: orm.SessionTransaction) -> None:
    """What was undone to a savepoint alone is read again for nothing."""
    if not transaction.nested:
        session.info.pop(_TOUCHED, None)


sa.event.listen(orm.Session, "after_flush", _flushed)
sa.event.listen(orm.Session, "detached_to_persistent", _stored)
sa.event.listen(orm.Session, "before_commit", _at_the_end)
sa.event.listen(orm.Session, "after_soft_rollback", _undone)
