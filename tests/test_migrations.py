"""The shape of the database: one history, the same as the models, there and back, on both kinds."""

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlmodel import Session, col

from app import migrations
from app.config import ROOT
from app.db import Database
from app.domain.workflow import State, Verb
from app.models import metadata
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.people import Organisation
from app.models.updates import Update
from app.services import evidence, updates
from tests import scenes
from tests.builders import LONG_AGO

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


def test_what_was_there_gets_its_owner_and_its_update_where_it_is_clear(empty_url: str) -> None:
    migrations.to_head(empty_url)
    database = Database(empty_url)
    with database.write() as session:
        made = scenes.scene(session)
        declared, told = scenes.action(made, State.SUBMITTED), scenes.action(made)
        alone = evidence.attach(session, made.actor("karim"), told, title="Seule").id
        withheld = scenes.action(made, State.SUBMITTED)
        updates.withhold(session, made.actor("amina"), _submission(session, withheld), reason="Un nom.")
        session.execute(sa.update(EvidenceItem).values(update_id=None, released_at=LONG_AGO))
        expected = {declared.id: (_submission(session, declared).id, True), told.id: (None, True)}
        expected[withheld.id] = (_submission(session, withheld).id, False)
    database.dispose()

    migrations.down_to(empty_url, "0008-1")
    migrations.to_head(empty_url)

    with database.read() as session:
        pieces = session.scalars(sa.select(EvidenceItem)).all()
        found = {piece.action_id: (piece.update_id, piece.released_at is not None) for piece in pieces}
        owners = dict(session.execute(sa.select(col(Organisation.slug), col(Organisation.owner_programme_id))).all())
    database.dispose()
    assert alone in {piece.id for piece in pieces}
    assert found == expected
    assert owners == {"centre": made.ids["programme"], "chamber": None, "agency": None}


def _submission(session: Session, action: Action) -> Update:
    query = sa.select(Update).where(col(Update.action_id) == action.id, col(Update.verb) == Verb.SUBMIT)
    return session.scalars(query).one()


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()
