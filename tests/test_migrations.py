"""The shape of the database: one history, the same as the models, there and back, on both kinds."""

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlmodel import Session, col

from app import migrations, synth
from app.config import ROOT
from app.db import Database
from app.models import metadata
from app.models.actions import Action
from app.models.base import table_of
from app.models.recommendations import Recommendation
from app.models.rollups import DayTally, Tally
from app.services import rollups
from tests import published


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


def test_an_existing_record_is_carried_into_the_roll_ups_and_back(empty_url: str) -> None:
    """What is counted by the migration is what a recount would give, and the former counts are there again below it."""
    migrations.to_head(empty_url)
    database = Database(empty_url)
    try:
        synth.make(database, 120, 7, published.TODAY, lambda _: None)
        with database.write() as session:
            published.write(session)
            rollups.rebuild(session)
            kept = _kept(session)
        database.dispose()

        migrations.down_to(empty_url, "0002")
        former = _rows(empty_url, "SELECT counted, sum(count) FROM tally GROUP BY counted ORDER BY counted")
        migrations.to_head(empty_url)

        assert [counted for counted, _ in former] == [
            "actions", "implemented", "planned", "published", "recommendations"
        ]  # fmt: skip
        with database.read() as session:
            assert _kept(session) == kept
            assert rollups.faults(session) == []
    finally:
        database.dispose()


def _kept(session: Session) -> list[list[tuple[object, ...]]]:
    """The counts, and the columns that were derived with them."""
    moved, owed = (col(Action.id), col(Action.moved_at)), (col(Recommendation.id), col(Recommendation.owed_on))
    derived = sa.select(*moved).where(moved[1].is_not(None)), sa.select(*owed).where(owed[1].is_not(None))
    counts = (sa.select(table_of(model)) for model in (Tally, DayTally))
    return [sorted(tuple(row) for row in session.execute(query)) for query in (*counts, *derived)]


def _rows(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]
    finally:
        engine.dispose()


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()
