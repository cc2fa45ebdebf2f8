"""The public record behind the pages, on a day that stands still; statements counted."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa
import time_machine

from app.db import Database
from tests import published
from tests.published import Record

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with time_machine.travel(published.NOW, tick=False):
        yield


@pytest.fixture
def record(database: Database) -> Record:
    with database.write() as session:
        return published.write(session)


@pytest.fixture
def statements(database: Database) -> Counting:
    """`with statements() as seen:` lists what is read from the database within."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        sa.event.listen(database.reader, "before_cursor_execute", note)
        yield seen
        sa.event.remove(database.reader, "before_cursor_execute", note)

    return counting
