"""The log that public pages in memory follow: what a transaction changed of what the public sees, in one row.

The places come from the changed rows themselves, of a flush or of a statement; the row is written at the end.
"""

import weakref
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlmodel import Session

from app.domain.places import ALL, NEWS, of
from app.models.base import table_of
from app.models.rollups import PublicChange
from app.services.kernel import affected_pages
from app.statements import Statement

KEPT = 5_000  # rows; whoever has not asked for so long makes every page anew
_PRUNE_EVERY = 256
_PLACES, _FLUSHING, _SESSION = "shown_in", "is_flushing", "session"
_LOG = table_of(PublicChange)
_XID: dict[str, Any] = {"postgresql": sa.text("pg_current_xact_id()::text::bigint"), "sqlite": sa.literal(0)}
_ROW = {
    dialect: Statement(sa.insert(_LOG).values(xid=xid, scopes=sa.bindparam("scopes")).returning(_LOG.c.id))
    for dialect, xid in _XID.items()
}
_MOST = 200  # places in one row: beyond, everything


def note(session: Session, *places: str) -> None:
    """Remember what is shown differently from now on; empty names are nothing."""
    session.info.setdefault(_PLACES, set()).update(place for place in places if place)


def write(session: Session) -> None:
    """Log what the transaction changed; after this it may only end."""
    places: set[str] = session.info.pop(_PLACES, set())
    if not places:
        return
    if ALL in places or len(places) > _MOST:
        places = {ALL}
    row = _ROW[session.get_bind().dialect.name]
    ((number,),) = row.rows(session, {"scopes": sorted(places)})
    if number % _PRUNE_EVERY == 0:
        session.execute(sa.delete(_LOG).where(_LOG.c.id <= number - KEPT))


def _begun(session: Session, _transaction: object, connection: sa.Connection) -> None:
    connection.info[_SESSION] = weakref.ref(session)


def _no_session() -> None:
    """A connection that no session uses."""


def _undone(session: Session, transaction: orm.SessionTransaction) -> None:
    """What was undone to a savepoint alone may be logged for nothing: a page is made once too often."""
    session.info[_FLUSHING] = False
    if not transaction.nested:
        session.info.pop(_PLACES, None)


def _flushing(session: Session, *_rest: object) -> None:
    session.info[_FLUSHING] = True


def _flushed(session: Session, _context: object) -> None:
    session.info[_FLUSHING] = False
    with session.no_autoflush:
        for row in (*session.new, *session.deleted):
            note(session, *affected_pages.by_row(session, row, None))
        for row in session.dirty:
            if old := _changed(row):
                note(session, *affected_pages.by_row(session, row, old))


def _changed(row: Any) -> dict[str, Any]:
    """What the columns held that have another value now."""
    before: dict[str, Any] = sa.inspect(row).committed_state
    return {name: old for name, old in before.items() if old != getattr(row, name)}


def _executing(connection: sa.Connection, statement: Any, many: Any, one: Any, _options: object) -> None:
    """Every statement of a session that is no flush's: what it changes is asked for before it is changed."""
    is_text = isinstance(statement, sa.TextClause)
    if not is_text and not (getattr(statement, "is_dml", False) and affected_pages.is_followed(statement.table)):
        return
    session = connection.info.get(_SESSION, _no_session)()
    if session is None or session.info.get(_FLUSHING):
        return
    with session.no_autoflush:
        note(session, *_places(session, connection, statement, many, one))


def _places(session: Session, connection: sa.Connection, statement: Any, many: Any, one: Any) -> Iterator[str]:
    if isinstance(statement, sa.TextClause):
        yield from [ALL] if statement.text.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"} else []
        return
    inserted = affected_pages.by_insert(session, statement.table, one) if statement.is_insert and one else None
    if inserted is not None:
        yield from inserted
        return
    query = affected_pages.by_statement(statement, statement.table)
    if query is None or many:
        yield ALL
        return
    for recommendation_id, organisation_id in connection.execute(query, one or {}):
        yield from (NEWS, of("recommendation", recommendation_id))
        yield from [of("organisation", organisation_id)] if organisation_id else []


sa.event.listen(orm.Session, "after_begin", _begun)
sa.event.listen(orm.Session, "before_flush", _flushing)
sa.event.listen(orm.Session, "after_flush", _flushed)
sa.event.listen(orm.Session, "after_soft_rollback", _undone)
sa.event.listen(sa.Engine, "before_execute", _executing)
