"""The whole index made anew, and compared with one made anew: from the things as they stand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.models.actions import Action
from app.models.base import table_of
from app.models.indicators import Indicator
from app.models.meetings import Meeting
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.searches import SearchDocument, SearchWord
from app.services.kernel import search_documents, search_indicators, searches
from app.services.kernel.search_tokens import IndexDocument

Turn = Callable[[], AbstractContextManager[Session]]
_AT_ONCE = 200
_DOCUMENT = table_of(SearchDocument)


def _of_actions(session: Session, ids: Sequence[int]) -> Iterator[IndexDocument]:
    yield from search_documents.words(session, actions=ids)
    yield from search_documents.questions(session, actions=ids)


_MADE: tuple[tuple[type[SQLModel], Callable[[Session, Sequence[int]], Iterator[IndexDocument]]], ...] = (
    (Meeting, search_documents.meetings),
    (Recommendation, search_documents.recommendations),
    (Action, _of_actions),
    (Organisation, search_documents.organisations),
    (Post, search_documents.posts),
    (Indicator, search_indicators.documents),
)


def rebuild(session: Session) -> None:
    """All in one transaction."""
    rebuild_in_turn(lambda: nullcontext(session), lambda: None)


def rebuild_in_turn(write: Turn, pause: Callable[[], None]) -> None:
    """In short transactions; what is searched meanwhile finds less at first, and nothing that it should not."""
    with write() as session:
        session.flush()
        session.execute(sa.delete(_DOCUMENT))
        session.execute(sa.delete(table_of(SearchWord)))
    for model, made in _MADE:
        after = -1
        while after:
            with write() as session:
                after = _next(session, model, made, max(after, 0))
            pause()


def rebuild_where_empty(write: Turn) -> None:
    """For a database from before there was an index."""
    with write() as session:
        is_made = session.scalars(sa.select(_DOCUMENT.c.id).limit(1)).first() is not None
    if not is_made:
        rebuild_in_turn(write, lambda: None)


def _next(session: Session, model: Any, made: Any, after: int) -> int:
    """The documents of the next few; the id of the last, 0 at the end."""
    ids = _few(session, model, after)
    searches.keep(session, made(session, ids) if ids else ())
    return ids[-1] if ids else 0


def _few(session: Session, model: Any, after: int) -> list[int]:
    few = sa.select(col(model.id)).where(col(model.id) > after).order_by(col(model.id)).limit(_AT_ONCE)
    return list(session.scalars(few))


def faults(session: Session) -> list[str]:
    """How many documents differ from what they would be if made anew; reads only."""
    searches.settle(session)
    wrong: list[str] = []
    count = 0
    for model, made in _MADE:
        after = 0
        while ids := _few(session, model, after):
            due = {one.id: one for one in made(session, ids)}
            kept = searches.kept(session, sorted(due))
            wrong += [f"{one.kind} {one.subject_id}" for one in due.values() if one.tokens != kept.get(one.id, "")]
            count += len(kept)
            after = ids[-1]
    stored = session.execute(sa.select(sa.func.count()).select_from(_DOCUMENT)).scalar_one()
    beyond = [f"search: {stored - count} documents are of nothing"] if stored != count else []
    return [*([f"search: {len(wrong)} differ, first {wrong[0]}"] if wrong else []), *beyond]
