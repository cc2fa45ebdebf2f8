"""`python -m tests.faults`: the long form of the injected faults: a progress bar, then a table of what was counted."""

import os
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

_WHERE = "tests/faults/injected"
_PLAINLY = ("-n", "0", "-p", "no:terminal", "-o", "addopts=--strict-markers --import-mode=importlib")
log, out = Console(stderr=True), Console(width=None if sys.stdout.isatty() else 150)


class Shown:
    """Instead of pytest's own lines: a bar while it runs, and at the end a row for each trial."""

    def __init__(self, bar: Progress) -> None:
        self.bar, self.task = bar, bar.add_task("", total=None)
        self.rows: list[tuple[str, str, float]] = []
        self.counted: Mapping[str, Mapping[str, object]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.bar.update(self.task, total=len(session.items))

    def pytest_runtest_logstart(self, nodeid: str, location: object) -> None:
        self.bar.update(self.task, description=_named(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or (report.failed and report.when == "setup"):
            self.rows.append((_named(report.nodeid), report.outcome, report.duration))
            self.bar.advance(self.task)
        if report.failed:
            self.bar.console.print(f"{report.nodeid}\n{report.longreprtext[-3000:]}", markup=False, style="red")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        found: Any = next((kept for key, kept in _stashed(session.config) if isinstance(kept, dict)), {})
        self.counted = found


def _stashed(config: pytest.Config) -> Any:
    """By its own key: the module that makes it is loaded by pytest."""
    conftest = next((one for one in config.pluginmanager.get_plugins() if hasattr(one, "COUNTED")), None)
    return [(conftest.COUNTED, config.stash.get(conftest.COUNTED, {}))] if conftest else []


def _named(nodeid: str) -> str:
    return nodeid.rpartition("::test_")[2].replace("_", " ")


def main() -> int:
    os.environ["FAULTS"] = "long"
    columns = BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=log) as bar:
        shown = Shown(bar)
        code = pytest.main([*_PLAINLY, _WHERE, *sys.argv[1:]], plugins=[shown])
    table = Table("trial", "outcome", "s", "counted", title="Injected faults", show_lines=True)
    counts = {name.removeprefix("test_").replace("_", " "): of for name, of in shown.counted.items()}
    for name, outcome, seconds in shown.rows:
        told = " ".join(f"{key}={value}" for key, value in counts.get(name, {}).items())
        table.add_row(name, outcome, f"{seconds:.0f}", told)
    out.print(table)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
