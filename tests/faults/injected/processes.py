"""Schedulers as processes of their own, which run a pass when they are told to, and die where they are told to."""

import datetime as dt
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.config import ROOT

_MODULE = "tests.faults.injected.mortal"


@dataclass
class Scheduler:
    """`deaths`: how often it was killed."""

    environment: dict[str, str]
    deaths: int = 0
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.kill()

    def run(self, at: dt.datetime, dies: str = "") -> str:
        """What the pass says of itself; nothing where it was killed."""
        self.begin(at, dies)
        return self.end()

    def begin(self, at: dt.datetime, dies: str = "") -> None:
        process = self.process or self._started()
        assert process.stdin
        process.stdin.write(f"{at.isoformat()} {dies}\n")
        process.stdin.flush()

    def end(self) -> str:
        assert self.process
        assert self.process.stdout
        said = self.process.stdout.readline()
        if not said:
            code = self.process.wait()
            assert code == -signal.SIGKILL, f"the scheduler ended with {code}"
            self.deaths, self.process = self.deaths + 1, None
        return said.strip()

    def kill(self) -> None:
        """Without asking."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _started(self) -> "subprocess.Popen[str]":
        self.process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        return self.process
