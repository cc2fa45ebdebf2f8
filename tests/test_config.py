"""Settings: wrong ones are said in a plain line before anything opens, right ones together make sense."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import config
from app.config import ROOT, is_loopback
from tests.fixtures.settings import Configure

KEY = "k" * 32


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("a.localhost", True), ("0.0.0.0", False), ("10.0.0.1", False),
     ("localhost.example.ma", False), ("suivi.example.ma", False)],
)  # fmt: skip
def test_loopback_is_this_machine_and_nothing_else(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_cookie_is_bound_to_its_host_behind_tls(configure: Configure) -> None:
    assert configure().cookie_name == "tatbiq"
    assert configure(base_url="https://suivi.example.ma").cookie_name == "__Host-tatbiq"


def test_the_key_is_made_once_and_readable_by_its_owner_alone(configure: Configure) -> None:
    key = configure().key
    path = config.settings().data_dir / "secret.key"
    assert (path.read_text(), path.stat().st_mode & 0o777) == (key.decode(), 0o600)
    assert len(key) == 64


@pytest.mark.slow
def test_many_processes_that_begin_at_once_share_one_key(tmp_path: Path) -> None:
    environment = os.environ | {"TATBIQ_DATA_DIR": str(tmp_path / "new")}
    code = "from app.config import settings; print(settings().key.decode())"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in running}) == 1
