"""The shape of the database: one history, the same as the models, there and back, on both kinds."""

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlmodel import Session, col

from app import migrations, synth
from app.config import ROOT
from app.db import Database
from app.domain.workflow import State, Verb
from app.models import metadata
from app.models.actions import Action
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.rollups import DayTally, Tally
from app.models.updates import Update
from app.services.followup import evidence, part_days, updates
from app.services.kernel import rollups, search_rebuild, translation_dues
from app.services.meetings import recommendations
from tests import published, scenes
from tests.builders import LONG_AGO
from tests.queries.followup import test_indicators_found

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
            assert part_days.faults(session) == []
    finally:
        database.dispose()


def test_indicators_that_were_there_are_found_after_the_upgrade(empty_url: str) -> None:
    migrations.to_head(empty_url)
    database = Database(empty_url)
    try:
        with database.write() as session:
            own = test_indicators_found.indicator(scenes.scene(session)).id
        database.dispose()
        migrations.down_to(empty_url, "0038")
        assert not _rows(empty_url, "SELECT id FROM search_document WHERE kind = 'indicator'")

        migrations.to_head(empty_url)
        search_rebuild.rebuild_where_empty(database.write)

        assert _rows(empty_url, "SELECT subject_id FROM search_document WHERE kind = 'indicator'") == [(own,)]
        with database.read() as session:
            assert search_rebuild.faults(session) == []
    finally:
        database.dispose()


def test_originals_are_told_from_what_was_there_and_flags_are_carried_over_and_back(empty_url: str) -> None:
    migrations.to_head(empty_url)
    database = Database(empty_url)
    with database.write() as session:
        made = scenes.scene(session, published=True)
        scenes.support(made, scenes.action(made))
        words = made.recommendation.titles | {"ar": "عنوان آخر"}
        recommendations.edit(session, made.actor("amina"), made.recommendation, titles=words)
        ids, posts = made.ids, made.posts
    database.dispose()
    migrations.down_to(empty_url, "0036")
    assert ("outdated",) in _rows(empty_url, "SELECT title_flags ->> 'fr' FROM recommendation")
    migrations.to_head(empty_url)

    database = Database(empty_url)
    with database.read() as session:
        item = session.get_one(Recommendation, ids["recommendation"])
        assert (item.original_lang, item.title_flags) == ("ar", {"fr": "courtesy"})
        assert item.made_of == {"titles": {"fr": ["ar", ""]}}
        assert session.get_one(Post, posts["karim"]).original_lang == "fr"
        assert session.scalars(sa.select(col(Action.original_lang))).all() == ["ar"]
        assert session.scalars(sa.select(col(Action.made_of))).all() == [{}]
        assert translation_dues.faults(session) == []
    database.dispose()


def test_two_weekly_mails_of_one_week_become_one_window_that_misses_nothing(empty_url: str) -> None:
    migrations.to_head(empty_url)
    migrations.down_to(empty_url, "0042")
    database = Database(empty_url)
    monday, before = "2026-11-23 08:00:00.000000", "2026-11-09 08:00:00.000000"
    weeks = (
        (1, "owner", "2026-W46", "sent", before), (1, "secretariat", "2026-W46", "empty", monday),
        (1, "owner", "2026-W47", "sent", monday), (1, "secretariat", "2026-W47", "missed", before),
        (1, "owner", "2026-W48", "planned", monday), (1, "secretariat", "2026-W48", "sent", monday),
        (2, "secretariat", "2026-W48", "empty", monday),
    )  # fmt: skip
    with database.write() as session:
        for name in ("Amina", "Karim"):
            scenes.person(session, name)
        for person, shape, week, outcome, start in weeks:
            given = {"person": person, "shape": shape, "week": week, "outcome": outcome, "start": start, "end": monday}
            session.execute(_WEEK, given)
    database.dispose()
    migrations.to_head(empty_url)

    told = _rows(empty_url, "SELECT person_id, period, outcome FROM digest_window ORDER BY person_id, period")
    assert told == [
        (1, "2026-W46", "sent"), (1, "2026-W47", "missed"), (1, "2026-W48", "planned"), (2, "2026-W48", "empty"),
    ]  # fmt: skip
    [(earliest,)] = _rows(empty_url, "SELECT start_at FROM digest_window WHERE period = '2026-W47'")
    assert str(earliest).startswith("2026-11-09")
    migrations.down_to(empty_url, "0040")
    assert len(_rows(empty_url, "SELECT id FROM digest_window")) == 8


_WEEK = sa.text(
    "INSERT INTO digest_window (person_id, shape, period, start_at, end_at, outcome)"
    " VALUES (:person, :shape, :week, :start, :end, :outcome)"
)


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
