"""Service processes as the operating system sees them: started on a free port, their CPU time and memory read."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.config import ROOT

_PATIENCE = 60.0


@dataclass(frozen=True)
class Served:
    port: int
    pid: int
    first_answer: float  # seconds from the start of the process

    def cpu(self) -> float:
        """Seconds of user and system time that the process and its children have had."""
        return sum(_cpu(pid) for pid in _family(self.pid))

    def memory(self) -> list[float]:
        """Resident megabytes of each process."""
        return memory(self.pid)


@contextmanager
def serving(arguments: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[Served]:
    """Run `python -m …` until the block ends; it has answered `path` with 200 when the block begins."""
    started = time.monotonic()
    with tempfile.TemporaryFile(mode="w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=cleared() | environment, stdout=log, stderr=log
        )
        try:
            _wait(process, port, path)
            yield Served(port, process.pid, time.monotonic() - started)
        finally:
            _end(process)
            log.seek(0)
            wrong = [line for line in log if "rror" in line and '"level": "info"' not in line]
            sys.stderr.writelines(wrong[-5:])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cleared() -> dict[str, str]:
    """The environment without settings of whoever runs this; compiled modules are kept, as wherever it serves."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TATBIQ_")}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
            if status == 200:
                return
            raise RuntimeError(f"{path} answered {status}")
        except ConnectionError:
            if process.poll() is not None:
                raise RuntimeError(f"it ended with {process.returncode}: {process.args!r}") from None
            time.sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError(f"{path} was not answered within {_PATIENCE:.0f} s")


def memory(pid: int) -> list[float]:
    """Resident megabytes of a process and of each of its children."""
    return [_resident(member) for member in _family(pid)]


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _cpu(pid: int) -> float:
    """By the process's own clock (clock_getcpuclockid(3)): the ticks of proc(5) are longer than a request."""
    return time.clock_gettime(~pid << 3 | 2)


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
