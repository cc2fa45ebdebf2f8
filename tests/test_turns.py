"""The line of writers: first come, first served, told at once when it is full, and no turn is ever lost."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import Busy
from app.turns import Turns
from tests import loops


def test_those_who_wait_are_served_in_the_order_in_which_they_came() -> None:
    turns, served = Turns(1, 10), list[int]()

    async def come(number: int) -> None:
        turn = await turns.wait(5)
        served.append(number)
        turns.end(turn)

    async def crowd() -> None:
        first = await turns.wait(5)
        waiting = []
        for number in range(10):
            waiting.append(asyncio.create_task(come(number)))
            await asyncio.sleep(0)
        turns.end(first)
        await asyncio.gather(*waiting)

    loops.run(crowd())
    assert served == list(range(10))


def test_whoever_finds_the_line_full_is_told_at_once() -> None:
    turns = Turns(1, 2)

    async def crowd() -> list[object]:
        first = await turns.wait(5)
        waiting = [asyncio.create_task(turns.wait(5)) for _ in range(5)]
        await asyncio.sleep(0.01)
        told = [task.exception() for task in waiting if task.done()]
        turns.end(first)
        for task in waiting:
            if not task.done() or task.exception() is None:
                turns.end(await task)
        return [type(error) for error in told]

    assert loops.run(crowd()) == [Busy] * 3
    _all_turns_are_there(turns, 1)


def test_who_gives_up_waiting_leaves_the_line_and_takes_nothing_along() -> None:
    turns = Turns(2, 100)

    async def impatient(seconds: float) -> None:
        try:
            turn = await turns.wait(seconds)
        except Busy:
            return
        try:
            await asyncio.sleep(0.001)
        finally:
            turns.end(turn)

    async def crowd() -> None:
        tasks = [asyncio.create_task(impatient(0.0005 * number)) for number in range(90)]
        await asyncio.sleep(0.01)
        for task in tasks[::3]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    for _ in range(5):
        loops.run(crowd())
    _all_turns_are_there(turns, 2)


def test_threads_and_the_loop_stand_in_one_line() -> None:
    turns, inside, most = Turns(1, 500), 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with guard:
            inside, most = inside + 1, max(most, inside + 1)
        with guard:
            inside -= 1

    def thread(_: int) -> None:
        with turns.turn(10):
            work()

    async def crowd() -> None:
        async def come() -> None:
            turn = await turns.wait(10)
            work()
            turns.end(turn)

        await asyncio.gather(*(come() for _ in range(200)))

    with ThreadPoolExecutor(20) as pool:
        threads = [pool.submit(thread, number) for number in range(200)]
        loops.run(crowd())
        for done in threads:
            done.result()
    assert most == 1
    _all_turns_are_there(turns, 1)


def test_a_block_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1, 1)
    with pytest.raises(ZeroDivisionError), turns.turn(1):
        raise ZeroDivisionError
    _all_turns_are_there(turns, 1)


def test_a_thread_that_would_wait_too_long_is_told() -> None:
    turns = Turns(1, 1)
    with turns.turn(1), pytest.raises(Busy), turns.turn(0):
        pass
    _all_turns_are_there(turns, 1)


def test_a_turn_at_once_is_one_that_nobody_has_or_waits_for() -> None:
    turns = Turns(1, 10)

    async def crowd() -> list[bool]:
        first = turns.at_once()
        assert first
        waiting = asyncio.create_task(turns.wait(5))
        await asyncio.sleep(0)
        turns.end(first)  # to whoever waits, and to nobody who comes now
        free = [turns.at_once() is not None]
        turns.end(await waiting)
        last = turns.at_once()
        assert last
        turns.end(last)
        return free

    assert loops.run(crowd()) == [False]
    _all_turns_are_there(turns, 1)


def _all_turns_are_there(turns: Turns, count: int) -> None:
    assert (turns._free, len(turns._line)) == (count, 0)
