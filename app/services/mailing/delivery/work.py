"""What the lanes of one pass share: its time, its ways to the database, and what has been done so far."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields

from app.services.mailing.delivery import claims
from app.services.mailing.delivery.commits import Commits, Transaction


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
    lock: threading.Lock = field(default_factory=threading.Lock)  # of the tally
    begun: float = field(default_factory=time.monotonic)
    is_resting: bool = False  # the channel failed: no lane goes on
    trials: int = 0  # of a channel that had rested, which failed as before
    is_warm: bool = False  # the relay has accepted something
    is_doubted: bool = False  # evidence is kept, which the next acceptance settles

    @property
    def is_over(self) -> bool:
        return self.is_resting or self.until()

    def leased_until(self) -> dt.datetime:
        return self.now + dt.timedelta(seconds=time.monotonic() - self.begun) + claims.LEASE

    def add(self, done: SentCounts) -> None:
        with self.lock:
            self.tally.add(done)
