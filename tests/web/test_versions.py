"""The one value that says whether anything was committed: on both databases, off the loop, unknown when in doubt."""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from app import db
from app.db import Database
from app.web.versions import Versions
from tests import builders

Answer = TypeVar("Answer")


def answer(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it on a loop of its own: a browser's session may hold one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def test_nothing_committed_nothing_changed(database: Database) -> None:
    async def ask() -> list[object]:
        versions = Versions()
        return [await versions.now() for _ in range(3)]

    first, second, third = answer(ask())

    assert first is not None
    assert first == second == third


def test_a_commit_is_seen_at_once_on_sqlite_and_within_a_second_on_postgresql(database: Database) -> None:
    async def ask() -> tuple[object, object]:
        versions = Versions()
        before = await versions.now()
        with database.write() as session:
            builders.programme(session)
        if not database.is_sqlite:
            await asyncio.sleep(1.01)
        return before, await versions.now()

    before, after = answer(ask())

    assert before != after


@pytest.mark.sqlite_only
def test_another_database_has_another_version(database: Database, empty_url: str) -> None:
    async def ask() -> tuple[object, object]:
        versions = Versions()
        before = await versions.now()
        db.init(empty_url)
        return before, await versions.now()

    before, after = answer(ask())

    assert before != after


@pytest.mark.sqlite_only
def test_a_database_in_memory_has_no_version(database: Database) -> None:
    db.init("sqlite://")

    assert answer(Versions().now()) is None


@pytest.mark.sqlite_only
def test_asking_costs_little(database: Database) -> None:
    async def ask() -> float:
        versions = Versions()
        await versions.now()
        started = time.perf_counter()
        for _ in range(1000):
            await versions.now()
        return time.perf_counter() - started

    assert answer(ask()) < 0.5
