"""How either database is connected to: pools, settings of a connection, how a transaction begins."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from app import private

# synchronous=FULL: with NORMAL, acknowledged updates were lost in power cuts. busy_timeout outlives a checkpoint.
# A small cache_size for each connection: the system keeps the file in memory once for all of them.
_BUSY = "PRAGMA busy_timeout=5000"
AT_ONCE = "at_once"  # an execution option: whoever begins so waits for nobody
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    _BUSY,
    "PRAGMA cache_size=-1000",
    "PRAGMA temp_store=MEMORY",
)
_PG_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=6500 -c lock_timeout=6000 -c idle_in_transaction_session_timeout=60000"
)


def engine(url: sa.URL, *, read_only: bool) -> sa.Engine:
    """Writers on SQLite begin with BEGIN IMMEDIATE."""
    if url.get_backend_name() != "sqlite":
        return _postgresql(url, read_only=read_only)
    made = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=6,
        max_overflow=40,
        pool_use_lifo=True,  # the one that was used last has its pages and statements at hand
        pool_reset_on_return="rollback",
        connect_args={"isolation_level": None, "check_same_thread": False, "cached_statements": 256},
        json_serializer=_json,
    )
    sa.event.listen(made, "do_connect", lambda *_: _keep_private(url.database))
    sa.event.listen(made, "connect", _set_pragmas)
    sa.event.listen(made, "begin", _begin_reading if read_only else _begin_writing)
    return made


def _begin_reading(connection: sa.Connection) -> None:
    """Past the layers, because each page does it; it waits for nobody, but may be interrupted."""
    try:
        _driver(connection).execute("BEGIN")
    except sqlite3.Error as fault:
        raise OperationalError("BEGIN", None, fault) from fault


def _begin_writing(connection: sa.Connection) -> None:
    if not connection.get_execution_options().get(AT_ONCE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        _driver(connection).execute(_BUSY)


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


def _postgresql(url: sa.URL, *, read_only: bool) -> sa.Engine:
    options = _PG_OPTIONS + (" -c default_transaction_read_only=on" if read_only else "")
    return sa.create_engine(
        url,
        pool_size=6,
        max_overflow=26,
        pool_use_lifo=True,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={
            "options": options,
            "connect_timeout": 5,
            "tcp_user_timeout": 8000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
        },
        json_serializer=_json,
    )


def _keep_private(name: str | None) -> None:
    """The driver would make the file as the umask says; its log and shared memory take the file's own mode."""
    if name and not name.startswith((":", "file:")):
        private.directory(Path(name).parent)
        private.file(Path(name))


def _set_pragmas(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
