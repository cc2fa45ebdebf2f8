"""The dice of made-up data: the same seed throws the same, in a third of the time that exact fairness takes."""

import random
from collections.abc import Sequence
from typing import Any, SupportsIndex, TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """Nothing here is a secret, and nobody sees a part in a million more of one than of another."""

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        return a + int(self.random() * (b - a + 1))

    def randrange(self, start: SupportsIndex, stop: Any = None, step: Any = 1) -> int:
        first, last = (0, int(start)) if stop is None else (int(start), int(stop))
        return first + int(step) * int(self.random() * ((last - first + int(step) - 1) // int(step)))
