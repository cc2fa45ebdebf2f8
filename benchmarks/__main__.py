"""`python -m benchmarks`: one run that prints what the service costs, beside a bare one that does the same work."""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from app import config, db
from benchmarks import growth, mails, memory, planning, recording, scene, table, writers
from benchmarks.client import Ask
from benchmarks.growth import Sized
from benchmarks.processes import Served, free_port, serving
from benchmarks.rounds import Effort, Pair, Side, interleaved
from benchmarks.scene import Case, Scene

_FULL, _QUICK = Effort(rounds=12, requests=40, seconds=80), Effort(rounds=3, requests=20, seconds=20)
_SIZES, _MILLION = (10_000, 100_000), 1_000_000
_FIRST_ANSWER, _MEMORY = 1.7, 110.0  # aims: seconds, megabytes a process
_STARTS = 3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    parser.add_argument("--only", default="", help="the cases whose name begins with this, and nothing else")
    parser.add_argument("--sizes", default=",".join(map(str, _SIZES)), help="numbers of actions, the first for ratios")
    parser.add_argument("--pages", help="a pattern: only what pages of such names cost as the record grows")
    parser.add_argument("--mails", type=int, default=0, help="only what so many digests and reminders cost")
    parser.add_argument("--planning", help="only what planning costs beside so many closed actions: 0,200000")
    parser.add_argument("--million", action="store_true", help="a million actions too")
    chosen = parser.parse_args()
    sizes = [*map(int, chosen.sizes.split(",")), *([_MILLION] if chosen.million else [])]
    if chosen.mails:
        print("\n".join(table.mails(mails.rates(chosen.mails))))
        return
    if chosen.planning is not None:
        print("\n".join(table.planning(planning.measured([*map(int, chosen.planning.split(","))]))))
        return
    effort = _QUICK if chosen.quick else _FULL
    if chosen.pages is not None:
        grow(sizes, effort.requests, chosen.pages)
        return
    with tempfile.TemporaryDirectory(prefix="tatbiq-bench-") as folder:
        bench = Bench(Path(folder) / "ratios", sizes[0], chosen.only)
        bench.compare(effort)
        if not chosen.only:
            bench.start_again()
            bench.mix()
            for line in table.mails(mails.rates()):
                print(line)
            for line in table.planning(planning.measured()):
                print(line)
    if not chosen.only:
        grow(sizes, effort.requests)


def grow(sizes: list[int], requests: int, named: str = "") -> None:
    """Every page at every size, and the memory that a process has then."""
    with ExitStack() as stack:
        served = [_sized(stack, actions) for actions in sizes]
        found = growth.measure(served, requests, named)
        memory = {one.actions: max(one.served.memory()) for one in served}
    for line in table.growth(found, sizes):
        print(line)
    for name, times in growth.searches(found).items():
        print(table.figure(name, times, "x the list", growth.SEARCH))
    for overview in [page for page in found if page.name == "overview"]:
        print(table.figure("overview on a miss", max(overview.spent.values()), "ms", growth.OVERVIEW))
    for actions, megabytes in memory.items():
        print(table.figure(f"memory at {actions}", megabytes, "MB a process", _MEMORY))


def _sized(stack: ExitStack, actions: int) -> Sized:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tatbiq-bench-")))
    made = scene.prepared(folder, actions)
    return Sized(actions, stack.enter_context(_serve(folder)), made, stack.enter_context(scene.toucher(made.path)))


class Bench:
    """The two sides, each on its own copy of the same data."""

    def __init__(self, folder: Path, actions: int, only: str) -> None:
        self.ours, self.statements = folder / "ours", folder / "statements.json"
        self.ours.mkdir(parents=True)
        self.scene: Scene = scene.prepared(self.ours, actions)
        self.cases = [case for case in self.scene.cases if case.name.startswith(only)]
        # Copied while nobody has it open: closing any copy of a file drops the locks that SQLite holds on it.
        names = ("bare", "mixed", "recorded")
        self.bare, self.mixed, recorded = (shutil.copytree(self.ours, folder / name) for name in names)
        self.statements.write_text(recording.record(recorded, self.cases, self._updates()))

    def compare(self, effort: Effort) -> None:
        with ExitStack() as stack:
            ours = stack.enter_context(_serve(self.ours))
            bare = stack.enter_context(self._serve_bare())
            touch = stack.enter_context(scene.toucher(self.scene.path))
            pairs = [_pair(case, ours, bare, touch) for case in self.cases]
            interleaved(pairs, effort)
            for line in table.lines(pairs):
                print(line)
            updates = self._updates()
            asks = [update.ask for update in updates], [_bare(update) for update in updates]
            for waiting in writers.compare((ours, asks[0]), (bare, asks[1]), effort.requests):
                print(table.waiting(waiting))

    def _updates(self) -> list[Case]:
        """One for each writer, about actions of their own."""
        form = {"s": "on_track", "note": ""}
        return [
            Case(f"writer {number}", f"writer{number}", Ask(f"/ar/u/{token}", form=form, expected=303))
            for number, token in enumerate(self.scene.tokens)
        ]

    def start_again(self) -> None:
        """From the start of the command to the first page."""
        seconds = []
        for _ in range(_STARTS):
            with _serve(self.ours, "/ar/") as served:
                seconds.append(served.first_answer)
        print(table.figure("first answer", statistics.median(seconds), "s after start", _FIRST_ANSWER))

    def mix(self) -> None:
        """Public pages from memory, at rest and with a write a second; in this process."""
        config.override(data_dir=str(self.mixed), scheduler="external")
        database = db.init(f"sqlite:///{self.mixed / self.scene.path.name}")
        for line in table.mixes(memory.rows(database)):
            print(line)
        database.dispose()

    def _serve_bare(self) -> AbstractContextManager[Served]:
        port = free_port()
        environment = {
            "BARE_DATABASE": str(self.bare / self.scene.path.name),
            "BARE_STATEMENTS": str(self.statements),
            "BARE_NONCE": recording.NONCE,
        }
        quiet = ["--no-access-log", "--log-level", "warning"]
        return serving(["uvicorn", "benchmarks.bare:app", "--port", str(port), *quiet], port, "/docs", environment)


def _serve(folder: Path, path: str = "/ar/about") -> AbstractContextManager[Served]:
    port = free_port()
    environment = {"TATBIQ_DATA_DIR": str(folder), "TATBIQ_SCHEDULER": "external"}
    return serving(["app", "serve", "--port", str(port)], port, path, environment)


def _pair(case: Case, ours: Served, bare: Served, touch: Callable[[], None]) -> Pair:
    return Pair(case, Side(ours, case.ask, touch if case.is_stale else _nothing), Side(bare, _bare(case), _nothing))


def _bare(case: Case) -> Ask:
    """The same piece of work; what a form says is in the recorded statements already."""
    form = {"s": "done"} if case.ask.form is not None else None
    return Ask(f"/{case.work}", form=form, expected=case.ask.expected)


def _nothing() -> None:
    pass


if __name__ == "__main__":
    main()
