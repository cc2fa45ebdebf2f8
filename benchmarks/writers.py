"""How long people wait who write at once: one writer, then several, each about an action of their own."""

import secrets
import threading
from dataclasses import dataclass

from benchmarks.client import Ask, one_by_one
from benchmarks.processes import Served
from benchmarks.scene import WRITERS

AIM = 50.0  # milliseconds, the 95th of a hundred with four writers


@dataclass(frozen=True)
class Waiting:
    """The 95th of a hundred waits in milliseconds, ours and bare."""

    writers: int
    ours: float
    bare: float


def compare(ours: tuple[Served, list[Ask]], bare: tuple[Served, list[Ask]], requests: int) -> list[Waiting]:
    """Both sides by turns, so that what else the machine does falls on both."""
    found = []
    for count in (1, WRITERS):
        times: tuple[list[float], list[float]] = [], []
        for _ in range(2):
            for side, (served, asks) in zip(times, (ours, bare), strict=True):
                side.extend(_at_once(served, asks[:count], requests // 2))
        found.append(Waiting(count, _late(times[0]), _late(times[1])))
    return found


def _at_once(served: Served, asks: list[Ask], requests: int) -> list[float]:
    times: list[float] = []

    def write(ask: Ask) -> None:
        times.extend(one_by_one(served.port, ask, requests, lambda: secrets.token_urlsafe(18), lambda: None))

    threads = [threading.Thread(target=write, args=(ask,), daemon=True) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _late(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] * 1000
