"""Real processes on a laid ground, on either database; some of them made slow on purpose."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.config import ROOT, settings
from app.db import Database
from tests import grounds
from tests.faults.crowd import Asked
from tests.fixtures.mail import free_port
from tests.fixtures.servers import PATIENCE, own_environment
from tests.grounds import Ground


@dataclass(frozen=True)
class Service:
    """A process that serves the ground; `asked` makes a request of somebody of the cast."""

    url: str
    ground: Ground
    process: "subprocess.Popen[bytes]"
    log: Path

    def asked(self, role: str, path: str, form: dict[str, str] | None = None) -> Asked:
        return Asked(path, form, self.ground.cookies[role])

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def faults(self) -> str:
        """What it said of answers 500, with their tracebacks."""
        return (
            "\n".join([line for line in self.said().splitlines() if '"status": 500' in line][:3]) or self.said()[-3000:]
        )


Serve = Callable[..., Service]


@pytest.fixture
def ground(database: Database) -> Ground:
    with database.write() as session:
        return grounds.lay(session)


@pytest.fixture
def serve(database: Database, ground: Ground, tmp_path: Path) -> Iterator[Serve]:
    """`serve()` starts the service on the ground; `serve(slow="progress_update", seconds=3)` one that is slow there.

    `serve(dies="renamed")` one that is killed at that point of keeping a file.
    """
    with ExitStack() as running:

        def start(slow: str = "", seconds: float = 0, dies: str = "", **chosen: str) -> Service:
            given = {"database_url": database.url.render_as_string(hide_password=False), **chosen}
            harm = {"SLOW_TABLE": slow, "SLOW_SECONDS": str(seconds), "DIES": dies}
            started = running.enter_context(_started(tmp_path, harm, given))
            return replace(started, ground=ground)

        yield start


@contextmanager
def _started(folder: Path, harm: dict[str, str], given: dict[str, str]) -> Iterator[Service]:
    port, log = free_port(), folder / "serve.log"
    own = own_environment(data_dir=str(settings().data_dir), scheduler="external", port=str(port), **given)
    environment = own | harm
    module = "tests.faults.slow" if harm["SLOW_TABLE"] else "tests.faults.dying" if harm["DIES"] else "app"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        service = Service(f"http://127.0.0.1:{port}", Ground({}, {}), process, log)
        _wait(service)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(service: Service) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and service.lives:
        try:
            with urllib.request.urlopen(f"{service.url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the service did not start:\n{service.said()[-3000:]}")
