"""Which statements something takes, how many, and how much work they are for SQLite."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session


def counted(session: Session, work: Callable[[], object]) -> int:
    return len(statements(session, work))


def statements(session: Session, work: Callable[[], object]) -> list[str]:
    session.flush()
    taken: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        taken.append(statement)

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return taken


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
