"""The shape of the database: one history, the same as the models, there and back, on both kinds."""

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from app import migrations
from app.config import ROOT
from app.models import metadata

# SQLite can't be asked for the expression of an index: PostgreSQL compares those for both.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]


def test_there_is_one_head() -> None:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(ROOT / "alembic"))

    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_the_tables_are_what_the_models_say(empty_url: str) -> None:
    migrations.to_head(empty_url)

    migrations.compare(empty_url)


def test_an_empty_database_gets_every_table(empty_url: str) -> None:
    migrations.to_head(empty_url)

    assert _tables(empty_url) >= set(metadata.tables)


def test_a_migration_can_be_undone_and_done_again(empty_url: str) -> None:
    migrations.to_head(empty_url)
    migrations.down_to(empty_url, "-1")
    migrations.to_head(empty_url)

    migrations.compare(empty_url)


def test_nothing_is_left_at_the_base(empty_url: str) -> None:
    migrations.to_head(empty_url)
    migrations.down_to(empty_url, "base")

    assert _tables(empty_url) <= {"alembic_version"}


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()
