"""What one request has in hand of the database, so that it can be told to stop; who answers and when is not known here.

A connection is touched by nobody but the thread that runs its statement. From outside a statement can be interrupted,
and every later one refused: the thread then ends its transaction by itself.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa

CANCEL_SECONDS = 2.0


class Overdue(Exception):
    """The request's time is over: its thread may do nothing more in the database."""


class Visit:
    """One request under way; the engines tell it which connections it holds."""

    def __init__(self) -> None:
        self.is_over = False
        self.is_left = False
        self._lock = threading.Lock()
        self._held: dict[int, Any] = {}
        self._leavers: list[Callable[[], None]] = []

    def stop(self) -> None:
        """Interrupt what runs and refuse what would follow; returns at once."""
        with self._lock:
            self.is_over = True
            for connection in self._held.values():
                _interrupt(connection)
        self.leave()

    def leave(self) -> None:
        """Nobody waits for the answer any more: what only served it may end. What is being written goes on."""
        with self._lock:
            self.is_left = True
            leavers, self._leavers = self._leavers, []
        for end in leavers:
            end()

    def on_leaving(self, end: Callable[[], None]) -> None:
        with self._lock:
            if not self.is_left:
                self._leavers.append(end)
                return
        end()

    def require_time(self) -> None:
        if self.is_over:
            raise Overdue

    def took(self, key: int, connection: Any) -> None:
        with self._lock:
            self.require_time()
            self._held[key] = connection

    def let_go(self) -> bool:
        """What is held is about to be ended by its own thread, and from now on not interrupted; whether it was."""
        with self._lock:
            self._held.clear()
            return self.is_over

    def gave_back(self, key: int) -> None:
        with self._lock:
            self._held.pop(key, None)


current: ContextVar[Visit | None] = ContextVar("visit", default=None)


def follow(engine: sa.Engine) -> None:
    """From now on the engine tells every visit what it takes and gives back, and asks before each statement."""
    sa.event.listen(engine, "checkout", _took)
    sa.event.listen(engine, "checkin", _gave_back)
    sa.event.listen(engine, "before_cursor_execute", _ask)


def _took(connection: Any, record: Any, _proxy: object) -> None:
    if visit := current.get():
        visit.took(id(record), connection)
        record.info["visit"] = visit


def _gave_back(_connection: Any, record: Any) -> None:
    if visit := record.info.pop("visit", None):
        visit.gave_back(id(record))


def _ask(*_: object) -> None:
    if visit := current.get():
        visit.require_time()


def _interrupt(connection: Any) -> None:
    """Both drivers allow this from another thread; asking PostgreSQL takes a connection, so it is not waited for."""
    if isinstance(connection, sqlite3.Connection):
        connection.interrupt()
    else:
        cancel = threading.Thread(target=connection.cancel_safe, kwargs={"timeout": CANCEL_SECONDS}, daemon=True)
        cancel.start()
