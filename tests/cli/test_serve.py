"""`tatbiq serve` as somebody at a shell starts it: a port that is taken, a clean end, the address that is told."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.config import ROOT
from tests.fixtures.mail import free_port
from tests.fixtures.servers import run_tatbiq

pytestmark = pytest.mark.slow
ENDS_WITHIN = 9.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    found = os.environ | {"TATBIQ_DATA_DIR": str(tmp_path / "data"), "TATBIQ_SCHEDULER": "external"}
    run_tatbiq(found, "migrate")
    return found


def tatbiq(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def serving(environment: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address that it said and answers."""
    process = tatbiq(environment, "serve", *arguments)
    try:
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        with urllib.request.urlopen(f"{address}readyz", timeout=30) as answer:
            assert answer.status == 200
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken_is_one_line(environment: dict[str, str], workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = tatbiq(environment, "serve", "--port", port, "--workers", workers)
        said, wrong = process.communicate(timeout=60)

    assert (process.returncode, said) == (1, "")
    (line,) = wrong.splitlines()
    assert port in line
    assert "taken" in line


def test_of_two_that_begin_at_once_one_serves_and_one_says_why_not(environment: dict[str, str]) -> None:
    port = str(free_port())
    pair = [tatbiq(environment, "serve", "--port", port) for _ in range(2)]
    try:
        deadline = time.monotonic() + 60
        while all(process.poll() is None for process in pair) and time.monotonic() < deadline:
            time.sleep(0.05)
        refused, running = sorted(pair, key=lambda process: process.poll() is None)
        said, wrong = refused.communicate(timeout=60)
        assert (refused.returncode, said, len(wrong.splitlines())) == (1, "", 1)
        assert running.poll() is None
    finally:
        for process in pair:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("arguments", "number"),
    [(["--workers", "1"], signal.SIGTERM), (["--workers", "2"], signal.SIGTERM), ([], signal.SIGINT),
     (["--reload"], signal.SIGTERM)],
)  # fmt: skip
def test_a_signal_ends_it_cleanly_and_soon(
    environment: dict[str, str], arguments: list[str], number: signal.Signals
) -> None:
    with serving(environment, "--port", "0", *arguments) as (process, address):
        silent = socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])))
        began = time.monotonic()
        process.send_signal(number)
        _, log = process.communicate(timeout=30)
        silent.close()

    assert process.returncode == 0, log
    assert time.monotonic() - began < ENDS_WITHIN
    assert "Traceback" not in log
    assert all(json.loads(line)["timestamp"] for line in log.splitlines())
    assert not (Path(environment["TATBIQ_DATA_DIR"]) / "serving").exists()


def test_a_relay_that_hangs_does_not_keep_it(environment: dict[str, str]) -> None:
    """The pass waits for the relay's greeting, half a minute; the process doesn't."""
    with socket.create_server(("127.0.0.1", 0)) as relay:
        own = environment | {
            "TATBIQ_SCHEDULER": "embedded",
            "TATBIQ_SMTP_URL": f"smtp://127.0.0.1:{relay.getsockname()[1]}",
        }
        run_tatbiq(own, "person", "add", "amina@example.ma", "--name", "Amina", "--role", "administrator")
        with serving(own, "--port", "0") as (process, address):
            body = b"email=amina%40example.ma&once=0123456789abcdef01234567"
            form = urllib.request.Request(f"{address}fr/sign-in", body, {"Sec-Fetch-Site": "same-origin"})
            urllib.request.urlopen(form, timeout=30).close()
            relay.settimeout(60)
            accepted, _ = relay.accept()
            began = time.monotonic()
            process.terminate()
            process.communicate(timeout=60)
            accepted.close()

    assert process.returncode == 0
    assert time.monotonic() - began < ENDS_WITHIN


def test_a_link_begins_with_the_address_that_is_served(environment: dict[str, str]) -> None:
    run_tatbiq(environment, "person", "add", "amina@example.ma", "--name", "Amina", "--role", "administrator")
    with serving(environment, "--port", "0") as (process, address):
        note = Path(environment["TATBIQ_DATA_DIR"]) / "serving"
        assert note.stat().st_mode & 0o777 == 0o600
        assert run_tatbiq(environment, "person", "link", "amina@example.ma").startswith(f"{address}ar/sign-in/link/")
        named = environment | {"TATBIQ_BASE_URL": "http://localhost:1234"}
        assert run_tatbiq(named, "person", "link", "amina@example.ma").startswith("http://localhost:1234/ar/")
        process.kill()
        process.wait()

    assert note.exists()  # killed, it could not take it away
    assert run_tatbiq(environment, "person", "link", "amina@example.ma").startswith("http://127.0.0.1:8000/ar/")


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["check", "--deep"], ["audit", "verify"], ["person", "list"], ["person", "link", "a@example.ma"],
     ["tick"], ["serve", "--port", "0"], ["rebuild"]],
)  # fmt: skip
def test_without_data_a_command_says_so_and_makes_nothing(tmp_path: Path, arguments: list[str]) -> None:
    process = tatbiq(os.environ | {"TATBIQ_DATA_DIR": str(tmp_path / "data")}, *arguments)
    said, wrong = process.communicate(timeout=60)

    assert (process.returncode, said) == (1, "")
    (line,) = wrong.splitlines()
    assert "tatbiq migrate" in line
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["person", "--help"], ["intake", "README.md"]])
def test_what_needs_no_data_makes_none(tmp_path: Path, arguments: list[str]) -> None:
    run_tatbiq(os.environ | {"TATBIQ_DATA_DIR": str(tmp_path / "data")}, *arguments)

    assert not (tmp_path / "data").exists()


def test_a_database_of_a_later_version_is_left_alone(environment: dict[str, str]) -> None:
    path = Path(environment["TATBIQ_DATA_DIR"]) / "tatbiq.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    process = tatbiq(environment, "migrate")
    said, wrong = process.communicate(timeout=60)

    assert (process.returncode, said, len(wrong.splitlines())) == (1, "", 1)
    assert "9999" in wrong


def test_a_command_that_reads_leaves_no_file_beside_the_database(environment: dict[str, str]) -> None:
    data = Path(environment["TATBIQ_DATA_DIR"])
    before = {path.name for path in data.iterdir()}

    for arguments in (["person", "list"], ["audit", "verify"]):
        run_tatbiq(environment, *arguments)

    assert {path.name for path in data.iterdir()} == before == {"tatbiq.db"}


def test_relative_paths_begin_at_the_root_of_the_project_wherever_the_command_is_given(tmp_path: Path) -> None:
    code = "from app.config import settings as s; print(s().data_dir, s().database)"
    own = os.environ | {
        "TATBIQ_DATA_DIR": "var/x",
        "TATBIQ_DATABASE_URL": "sqlite:///var/y.db",
        "PYTHONPATH": str(ROOT),
    }
    said = [
        subprocess.run([sys.executable, "-c", code], cwd=place, env=own, capture_output=True, text=True).stdout
        for place in (ROOT, tmp_path)
    ]

    assert set(said) == {f"{ROOT}/var/x sqlite:///{ROOT}/var/y.db\n"}
