"""Settings: wrong ones are said in a plain line before anything opens, right ones together make sense."""

import os
import subprocess
import sys
import zoneinfo
from importlib import resources
from pathlib import Path

import pytest

from app import config
from app.config import ROOT, is_loopback
from tests.fixtures.settings import Configure

KEY = "k" * 32


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"timezone": "Africa/Fez"}, "TATBIQ_TIMEZONE"),
        ({"timezone": "../etc/passwd"}, "TATBIQ_TIMEZONE"),
        ({"base_url": "ftp://suivi.example.ma"}, "TATBIQ_BASE_URL"),
        ({"base_url": "https://suivi.example.ma/path", "secret_key": KEY}, "TATBIQ_BASE_URL"),
        ({"base_url": "http://suivi.example.ma", "secret_key": KEY}, "Plain http"),
        ({"host": "0.0.0.0", "secret_key": KEY}, "Plain http"),
        ({"base_url": "https://suivi.example.ma"}, "TATBIQ_SECRET_KEY"),
        ({"secret_key": "short"}, "TATBIQ_SECRET_KEY"),
        ({"demo": "1", "base_url": "https://suivi.example.ma", "secret_key": KEY}, "TATBIQ_DEMO"),
        ({"demo": "1", "trusted_proxies": "10.0.0.1"}, "TATBIQ_DEMO"),
        ({"demo": "1", "smtp_url": "smtp://relay.example.ma:25"}, "TATBIQ_DEMO"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(configure: Configure, values: dict[str, str], word: str) -> None:
    lines = config.problems(configure(**values))
    assert any(word in line for line in lines)
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"demo": "1"},
        {"demo": "1", "smtp_url": "smtp://127.0.0.1:1025"},
        {"base_url": "https://suivi.example.ma", "secret_key": KEY, "host": "0.0.0.0"},
        {"base_url": "http://10.1.2.3:8000", "secret_key": KEY, "insecure_http": "1"},
    ],
)
def test_settings_that_go_together_are_accepted(configure: Configure, values: dict[str, str]) -> None:
    assert config.problems(configure(**values)) == []


def test_zone_tables_from_before_the_change_are_refused(configure: Configure, tmp_path: Path) -> None:
    """A table in which Casablanca still has an hour more, as systems had it before September 2026."""
    (tmp_path / "Africa").mkdir()
    plus_one = Path(str(resources.files("tzdata") / "zoneinfo")) / "Etc" / "GMT-1"
    (tmp_path / "Africa" / "Casablanca").write_bytes(plus_one.read_bytes())
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        assert any("time zone tables" in line for line in config.problems(configure()))
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()
    assert config.problems(configure()) == []


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"TATBIQ_SMTP_URL": "http://relay"}, "TATBIQ_SMTP_URL"),
        ({"TATBIQ_TIMEZONE": "Nowhere"}, "TATBIQ_TIMEZONE"),
        ({"TATBIQ_SCHEDULER": "sometimes"}, "TATBIQ_SCHEDULER"),
        ({"TATBIQ_PORT": "abc"}, "TATBIQ_PORT"),
    ],
)
def test_the_service_does_not_start_with_wrong_settings(tmp_path: Path, values: dict[str, str], word: str) -> None:
    environment = os.environ | {"TATBIQ_DATA_DIR": str(tmp_path)} | values
    done = subprocess.run(
        [sys.executable, "-m", "app", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert word in done.stderr
    assert "Traceback" not in done.stderr
