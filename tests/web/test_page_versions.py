"""The number that tells what has changed of the public pages: on both databases, unknown when in doubt."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app import db
from app.db import Database
from app.models.base import table_of
from app.models.rollups import PublicChange
from app.services.kernel import changes
from app.web import page_versions
from app.web.page_versions import Versions
from tests import builders

Answer = TypeVar("Answer")
HERE, THERE = frozenset({"meeting:1"}), frozenset({"meeting:2"})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is asked as often as somebody wants to know."""
    monkeypatch.setattr(page_versions, "_SECOND", 0.0)


def answer(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it on a loop of its own: a browser's session may hold one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def change(database: Database, *places: str) -> None:
    with database.write() as session:
        changes.note(session, *places)
        session.execute(sa.text("SELECT 1"))


async def known(of: Versions) -> int:
    number = await of.now()
    assert number is not None
    return number


def test_nothing_public_committed_nothing_changed(database: Database) -> None:
    async def ask() -> list[object]:
        asked = Versions()
        found = [await asked.now()]
        with database.write() as session:
            builders.programme(session, published_at=None)
        return [*found, await asked.now()]

    first, second = answer(ask())

    assert first is not None
    assert first == second


def test_what_shows_the_change_is_old_and_nothing_else(database: Database) -> None:
    async def ask() -> tuple[bool, bool, bool]:
        asked = Versions()
        before = await known(asked)
        fresh = asked.holds(before, HERE | THERE)
        change(database, "meeting:1")
        await asked.now()
        return fresh, asked.holds(before, HERE), asked.holds(before, THERE)

    assert answer(ask()) == (True, False, True)


def test_a_change_of_everything_is_one_of_each(database: Database) -> None:
    async def ask() -> tuple[bool, bool]:
        asked = Versions()
        before = await known(asked)
        with database.write() as session:
            builders.meeting(session)
        return asked.holds(await known(asked), HERE), asked.holds(before, HERE)

    assert answer(ask()) == (True, False)


@pytest.mark.parametrize("undo", [Session.rollback, Session.close])
def test_what_was_undone_changed_nothing(database: Database, undo: Callable[[Session], None]) -> None:
    async def ask() -> tuple[int, int]:
        asked = Versions()
        before = await known(asked)
        with database.writing() as session:
            builders.meeting(session)
            undo(session)
        return before, await known(asked)

    before, after = answer(ask())

    assert before == after


def test_many_places_are_everywhere(database: Database) -> None:
    change(database, *(f"meeting:{number}" for number in range(1_000)))

    with database.read() as session:
        assert session.execute(sa.select(table_of(PublicChange).c.scopes)).scalars().all() == [["all"]]


def test_the_oldest_are_dropped_and_whoever_missed_them_makes_everything_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 2)
    monkeypatch.setattr(changes, "_PRUNE_EVERY", 1)

    async def ask() -> tuple[bool, bool]:
        asked, away = Versions(), Versions()
        before, absent = await known(asked), await known(away)
        for _ in range(5):
            change(database, "meeting:2")
            await asked.now()
        await away.now()
        return asked.holds(before, HERE), away.holds(absent, HERE)

    assert answer(ask()) == (True, False)
    with database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(PublicChange)).scalar_one() == 2


def test_who_ends_late_is_seen_although_who_began_later_ended_first(database: Database) -> None:
    if database.is_sqlite:  # has one writer at a time
        return

    async def ask() -> tuple[bool, bool, bool]:
        asked = Versions()
        with database.writing() as slow:
            changes.note(slow, "meeting:1")
            slow.execute(sa.text("SELECT pg_current_xact_id()"))
            slow.flush()
            first = await known(asked)
            change(database, "meeting:2")
            second = await known(asked)
            early = asked.holds(first, THERE), asked.holds(second, HERE)
            await asked.now()
            slow.commit()
        await asked.now()
        return *early, asked.holds(second, HERE)

    assert answer(ask()) == (False, True, False)


def test_a_long_transaction_beside_does_not_make_old_news_new(database: Database) -> None:
    if database.is_sqlite:
        return

    async def ask() -> tuple[int, int]:
        asked = Versions()
        with database.writing() as slow:
            slow.execute(sa.text("SELECT pg_current_xact_id()"))
            change(database, "meeting:2")
            first = await known(asked)
            return first, await known(asked)

    first, second = answer(ask())

    assert first == second


def test_many_who_ask_within_a_second_are_one_question(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_versions, "_SECOND", 60.0)
    if database.is_sqlite:
        return
    asked: list[object] = []
    real: Callable[..., Awaitable[Any]] = asyncio.to_thread

    async def counted(*arguments: Any) -> Any:
        asked.append(arguments)
        return await real(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", counted)

    async def ask() -> set[int | None]:
        of = Versions()
        return set(await asyncio.gather(*(of.now() for _ in range(50))))

    assert len(answer(ask())) == 1
    assert len(asked) == 1


@pytest.mark.sqlite_only
def test_of_another_database_nothing_is_known(database: Database, empty_url: str) -> None:
    async def ask() -> bool:
        asked = Versions()
        before = await known(asked)
        db.init(empty_url)
        await asked.now()
        return asked.holds(before, HERE)

    assert answer(ask()) is False


@pytest.mark.sqlite_only
def test_of_a_database_in_memory_nothing_is_known(database: Database) -> None:
    db.init("sqlite://")

    assert answer(Versions().now()) is None
