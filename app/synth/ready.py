"""A database made ready for a great many rows at once: its indexes come last, and SQLite gets room while it lasts."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.db import Database
from app.models import metadata

MANY = 5_000  # actions: from here on indexes are quicker made whole than kept
# Values come from the enums themselves, and `finished` asks once for all keys; what is sorted goes to files, so that
# memory stays bounded.
_ROOM = ("foreign_keys=OFF", "ignore_check_constraints=ON", "cache_size=-65536", "temp_store=FILE", "threads=2")


@contextmanager
def connected(database: Database, actions: int) -> Iterator[Session]:
    """One transaction on a connection of its own, which nobody uses afterwards."""
    is_large = database.is_sqlite and actions >= MANY
    if is_large:
        database.dispose()  # a journal is changed only while nobody else has the file open
    with database.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if is_large:
            for pragma in _ROOM:
                raw.execute(f"PRAGMA {pragma}")
            _journal(raw, "DELETE")
        try:
            with Session(connection, expire_on_commit=False) as session:
                yield session
                session.commit()
            if is_large:
                _journal(raw, "WAL")
        finally:
            connection.invalidate()


def _journal(raw: Any, mode: str) -> None:
    """Pages behind the end of the file need no journal: the rows are written once, and not into a log before.

    Where the service has the file open, it stays as it is.
    """
    with suppress(sqlite3.OperationalError):
        raw.execute(f"PRAGMA journal_mode={mode}")


def bare(session: Session) -> None:
    """Without the indexes that can be made again: what a constraint needs stays."""
    if session.connection().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    for index in _indexes():
        index.drop(session.connection())


def finished(session: Session) -> None:
    """The indexes again, and the question whether every key leads somewhere."""
    if session.connection().dialect.name == "postgresql":
        session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))  # what is still to be asked of a table holds it
    for index in _indexes():
        index.create(session.connection())
    if session.connection().dialect.name == "sqlite":
        astray = session.execute(sa.text("PRAGMA foreign_key_check")).first()
        assert astray is None, astray


def _indexes() -> list[sa.Index]:
    return [index for table in metadata.sorted_tables for index in sorted(table.indexes, key=lambda one: str(one.name))]
