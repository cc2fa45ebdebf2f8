"""What the lanes of one pass share: its time, its transactions, what it has done, and where tests may listen."""

import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from app.services.mailing.delivery import claims

Transaction = Callable[[], AbstractContextManager[Session]]
T = TypeVar("T")
_MOMENT = 0.003  # seconds: less than a commit lasts, and more than a relay near by needs for a message


class Commits:
    """What several lanes write, one transaction at a time: who waits behind another joins the next with all who wait.

    Lanes that wait for each other here don't wait for each other in the database, and share what a commit costs.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._lock = threading.Lock()
        self._line: list[_Change[Any]] = []
        self._came = threading.Condition()
        self._travellers = 0

    @contextmanager
    def alone(self) -> Iterator[Session]:
        """A transaction of one's own."""
        with self._lock, self._transaction() as session:
            yield session

    @contextmanager
    def travelling(self) -> Iterator[None]:
        """Within the block one change follows the other: who commits waits a moment for all who are in such a block."""
        with self._came:
            self._travellers += 1
        try:
            yield
        finally:
            with self._came:
                self._travellers -= 1
                self._came.notify()

    def together(self, change: Callable[[Session], T]) -> T:
        """Committed when it returns, perhaps with others; raises what it raised itself.

        It only writes: where the transaction fails, each change in it is made once more, alone.
        """
        mine = _Change(change)
        with self._came:
            self._line.append(mine)
            self._came.notify()
        with self._lock:
            if not mine.outcome.done():
                self._commit(self._all_aboard())
        return mine.outcome.result()

    def _all_aboard(self) -> "list[_Change[Any]]":
        with self._came:
            self._came.wait_for(lambda: len(self._line) >= self._travellers, _MOMENT)
            changes, self._line = self._line, []
        return changes

    def _commit(self, changes: "Sequence[_Change[Any]]") -> None:
        try:
            with self._transaction() as session:
                found = [one.change(session) for one in changes]
        except BaseException as error:
            if len(changes) > 1 and isinstance(error, Exception):
                for one in changes:
                    self._commit([one])
                return
            for one in changes:
                one.outcome.set_exception(error)
            return
        for one, result in zip(changes, found, strict=True):
            one.outcome.set_result(result)


class _Change(Generic[T]):
    def __init__(self, change: Callable[[Session], T]) -> None:
        self.change = change
        self.outcome: Future[T] = Future()


@dataclass
class SentCounts:
    """What a pass has done with messages."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    uncertain: int = 0
    cancelled: int = 0

    def add(self, other: "SentCounts") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Pass:
    """`now` stands still in a pass; what it lasts is added where a lease is given."""

    read: Transaction
    commits: Commits
    now: dt.datetime
    until: Callable[[], bool]
    tally: SentCounts
    name: str = field(default_factory=lambda: secrets.token_hex(8))  # among other passes, of whatever process
    lock: threading.Lock = field(default_factory=threading.Lock)  # of the tally
    begun: float = field(default_factory=time.monotonic)
    is_resting: bool = False  # the channel failed: no lane goes on
    trials: int = 0  # of a channel that had rested, which failed as before
    is_warm: bool = False  # the relay has accepted something
    is_doubted: bool = False  # evidence is kept, which the next acceptance settles

    @property
    def is_over(self) -> bool:
        return self.is_resting or self.until()

    def instant(self) -> dt.datetime:
        """The pass's own time and what it has lasted."""
        return self.now + dt.timedelta(seconds=time.monotonic() - self.begun)

    def leased_until(self) -> dt.datetime:
        return self.instant() + claims.LEASE

    def add(self, done: SentCounts) -> None:
        with self.lock:
            self.tally.add(done)


class Checkpoint(StrEnum):
    """The labelled points of a delivery, at which tests stop a process; outside tests nobody listens."""

    CLAIMED = "claimed"  # the lease is committed
    DATA = "data"  # the bytes are frozen and the start of DATA is committed: from here on it may have been sent
    ACCEPTED = "accepted"  # the relay has said 250, and nothing of it is committed yet
    ENDED = "ended"  # how it ended is committed


listeners: list[Callable[[str], None]] = []


def reached(checkpoint: Checkpoint) -> None:
    for listener in listeners:
        listener(checkpoint)
