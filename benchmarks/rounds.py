"""Ours and bare by turns in small rounds, so that what else the machine does falls on both; and what they add up to."""

import itertools
import secrets
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.client import Ask, one_by_one, size, two_at_once
from benchmarks.processes import Served
from benchmarks.scene import Case

_WARMING = 20


@dataclass(frozen=True)
class Effort:
    """How much is asked: rounds of so many requests, and no longer than so many seconds."""

    rounds: int
    requests: int
    seconds: float


@dataclass
class Side:
    """One case on one side."""

    served: Served
    ask: Ask
    before: Callable[[], None]
    times: list[float] = field(default_factory=list)
    cpu: float = 0.0
    rates: list[float] = field(default_factory=list)
    bytes: int = 0

    def warm(self) -> None:
        one_by_one(self.served.port, self.ask, _WARMING, _nonce, self.before)
        self.bytes = size(self.served.port, self.ask, _nonce())

    def run(self, requests: int) -> None:
        """One round: alone for the times and the CPU, then two at once for the rate."""
        before = self.served.cpu()
        self.times += one_by_one(self.served.port, self.ask, requests, _nonce, self.before)
        self.cpu += self.served.cpu() - before
        self.rates.append(two_at_once(self.served.port, self.ask, requests // 2, _nonce))

    @property
    def milliseconds(self) -> float:
        """CPU of the service's processes for one answered request."""
        return self.cpu * 1000 / len(self.times)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


@dataclass(frozen=True)
class Pair:
    case: Case
    ours: Side
    bare: Side

    @property
    def ratio(self) -> float:
        return self.ours.milliseconds / self.bare.milliseconds


def interleaved(pairs: list[Pair], effort: Effort) -> None:
    """Every round asks each case of both sides, and changes who comes first."""
    for pair in pairs:
        pair.ours.warm()
        pair.bare.warm()
    deadline = time.monotonic() + effort.seconds
    for number in itertools.count(1):
        for pair in pairs:
            sides = (pair.ours, pair.bare) if number % 2 else (pair.bare, pair.ours)
            for side in sides:
                side.run(effort.requests)
        if number == effort.rounds or time.monotonic() > deadline:
            return


def _nonce() -> str:
    return secrets.token_urlsafe(18)
