"""One value that changes with every committed change of the database, asked for before each public page."""

import asyncio
import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app import db
from app.db import Database

_SECOND = 1.0
_SNAPSHOT = sa.text("SELECT pg_current_snapshot()::text")


class Versions:
    """SQLite is asked each time (some microseconds); PostgreSQL at most once a second, beside the loop."""

    def __init__(self) -> None:
        self.database: Database | None = None
        self.connection: sqlite3.Connection | None = None
        self.followed = 0
        self.asking = asyncio.Lock()
        self.value: str | None = None
        self.asked_at = 0.0

    async def now(self) -> object:
        """None where it can't be told: then nothing may be answered from memory."""
        current = db.current()
        if current is not self.database:
            self._follow(current)
        return self._of_sqlite() if current.is_sqlite else await self._of_postgresql(current)

    def _follow(self, database: Database) -> None:
        if self.connection:
            self.connection.close()
        self.database, self.connection, self.value, self.asked_at = database, None, None, 0.0
        self.followed += 1

    def _of_sqlite(self) -> object:
        """Tells what other connections committed: the kept one never writes and holds no transaction open."""
        try:
            if self.connection is None and self.database and self.database.url.database:
                self.connection = sqlite3.connect(
                    self.database.url.database, isolation_level=None, check_same_thread=False, timeout=0
                )
            if self.connection is None:
                return None
            row = self.connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            return None
        return self.followed, row[0]

    async def _of_postgresql(self, database: Database) -> object:
        loop = asyncio.get_running_loop()
        if self.value is None or loop.time() - self.asked_at >= _SECOND:
            async with self.asking:
                if self.value is None or loop.time() - self.asked_at >= _SECOND:
                    started = loop.time()
                    self.value = await asyncio.to_thread(_snapshot, database)
                    self.asked_at = started
        return self.value


def _snapshot(database: Database) -> str | None:
    """Any transaction that got a number moves it, committed or not: now and then a page is made once too often."""
    try:
        with database.reader.connect() as connection:
            return str(connection.execute(_SNAPSHOT).scalar_one())
    except SQLAlchemyError:
        return None
