"""Which statements something takes, how many, and how much work they are for either database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session


def counted(session: Session, work: Callable[[], object]) -> int:
    return len(statements(session, work))


def statements(session: Session, work: Callable[[], object]) -> list[str]:
    return [statement for statement, _ in _taken(session, work)]


def _taken(session: Session, work: Callable[[], object]) -> list[tuple[str, Any]]:
    session.flush()
    taken: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        taken.append((statement, values))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return taken


def effort(session: Session, work: Callable[[], object]) -> int:
    """Instructions of SQLite in hundreds, or rows that the steps of PostgreSQL's plans look at."""
    if session.get_bind().dialect.name == "sqlite":
        with steps(session) as counted:
            work()
        return counted[0]
    return sum(_rows_looked_at(_plan(session, *one)) for one in _taken(session, work))


def plans(session: Session, work: Callable[[], object]) -> list[list[str]]:
    """Of each statement the steps that the database would take, in its own words."""
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    taken = _taken(session, work)
    found = [
        session.connection().exec_driver_sql(f"{explain} {statement}", values).all() for statement, values in taken
    ]
    return [[str(row[-1]).strip() for row in rows] for rows in found]


def _plan(session: Session, statement: str, values: Any) -> Any:
    cursor: Any = session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
    return cursor.fetchone()[0][0]["Plan"]


def _rows_looked_at(plan: Any) -> int:
    seen = sum(rows for name, rows in plan.items() if name == "Actual Rows" or name.startswith("Rows Removed"))
    own: int = round(seen * plan["Actual Loops"])
    return own + sum(map(_rows_looked_at, plan.get("Plans", ())))


@contextmanager
def steps(session: Session) -> Iterator[list[int]]:
    """How many instructions SQLite's machine runs, in hundreds."""
    count = [0]

    def tick() -> int:
        count[0] += 1
        return 0

    raw: Any = session.connection().connection.driver_connection
    raw.set_progress_handler(tick, 100)
    yield count
    raw.set_progress_handler(None, 0)
