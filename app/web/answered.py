"""How many answers this process gave, of which kind, and how long they took: in memory, for `/metrics` alone."""

import os
import threading
from bisect import bisect_left

from app.formats.exposition import Durations, Metric

_BOUNDS = (0.01, 0.05, 0.25, 1.0, 5.0)  # seconds


class AnswerCounts:
    """Of one process: several on one machine are told apart by its number."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.by_class = dict.fromkeys("12345", 0)
        self.buckets = [0] * (len(_BOUNDS) + 1)
        self.seconds = 0.0

    def note(self, status: int, seconds: float) -> None:
        """Who went away before an answer is not counted."""
        kind = str(status)[:1]
        if kind not in self.by_class:
            return
        with self._lock:
            self.by_class[kind] += 1
            self.buckets[bisect_left(_BOUNDS, seconds)] += 1
            self.seconds += seconds

    def measures(self) -> list[Metric | Durations]:
        process = str(os.getpid())
        with self._lock:
            counts, buckets, seconds = dict(self.by_class), list(self.buckets), self.seconds
        below, ladder = 0, list[tuple[str, float]]()
        for bound, count in zip([*map(str, _BOUNDS), "+Inf"], buckets, strict=True):
            below += count
            ladder.append((bound, below))
        told = [((process, f"{kind}xx"), float(count)) for kind, count in counts.items()]
        return [
            Metric(
                "tatbiq_answers_total", "Answers of this process, by class of status", told, ("process", "status"), True
            ),
            Durations(
                "tatbiq_answer_seconds",
                "How long the answers of this process took",
                ladder,
                seconds,
                (("process", process),),
            ),
        ]


given = AnswerCounts()
