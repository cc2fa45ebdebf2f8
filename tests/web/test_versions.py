"""The one value that says whether anything was committed: on both databases, off the loop, unknown when in doubt."""

import asyncio
import time

import pytest

from app import db
from app.db import Database
from app.web.versions import Versions
from tests import builders


def test_nothing_committed_nothing_changed(database: Database) -> None:
    async def ask() -> list[object]:
        versions = Versions()
        return [await versions.now() for _ in range(3)]

    first, second, third = asyncio.run(ask())

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

    before, after = asyncio.run(ask())

    assert before != after


@pytest.mark.sqlite_only
def test_another_database_has_another_version(database: Database, empty_url: str) -> None:
    async def ask() -> tuple[object, object]:
        versions = Versions()
        before = await versions.now()
        db.init(empty_url)
        return before, await versions.now()

    before, after = asyncio.run(ask())

    assert before != after


@pytest.mark.sqlite_only
def test_a_database_in_memory_has_no_version(database: Database) -> None:
    db.init("sqlite://")

    assert asyncio.run(Versions().now()) is None


@pytest.mark.sqlite_only
def test_asking_costs_little(database: Database) -> None:
    async def ask() -> float:
        versions = Versions()
        await versions.now()
        started = time.perf_counter()
        for _ in range(1000):
            await versions.now()
        return time.perf_counter() - started

    assert asyncio.run(ask()) < 0.5
