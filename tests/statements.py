"""How many statements something takes."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session


def counted(session: Session, work: Callable[[], object]) -> int:
    session.flush()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return len(statements)
