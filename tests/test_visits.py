"""A request that is stopped: its statement is interrupted, later ones are refused, its connection is not used again."""

import contextvars
import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app import routes, visits
from app.db import Database
from app.visits import Overdue, Visit

LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def in_visit(visit: Visit, work: Callable[[], None]) -> threading.Thread:
    context = contextvars.copy_context()
    context.run(visits.current.set, visit)
    thread = threading.Thread(target=context.run, args=(work,))
    thread.start()
    return thread


def test_a_long_statement_ends_when_its_request_is_stopped(database: Database) -> None:
    visit, ended = Visit(), list[type[BaseException]]()

    def read() -> None:
        session = database.reading()
        try:
            session.execute(sa.text(LONG[database.url.get_backend_name()]))
        except (DBAPIError, Overdue) as error:
            ended.append(type(error))
        finally:
            routes._close(session)

    thread = in_visit(visit, read)
    time.sleep(0.3)
    visit.stop()
    thread.join(10)

    assert not thread.is_alive()
    assert len(ended) == 1
    assert database.reader.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_what_would_follow_is_refused_and_the_write_lock_is_free(database: Database) -> None:
    visit, met = Visit(), list[type[BaseException]]()
    begun, stopped = threading.Event(), threading.Event()

    def write() -> None:
        session = database.writing()
        try:
            session.execute(sa.text("UPDATE heartbeat SET epoch = epoch"))
            begun.set()
            stopped.wait(10)
            session.execute(sa.text("UPDATE heartbeat SET epoch = epoch"))
        except Overdue as error:
            met.append(type(error))
        finally:
            routes._close(session)

    thread = in_visit(visit, write)
    begun.wait(10)
    visit.stop()
    stopped.set()
    thread.join(10)

    assert met == [Overdue]
    database.begin_a_write(1)


def test_a_stopped_request_gets_no_connection(database: Database) -> None:
    visit = Visit()
    visit.stop()
    with pytest.raises(Overdue):
        contextvars.copy_context().run(_ask, database, visit)


def _ask(database: Database, visit: Visit) -> None:
    visits.current.set(visit)
    with database.read() as session:
        session.execute(sa.text("SELECT 1"))


def test_who_leaves_ends_what_only_served_them_once() -> None:
    visit, ended = Visit(), list[int]()
    visit.on_leaving(lambda: ended.append(1))
    visit.leave()
    visit.leave()
    visit.on_leaving(lambda: ended.append(2))

    assert ended == [1, 2]
    assert not visit.is_over
