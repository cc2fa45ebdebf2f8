"""How Alembic reaches the database: the address comes from the caller or from the settings."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import context

from app import private
from app.config import settings
from app.db import Database
from app.models import metadata
from app.models.base import UtcDateTime


def include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The index of search is of another kind on each database, so that no model says it."""
    beside = ("sqlite_", "search_index") if kind == "table" else ("search_index",)
    return not (kind in ("table", "index") and (name or "").startswith(beside))


def render(kind: str, item: object, autogen: object) -> str | bool:
    """Migrations outlive the models: they name plain types, not ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


@contextmanager
def alone(url: sa.URL) -> Iterator[None]:
    """SQLite: one migration at a time in this directory, from before the file is there; the others wait for its end."""
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    folder = Path(url.database).parent
    private.directory(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def wait_for_others(connection: sa.Connection) -> None:
    """PostgreSQL: the same by a lock of this transaction; neither it nor a long migration has a limit of time."""
    if connection.dialect.name == "postgresql":
        for statement in ("SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('tatbiq migrate'))")


def run() -> None:
    url = context.config.attributes.get("url") or settings().database
    database = Database(url)
    try:
        with alone(database.url), database.writer.connect() as connection:
            wait_for_others(connection)
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                transaction_per_migration=False,
                include_object=include,
                render_item=render,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        database.dispose()


run()
