"""First come, first served: so many at once, asked for by threads and by the event loop alike.

SQLite's own waiting sleeps and asks again, so that whoever came last may win; here the next in line is woken at once.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from app.domain.errors import Busy

Turn = Future[None]


class Turns:
    """`at_once` have a turn. Of those who ask by `wait`, `most_waiting` stand in line; the others are told at once."""

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._line: deque[Turn] = deque()
        self._lock = threading.Lock()

    def at_once(self) -> Turn | None:
        """A turn, where one is free."""
        with self._lock:
            if not self._free:
                return None
            self._free -= 1
        turn: Turn = Future()
        turn.set_result(None)
        return turn

    async def wait(self, seconds: float) -> Turn:
        """A turn, for `end` when it is over; raises Busy where the line is full or does not move."""
        turn = self._ask(limited=True)
        try:
            await asyncio.wait_for(asyncio.wrap_future(turn), seconds)
        except TimeoutError as error:
            self._give_up(turn)
            raise Busy from error
        except BaseException:
            self._give_up(turn)
            raise
        return turn

    @contextmanager
    def turn(self, seconds: float | None = None) -> Iterator[None]:
        """A turn for the block, in a thread; however long the line. Raises Busy after `seconds`."""
        turn = self._ask(limited=False)
        try:
            turn.result(seconds)
        except TimeoutError as error:
            self._give_up(turn)
            raise Busy from error
        try:
            yield
        finally:
            self.end(turn)

    def end(self, turn: Turn) -> None:
        """Called once for every turn that was had, by whoever had it."""
        with self._lock:
            while self._line:
                following = self._line.popleft()
                if following.set_running_or_notify_cancel():
                    following.set_result(None)
                    return
            self._free += 1

    def _ask(self, *, limited: bool) -> Turn:
        turn: Turn = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.set_result(None)
            elif limited and len(self._line) >= self._most_waiting:
                raise Busy
            else:
                self._line.append(turn)
        return turn

    def _give_up(self, turn: Turn) -> None:
        """Whoever is handed the turn at the very moment hands it on."""
        with self._lock:
            if turn.cancel() or turn.cancelled():
                if turn in self._line:
                    self._line.remove(turn)
                return
        self.end(turn)
