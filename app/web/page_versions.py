"""What of the public pages has changed, and when: followed by the log of changes, asked before each public page."""

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Set
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app import db
from app.db import Database
from app.domain.places import ALL

_SECOND = 1.0
_MOST = 10_000  # places that are remembered one by one
_AFTER = "SELECT id, scopes FROM public_change WHERE id > ? ORDER BY id"
_LAST = "SELECT coalesce(max(id), 0) FROM public_change"
# One statement, one snapshot. Transactions end in another order than they begin: whatever was still running at the
# last look (its number is at least that snapshot's xmin) is looked at again.
_SINCE = sa.text(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (SELECT min(id) FROM public_change), id, scopes "
    "FROM (SELECT 1) AS one LEFT JOIN public_change ON xid >= :since ORDER BY id"
)
Changes = list[tuple[int, list[str]]]


class Versions:
    """A number that rises with every change of what the public sees, and for each place its last one.

    SQLite is asked each time (some microseconds); PostgreSQL at most once a second, beside the loop.
    """

    def __init__(self) -> None:
        self.number = 0
        self.all = 0  # what was made before this number is old, whatever it shows
        self.moved: dict[str, int] = {}
        self.database: Database | None = None
        self.log: _Sqlite | _Postgresql | None = None

    async def now(self) -> int | None:
        """None where it can't be told: then nothing may be answered from memory."""
        current = db.current()
        if current is not self.database or self.log is None:
            self._follow(current)
        log = self.log
        found = await log.changes() if log else None
        if found is None or log is not self.log:
            return None
        if found:
            self._note(place for _, scopes in found for place in scopes)
        return self.number

    def holds(self, number: int, shows: Set[str]) -> bool:
        """Whether nothing of what a page shows has changed since the number under which it was made."""
        return number >= self.all and all(self.moved.get(place, 0) <= number for place in shows)

    def _note(self, places: Iterable[str]) -> None:
        self.number += 1
        self.moved.update(dict.fromkeys(places, self.number))
        if ALL in self.moved or len(self.moved) > _MOST:
            self.all = self.number
            self.moved.clear()

    def _follow(self, database: Database) -> None:
        """Of another database nothing is known yet."""
        if self.log:
            self.log.close()
        self.database, self.log = database, _Sqlite(database) if database.is_sqlite else _Postgresql(database)
        self._note([ALL])


class _Sqlite:
    """The kept connection never writes and holds no transaction open: it is told what others commit."""

    def __init__(self, database: Database) -> None:
        self.path = database.url.database
        self.connection: sqlite3.Connection | None = None
        self.version = self.last = -1

    async def changes(self) -> Changes | None:
        try:
            return self._changes() if self.path else None
        except sqlite3.Error:
            return None

    def _changes(self) -> Changes:
        if self.connection is None:
            self.connection = sqlite3.connect(
                self.path or "", isolation_level=None, check_same_thread=False, timeout=0, cached_statements=8
            )
            self.connection.execute("PRAGMA cache_size=-64")
            self.last = self.connection.execute(_LAST).fetchone()[0]
            return [(self.last, [ALL])]
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if version == self.version:
            return []
        rows = self.connection.execute(_AFTER, (self.last,)).fetchall()
        found = [(number, json.loads(scopes)) for number, scopes in rows]
        if found and found[0][0] != self.last + 1:
            found[0] = found[0][0], [ALL]  # what came between was dropped already
        # Only now: what failed is asked for again.
        self.version, self.last = version, found[-1][0] if found else self.last
        return found

    def close(self) -> None:
        if self.connection:
            self.connection.close()


class _Postgresql:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.asking = asyncio.Lock()
        self.asked_at: float | None = None
        self.since = 0
        self.seen: dict[int, list[str]] = {}
        self.last = -1

    async def changes(self) -> Changes | None:
        """At most one question a second, whoever asks meanwhile; its answer is as old as its beginning."""
        async with self.asking:
            started = asyncio.get_running_loop().time()
            if self.asked_at is not None and started - self.asked_at < _SECOND:
                return []
            rows = await asyncio.to_thread(_ask, self.database, self.since)
            if rows is None:
                self.asked_at = None
                return None
            self.asked_at = started
            return self._new(rows)

    def _new(self, rows: list[Any]) -> Changes:
        xmin, oldest, *_ = rows[0]
        present = {number: scopes for _, _, number, scopes in rows if number is not None}
        found = [(number, scopes) for number, scopes in present.items() if number not in self.seen]
        if self.last < 0 or (oldest is not None and oldest > self.last + 1):
            found.append((self.last, [ALL]))  # the first look, or what came between was dropped already
        self.since, self.seen = xmin, present
        self.last = max(self.last, 0, *present)
        return found

    def close(self) -> None:
        """It keeps no connection."""


def _ask(database: Database, since: int) -> list[Any] | None:
    try:
        with database.reader.connect() as connection:
            return list(connection.execute(_SINCE, {"since": since}))
    except SQLAlchemyError:
        return None
