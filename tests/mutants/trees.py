"""A scratch copy of the project, in which faults are planted one at a time and the tests run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutants.faults import ROOT, Fault

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_CATALOGUES = "app/i18n/"
_MERCY = 20  # seconds between asking a hanging run to end and ending it
_APART = 1000  # seconds: Python tells a patched file from the one it compiled before by its time alone


class Outcome(StrEnum):
    CAUGHT = "caught"
    HUNG = "caught: it hung"
    MISSED = "missed"
    BROKEN = "the tests could not run"


@dataclass(frozen=True)
class Run:
    outcome: Outcome
    seconds: float
    first: str  # of the tests that failed
    output: str


class Tree:
    """One copy; two of them can work side by side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.planted = 0
        self.running: subprocess.Popen[str] | None = None
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.decode().split("\0")):
            source, target = ROOT / name, folder / name
            if source.is_file():  # what was deleted and not yet committed is still listed
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
        self._compile()

    @contextmanager
    def with_fault(self, fault: Fault) -> Iterator[None]:
        path = self.folder / fault.file
        whole, stamp = path.read_bytes(), path.stat().st_mtime
        planted = fault.checked(self.folder)
        self.planted += 1
        try:
            path.write_text(planted, encoding="utf-8")
            os.utime(path, (stamp, stamp + self.planted * _APART))
            self._compile(fault.file)
            yield
        finally:
            path.write_bytes(whole)
            os.utime(path, (stamp, stamp))
            self._compile(fault.file)

    def _compile(self, changed: str = _CATALOGUES) -> None:
        """The catalogues, which hold what a fault in their room would change."""
        if changed.startswith(_CATALOGUES):
            subprocess.run([sys.executable, "-m", "app.i18n"], cwd=self.folder, check=True, capture_output=True)

    def test(self, tests: Iterable[str], database: str, patience: float, *options: str) -> Run:
        """Run these tests until the first that fails, or to the end of our patience."""
        command = [sys.executable, "-m", "pytest", "-n0", "-rfE", "--tb=short", "-p", "no:cacheprovider", *options]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TATBIQ_")}
        begun = time.monotonic()
        with subprocess.Popen(
            [*command, *tests], cwd=self.folder, env=environment | {"TEST_DATABASE_URL": database}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        ) as running:  # fmt: skip
            self.running = running
            try:
                output, _ = running.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                return Run(Outcome.HUNG, time.monotonic() - begun, "", _ended(running))
        first = _FAILED.search(output)
        return Run(_judged(running.returncode), time.monotonic() - begun, first[1] if first else "", output)

    def stop(self) -> None:
        """End at once what runs here: it has a session of its own and hears no Ctrl-C."""
        if self.running is not None and self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)


def _judged(code: int) -> Outcome:
    """pytest: 0 all passed, 1 some failed, 2 what they import does not load; all else is about the call itself."""
    return {0: Outcome.MISSED, 1: Outcome.CAUGHT, 2: Outcome.CAUGHT}.get(code, Outcome.BROKEN)


def _ended(running: subprocess.Popen[str]) -> str:
    """As with Ctrl-C, so that what the tests started is put away; then without asking."""
    running.send_signal(signal.SIGINT)
    try:
        output, _ = running.communicate(timeout=_MERCY)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        output, _ = running.communicate()
    return output
