"""A member more in the CHECK of a column of words, whatever members stand there already; for migrations.

SQLite rewrites a table for a CHECK, and can't while another one points to it: the text of the rule is changed, as its
manual allows for changes that touch no row.
"""

import re

import sqlalchemy as sa

_MEMBER = re.compile(r"'(\w+)'")


def admit(connection: sa.Connection, table: str, column: str, *members: str) -> None:
    _rewrite(
        connection, table, column, [*(there := _present(connection, table, column)), *sorted({*members} - {*there})]
    )


def dismiss(connection: sa.Connection, table: str, column: str, *members: str) -> None:
    """No row may have one of them any more."""
    kept = [member for member in _present(connection, table, column) if member not in members]
    _rewrite(connection, table, column, kept)


def _present(connection: sa.Connection, table: str, column: str) -> list[str]:
    return _MEMBER.findall(_rule(connection, table, column))


# A rule may be called by the name of its words, where several columns hold them.
_ON_SERVER = """
SELECT rule.conname, pg_get_constraintdef(rule.oid) FROM pg_constraint rule
JOIN pg_attribute part ON part.attrelid = rule.conrelid AND ARRAY[part.attnum] = rule.conkey
WHERE rule.contype = 'c' AND rule.conrelid = CAST(:table AS regclass) AND part.attname = :column
"""


def _on_server(connection: sa.Connection, table: str, column: str) -> tuple[str, str]:
    """Its name and its condition; empty where there is none."""
    found = connection.execute(sa.text(_ON_SERVER), {"table": table, "column": column}).first()
    return (str(found[0]), str(found[1])) if found else ("", "")


def _rule(connection: sa.Connection, table: str, column: str) -> str:
    """The condition as the database has it; raises LookupError where there is none."""
    found: str | None
    if connection.dialect.name == "postgresql":
        _, found = _on_server(connection, table, column)
    else:
        asked = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
        whole = connection.execute(asked, {"name": table}).scalar_one_or_none()
        match = re.search(rf"\b{column} IN \([^)]*\)", whole or "")
        found = match and match.group()
    if not found:
        raise LookupError(f"{table}.{column} has no CHECK of words")
    return str(found)


def _rewrite(connection: sa.Connection, table: str, column: str, members: list[str]) -> None:
    rule = f"{column} IN ({', '.join(repr(member) for member in members)})"
    if connection.dialect.name == "postgresql":
        name, _ = _on_server(connection, table, column)
        connection.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        connection.execute(sa.text(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"))
        return
    before = _rule(connection, table, column)
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = :name"),
        {"before": before, "after": rule, "name": table},
    )
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
