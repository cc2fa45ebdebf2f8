"""Faults of what names places: the data directory and the database, which may not exist yet and are not made here."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.cli.faults.shown import shown
from app.config import Settings

_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}
_WRITE = "write postgresql+psycopg://user:password@host/name or sqlite:////directory/tatbiq.db"


def data_dir(config: Settings) -> Iterator[str]:
    if "?" in str(config.data_dir) or "~" in config.data_dir.parts:
        yield "TATBIQ_DATA_DIR: a ? in it and a ~ for the home directory are not understood; write the whole path"
    elif why := unmakeable(config.data_dir):
        yield f"TATBIQ_DATA_DIR: {why}; name a directory that this user may write to"


def database(config: Settings) -> Iterator[str]:
    if not config.database_url:
        return
    try:
        url = make_url(config.database)
        why = _wrong_sqlite(url) if url.drivername.startswith("sqlite") else _wrong_server(url)
    except (ArgumentError, ValueError):
        why = "it is not the address of a database"
    if why:
        yield f"TATBIQ_DATABASE_URL: {why}; {_WRITE}"


def _wrong_sqlite(url: URL) -> str:
    if url.drivername not in _DRIVERS:
        return f"the driver {shown(url.drivername)} is not known"
    path = url.database or ""
    if url.host or url.username or url.query or path.startswith("file:") or path in {"", ":memory:"}:
        return "SQLite needs the path of a file and nothing else"
    try:
        if Path(path).is_dir():
            return f"{path[:200]} is a directory"
    except (OSError, ValueError):
        return "its path is not one"
    return unmakeable(Path(path).parent)


def _wrong_server(url: URL) -> str:
    if url.drivername not in _DRIVERS:
        return f"the driver {shown(url.drivername)} is not known"
    if not url.database:
        return "the name of the database is missing"
    if url.port is not None and url.port not in range(1, 65536):
        return f"{url.port} is not a port"
    try:
        url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError, TypeError):
        return "what stands behind its ? is not understood"
    return ""


def unmakeable(directory: Path) -> str:
    """Why the directory is not there and can't be made; empty when it could be written to. Makes nothing."""
    try:
        nearest = next(place for place in (directory, *directory.parents) if os.path.lexists(place))
        if not nearest.is_dir():
            return f"{nearest} is not a directory"
        if len(os.fsencode(directory)) > os.pathconf(nearest, "PC_PATH_MAX") - 64:  # room for what lies in it
            return "the path is too long"
        longest = max(len(os.fsencode(part)) for part in directory.parts)
        if longest > os.pathconf(nearest, "PC_NAME_MAX"):
            return "a name in the path is too long"
        if not os.access(nearest, os.W_OK | os.X_OK):
            return f"{nearest} may not be written to by this user"
    except (OSError, ValueError) as error:
        return f"the path can't be used ({getattr(error, 'strerror', None) or error})"
    return ""
