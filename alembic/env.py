"""How Alembic reaches the database: the address comes from the caller or from the settings."""

import sqlalchemy as sa
from alembic import context

from app.config import settings
from app.db import Database
from app.models import metadata
from app.models.base import UtcDateTime


def include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    return not (kind == "table" and (name or "").startswith("sqlite_"))


def render(kind: str, item: object, autogen: object) -> str | bool:
    """Migrations outlive the models: they name plain types, not ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def run() -> None:
    url = context.config.attributes.get("url") or settings().database
    database = Database(url)
    try:
        with database.writer.connect() as connection:
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
