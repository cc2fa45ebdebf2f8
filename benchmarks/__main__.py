"""`python -m benchmarks`: one run that prints what the service costs, beside a bare one that does the same work."""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from benchmarks import mails, recording, scene, table
from benchmarks.client import Ask
from benchmarks.processes import Served, free_port, serving
from benchmarks.rounds import Effort, Pair, Side, interleaved
from benchmarks.scene import Case

_FULL, _QUICK = Effort(rounds=12, requests=40, seconds=80), Effort(rounds=3, requests=20, seconds=20)
_FIRST_ANSWER, _MEMORY = 1.7, 110.0  # aims: seconds, megabytes a process
_STARTS = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    parser.add_argument("--only", default="", help="the cases whose name begins with this, and nothing else")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tatbiq-bench-") as folder:
        bench = Bench(Path(folder), chosen.only)
        bench.compare(_QUICK if chosen.quick else _FULL)
        if not chosen.only:
            bench.start_again()
            for line in table.mails(mails.rates()):
                print(line)


class Bench:
    """The two sides, each on its own copy of the same data."""

    def __init__(self, folder: Path, only: str) -> None:
        self.ours, self.statements = folder / "ours", folder / "statements.json"
        self.ours.mkdir()
        self.database, cases = scene.prepared(self.ours)
        self.cases = [case for case in cases if case.name.startswith(only)]
        # Copied while nobody has it open: closing any copy of a file drops the locks that SQLite holds on it.
        self.bare, recorded = (shutil.copytree(self.ours, folder / name) for name in ("bare", "recorded"))
        self.statements.write_text(recording.record(recorded, self.cases))

    def compare(self, effort: Effort) -> None:
        with ExitStack() as stack:
            ours = stack.enter_context(self._serve_ours())
            bare = stack.enter_context(self._serve_bare())
            touch = stack.enter_context(scene.toucher(self.database))
            pairs = [_pair(case, ours, bare, touch) for case in self.cases]
            interleaved(pairs, effort)
            for line in table.lines(pairs):
                print(line)
            for megabytes in ours.memory():
                print(table.figure("memory", megabytes, "MB a process", _MEMORY))

    def start_again(self) -> None:
        """From the start of the command to the first page."""
        seconds = []
        for _ in range(_STARTS):
            with self._serve_ours() as served:
                seconds.append(served.first_answer)
        print(table.figure("first answer", statistics.median(seconds), "s after start", _FIRST_ANSWER))

    def _serve_ours(self) -> AbstractContextManager[Served]:
        port = free_port()
        environment = {"TATBIQ_DATA_DIR": str(self.ours), "TATBIQ_SCHEDULER": "external"}
        return serving(["app", "serve", "--port", str(port)], port, "/ar/", environment)

    def _serve_bare(self) -> AbstractContextManager[Served]:
        port = free_port()
        environment = {
            "BARE_DATABASE": str(self.bare / self.database.name),
            "BARE_STATEMENTS": str(self.statements),
            "BARE_NONCE": recording.NONCE,
        }
        quiet = ["--no-access-log", "--log-level", "warning"]
        return serving(["uvicorn", "benchmarks.bare:app", "--port", str(port), *quiet], port, "/docs", environment)


def _pair(case: Case, ours: Served, bare: Served, touch: Callable[[], None]) -> Pair:
    same = Ask(f"/{case.work}", form=case.ask.form, expected=case.ask.expected)
    return Pair(case, Side(ours, case.ask, touch if case.is_stale else _nothing), Side(bare, same, _nothing))


def _nothing() -> None:
    pass


if __name__ == "__main__":
    main()
