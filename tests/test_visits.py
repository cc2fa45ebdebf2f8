"""A request that is stopped: its statement is interrupted, later ones are refused, its connection is not used again."""

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

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
        _within(visit, lambda: _ask(database))


@pytest.mark.sqlite_only
def test_an_interrupted_beginning_is_a_fault_of_the_database_as_any_other(database: Database) -> None:
    with database.reading() as session:
        driver: Any = session.connection().connection.driver_connection
        session.rollback()  # the connection that is used last is taken first
        driver.set_progress_handler(lambda: 1, 1)
        with pytest.raises(OperationalError, match="interrupted"):
            session.execute(sa.text("SELECT 1"))
        driver.set_progress_handler(None, 1)

    assert database.reader.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_the_end_of_what_a_request_held_is_not_interrupted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    visit, interrupted = Visit(), list[object]()
    monkeypatch.setattr(visits, "_interrupt", interrupted.append)

    def stop(_connection: object) -> None:
        visit.stop()

    def read() -> None:
        session = database.reading()
        session.execute(sa.text("SELECT 1"))
        sa.event.listen(database.reader, "rollback", stop)
        routes._close(session)

    in_visit(visit, read).join(10)
    sa.event.remove(database.reader, "rollback", stop)

    assert visit.is_over
    assert not interrupted


def _stumble() -> None:
    raise KeyError("ours")


def test_whatever_a_stopped_thread_stumbles_over_is_said_to_be_overdue() -> None:
    visit = Visit()
    visit.stop()

    with pytest.raises(Overdue) as met:
        _within(visit, lambda: routes._in_time(_stumble))

    assert isinstance(met.value.__cause__, KeyError)


def test_what_goes_wrong_in_time_is_said_as_it_is() -> None:
    with pytest.raises(KeyError):
        _within(Visit(), lambda: routes._in_time(_stumble))


def _within(visit: Visit, work: Callable[[], None]) -> None:
    context = contextvars.copy_context()
    context.run(visits.current.set, visit)
    context.run(work)


def _ask(database: Database) -> None:
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
