"""Pages made slow on purpose, more of them than there are threads: the process lives, and everybody hears in time."""

import asyncio
import os
import time

import pytest

from app.db import Database
from tests import loops
from tests.faults.conftest import Serve, Service
from tests.faults.crowd import Answered, Asked, ask, one, statuses

pytestmark = [pytest.mark.slow, pytest.mark.alone]
READERS = 64
SECONDS = float(os.environ.get("FAULT_SECONDS", "12"))  # a minute by hand, longer than any deadline in the suite
LONGEST = 10.0
FLAGS = ("x", "y", "z")


@pytest.mark.parametrize("nap", [3.0, 30.0], ids=["some answer in time", "none does"])
def test_readers_of_slow_pages_are_answered_in_time_and_leave_nothing_behind(
    serve: Serve, database: Database, nap: float
) -> None:
    service = serve(slow="milestone", seconds=nap)
    answers, health = loops.run(_read_for(service, SECONDS))

    assert service.lives, service.said()[-3000:]
    assert max(answer.seconds for answer in answers) < LONGEST
    assert set(statuses(answers)) <= ({200, 503} if nap < LONGEST else {503}), service.faults()
    assert statuses(health) == {200: len(health)}
    assert max(answer.seconds for answer in health) < 2
    time.sleep(1 if nap < LONGEST else 3)  # the last interrupted statements end by themselves
    _is_whole(service)


async def _read_for(service: Service, seconds: float) -> tuple[list[Answered], list[Answered]]:
    until = time.monotonic() + seconds
    paths = [
        service.ground.path(route, "own") for route in ("/{lang}/workspace/actions/{ref}", "/{lang}/workspace/desk")
    ]
    answers: list[Answered] = []
    health: list[Answered] = []

    async def reader(number: int) -> None:
        while time.monotonic() < until:
            answers.append(await one(service.url, service.asked("secretariat", paths[0])))

    async def watcher() -> None:
        while time.monotonic() < until:
            health.append(await one(service.url, Asked("/readyz")))
            await asyncio.sleep(0.5)

    await asyncio.gather(watcher(), *(reader(number) for number in range(READERS)))
    return answers, health


def _is_whole(service: Service) -> None:
    """Every place of the pool can be had again, and the write lock is nobody's."""
    pages = ask(service.url, *[service.asked("secretariat", "/fr/workspace/actions")] * READERS)
    assert statuses(pages) == {200: READERS}
    ref = service.ground.of("own")["actions"]
    [written] = ask(service.url, service.asked("owner", f"/fr/workspace/actions/{ref}/updates", {"s": "on_track"}))
    assert (written.status, written.seconds < 1) == (303, True)
