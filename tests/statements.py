"""Which statements something takes, and how many."""

from collections.abc import Callable

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
