"""A CHECK of words is widened and narrowed without a word about what stands there already, on both databases."""

import pytest
import sqlalchemy as sa

from app import choice_checks
from app.db import Database

TABLE, COLUMN = "progress_update", "verb"


def test_a_member_is_let_in_beside_those_that_are_there(database: Database) -> None:
    with database.writer.begin() as connection:
        before = _members(connection)

        choice_checks.admit(connection, TABLE, COLUMN, "sing", "assign")

        assert _members(connection) == [*before, "sing"]


def test_what_was_let_in_goes_again(database: Database) -> None:
    with database.writer.begin() as connection:
        before = _members(connection)
        choice_checks.admit(connection, TABLE, COLUMN, "sing", "dance")

        choice_checks.dismiss(connection, TABLE, COLUMN, "sing", "dance")

        assert _members(connection) == before


def test_the_rule_holds_at_once(database: Database) -> None:
    with database.writer.begin() as connection:
        choice_checks.admit(connection, "role_grant", "role", "singer")
    with database.writer.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO person (email, name, locale, timezone, is_active, is_name_public, has_digest,"
                " digest_weekday, digest_hour, created_at, version)"
                " VALUES ('a@b.invalid', 'A', 'ar', 'UTC', true, false, true, 0, 8, :now, 1)"
            ),
            {"now": "2026-11-27 08:00:00+00:00"},
        )
        grant = sa.text("INSERT INTO role_grant (person_id, role, created_at) SELECT id, :role, :now FROM person")
        connection.execute(grant, {"role": "singer", "now": "2026-11-27 08:00:00+00:00"})
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(grant, {"role": "dancer", "now": "2026-11-27 08:00:00+00:00"})


def test_a_column_without_such_a_rule_is_named(database: Database) -> None:
    with database.writer.begin() as connection, pytest.raises(LookupError, match=r"person\.name"):
        choice_checks.admit(connection, "person", "name", "sing")


def _members(connection: sa.Connection) -> list[str]:
    return choice_checks._present(connection, TABLE, COLUMN)
