"""Large files wait in line once they have arrived, small ones do not; nobody waits for ever, and nobody is lost."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from app.files import store
from app.web import uploads
from tests import loops
from tests.web.test_time_limits import arriving

LARGE, SMALL = b"x" * (uploads._LARGE + 1), b"x" * 1000
CROWD = 6


async def crowd(body: bytes, seconds: float = 0.05) -> tuple[int, list[int]]:
    """How many were at work at one moment, and with which statuses they went in."""
    working, most, statuses = 0, 0, list[int]()

    async def one() -> None:
        nonlocal working, most
        async with AsyncExitStack() as held:
            _, status = await uploads.spooled(arriving(body), held)
            statuses.append(status)
            working += not status
            most = max(most, working)
            await asyncio.sleep(seconds)
            working -= not status

    await asyncio.gather(*(one() for _ in range(CROWD)))
    return most, statuses


def test_large_files_have_their_turn_and_all_of_them_get_it() -> None:
    assert loops.run(crowd(LARGE)) == (store.AT_ONCE, [0] * CROWD)


def test_small_ones_wait_for_nobody() -> None:
    assert loops.run(crowd(SMALL)) == (CROWD, [0] * CROWD)


def test_whoever_finds_the_line_full_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_MOST_WAITING", 1)
    most, statuses = loops.run(crowd(LARGE))
    assert most == store.AT_ONCE
    assert sorted(statuses) == [0] * (store.AT_ONCE + 1) + [503] * (CROWD - store.AT_ONCE - 1)


def test_whoever_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_PATIENCE", 0.05)
    _, statuses = loops.run(crowd(LARGE, seconds=1.0))
    assert sorted(statuses) == [0] * store.AT_ONCE + [503] * (CROWD - store.AT_ONCE)
