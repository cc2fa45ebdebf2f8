"""Wrong settings: one clear line each before anything opens, the same from every command, and never a traceback."""

import datetime as dt
import os
import subprocess
import sys
import zoneinfo
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import config
from app.cli.faults import faults
from app.config import PREFIX, ROOT, Settings
from app.mail import policy
from app.mail.policy import Mail
from app.mail.transport import open_transport
from tests.fixtures.settings import Configure

KEY = "k" * 32
PASSWORD = "correct-horse-battery"

WRONG = [
    ({"timezone": "Africa/Fez"}, "TATBIQ_TIMEZONE", "Africa/Casablanca"),
    ({"timezone": "../etc/passwd"}, "TATBIQ_TIMEZONE", "Africa/Casablanca"),
    ({"timezone": "Africa"}, "TATBIQ_TIMEZONE", "Africa/Casablanca"),
    ({"base_url": "ftp://suivi.example.ma"}, "TATBIQ_BASE_URL", "https://"),
    ({"base_url": "suivi.example.ma"}, "TATBIQ_BASE_URL", "https://"),
    ({"base_url": "https://"}, "TATBIQ_BASE_URL", "host"),
    ({"base_url": "https://:8000"}, "TATBIQ_BASE_URL", "host"),
    ({"base_url": "https://suivi.example.ma/path"}, "TATBIQ_BASE_URL", "without a path"),
    ({"base_url": "https://suivi.example.ma?x=1"}, "TATBIQ_BASE_URL", "alone"),
    ({"base_url": "https://suivi.example.ma/#top"}, "TATBIQ_BASE_URL", "alone"),
    ({"base_url": f"https://amina:{PASSWORD}@suivi.example.ma"}, "TATBIQ_BASE_URL", "no user"),
    ({"base_url": "https://suivi.example.ma:99999"}, "TATBIQ_BASE_URL", "'99999' is not a port"),
    ({"base_url": "https://suivi.example.ma:abc"}, "TATBIQ_BASE_URL", "'abc' is not a port"),
    ({"base_url": "https://suivi.example.ma:"}, "TATBIQ_BASE_URL", "not a port"),
    ({"base_url": "https://suivi.example.ma:0"}, "TATBIQ_BASE_URL", "not a port"),
    ({"base_url": "https://["}, "TATBIQ_BASE_URL", "alone"),
    ({"base_url": "https://[::1"}, "TATBIQ_BASE_URL", "alone"),
    ({"base_url": "https://[1:2]"}, "TATBIQ_BASE_URL", "not a host"),
    ({"base_url": "https://a..b"}, "TATBIQ_BASE_URL", "not a host"),
    ({"base_url": "https://a b"}, "TATBIQ_BASE_URL", "not a host"),
    ({"base_url": "https://تتبع.ma"}, "TATBIQ_BASE_URL", "xn--"),
    ({"base_url": "http://suivi.example.ma", "secret_key": KEY}, "Plain http", "TATBIQ_INSECURE_HTTP"),
    ({"host": "0.0.0.0", "secret_key": KEY}, "Plain http", "TATBIQ_BASE_URL"),
    ({"host": "http://127.0.0.1"}, "TATBIQ_HOST", "127.0.0.1"),
    ({"host": "a:b"}, "TATBIQ_HOST", "127.0.0.1"),
    ({"port": "abc"}, "TATBIQ_PORT", "65535"),
    ({"port": "65536"}, "TATBIQ_PORT", "65535"),
    ({"port": "-1"}, "TATBIQ_PORT", "65535"),
    ({"port": "9" * 5000}, "TATBIQ_PORT", "65535"),
    ({"base_url": "https://suivi.example.ma"}, "TATBIQ_SECRET_KEY", "32"),
    ({"secret_key": "short"}, "TATBIQ_SECRET_KEY", "32"),
    ({"demo": "perhaps"}, "TATBIQ_DEMO", "1 or 0"),
    ({"insecure_http": "2"}, "TATBIQ_INSECURE_HTTP", "1 or 0"),
    ({"access_log": "all"}, "TATBIQ_ACCESS_LOG", "1 or 0"),
    ({"default_locale": "de"}, "TATBIQ_DEFAULT_LOCALE", "ar, fr or en"),
    ({"scheduler": "sometimes"}, "TATBIQ_SCHEDULER", "embedded or external"),
    ({"demo": "1", "base_url": "https://suivi.example.ma", "secret_key": KEY}, "TATBIQ_DEMO", "loopback"),
    ({"demo": "1", "trusted_proxies": "10.0.0.1"}, "TATBIQ_DEMO", "TATBIQ_TRUSTED_PROXIES"),
    ({"demo": "1", "smtp_url": "smtp://relay.example.ma:25"}, "TATBIQ_DEMO", "TATBIQ_SMTP_URL"),
    ({"trusted_proxies": "proxy.example.ma"}, "TATBIQ_TRUSTED_PROXIES", "10.0.0.0/24"),
    ({"trusted_proxies": "10.0.0.1,,10.0.0.2"}, "TATBIQ_TRUSTED_PROXIES", "10.0.0.0/24"),
    ({"trusted_proxies": "10.0.0.1/8"}, "TATBIQ_TRUSTED_PROXIES", "10.0.0.0/24"),
    ({"trusted_proxies": "*"}, "TATBIQ_TRUSTED_PROXIES", "name the proxy"),
    ({"trusted_proxies": "0.0.0.0/0"}, "TATBIQ_TRUSTED_PROXIES", "name the proxy"),
    ({"database_url": "nonsense"}, "TATBIQ_DATABASE_URL", "postgresql+psycopg://"),
    ({"database_url": "mysql://host/name"}, "TATBIQ_DATABASE_URL", "'mysql' is not known"),
    ({"database_url": "sqlite+aiosqlite:////tmp/x.db"}, "TATBIQ_DATABASE_URL", "is not known"),
    ({"database_url": "postgresql+asyncpg://host/name"}, "TATBIQ_DATABASE_URL", "is not known"),
    ({"database_url": f"postgres://tatbiq:{PASSWORD}@host/name"}, "TATBIQ_DATABASE_URL", "is not known"),
    ({"database_url": f"postgresql://tatbiq:{PASSWORD}@host"}, "TATBIQ_DATABASE_URL", "name of the database"),
    ({"database_url": f"postgresql://tatbiq:{PASSWORD}@host:abc/name"}, "TATBIQ_DATABASE_URL", "address of a database"),
    ({"database_url": "postgresql://host:99999/name"}, "TATBIQ_DATABASE_URL", "99999 is not a port"),
    ({"database_url": "postgresql://[::1/name"}, "TATBIQ_DATABASE_URL", "address of a database"),
    ({"database_url": "sqlite://"}, "TATBIQ_DATABASE_URL", "path of a file"),
    ({"database_url": "sqlite:///:memory:"}, "TATBIQ_DATABASE_URL", "path of a file"),
    ({"database_url": "sqlite:////tmp/x.db?mode=ro"}, "TATBIQ_DATABASE_URL", "path of a file"),
    ({"database_url": "sqlite:////dev/null/x.db"}, "TATBIQ_DATABASE_URL", "/dev/null is not a directory"),
    ({"database_url": "sqlite:////etc"}, "TATBIQ_DATABASE_URL", "is a directory"),
    ({"data_dir": "/dev/null/data"}, "TATBIQ_DATA_DIR", "/dev/null is not a directory"),
    ({"data_dir": "x" * 300}, "TATBIQ_DATA_DIR", "too long"),
    ({"data_dir": "/nowhere/" + "x/" * 3000}, "TATBIQ_DATA_DIR", "too long"),
    ({"data_dir": "~/data"}, "TATBIQ_DATA_DIR", "whole path"),
    ({"mail_from": "nobody"}, "TATBIQ_MAIL_FROM", "suivi@example.ma"),
    ({"mail_from": "a@example.ma, b@example.ma"}, "TATBIQ_MAIL_FROM", "not one address"),
    ({"mail_from": "Suivi, Fès <suivi@example.ma>"}, "TATBIQ_MAIL_FROM", "not one address"),
    ({"mail_from": "a@example.ma\nBcc: b@example.ma"}, "TATBIQ_MAIL_FROM", "not one address"),
    ({"mail_from": "Suivi\r\nBcc: b@example.ma <a@example.ma>"}, "TATBIQ_MAIL_FROM", "not one address"),
    ({"mail_from": "suivi@تتبع.ma"}, "TATBIQ_MAIL_FROM", "xn--"),
    ({"mail_from": "suivi@-example.ma"}, "TATBIQ_MAIL_FROM", "not a domain"),
    ({"mail_from": "suivi@example..ma"}, "TATBIQ_MAIL_FROM", "not a domain"),
    ({"mail_from": "سؤال@example.ma"}, "TATBIQ_MAIL_FROM", "header"),
    ({"mail_reply_to": "nobody"}, "TATBIQ_MAIL_REPLY_TO", "suivi@example.ma"),
    ({"mail_reply_to": "a@example.ma\nBcc: b@example.ma"}, "TATBIQ_MAIL_REPLY_TO", "not one address"),
    ({"publisher": "x" * 201}, "TATBIQ_PUBLISHER", "200 characters"),
    ({"publisher": "Secrétariat\nde suivi"}, "TATBIQ_PUBLISHER", "one line"),
    ({"contact": "nobody"}, "TATBIQ_CONTACT", "suivi@example.ma"),
    ({"contact": "javascript:alert(1)"}, "TATBIQ_CONTACT", "suivi@example.ma"),
    ({"contact": f"https://u:{PASSWORD}@example.ma"}, "TATBIQ_CONTACT", "https://example.ma/contact"),
    ({"contact": "suivi@example.ma?bcc=a@example.ma"}, "TATBIQ_CONTACT", "suivi@example.ma"),
    ({"smtp_url": "http://relay"}, "TATBIQ_SMTP_URL", "smtps://"),
    ({"smtp_url": f"smtp://tatbiq:{PASSWORD}@"}, "TATBIQ_SMTP_URL", "smtps://"),
    ({"smtp_url": f"smtp://tatbiq:{PASSWORD}/more@relay"}, "TATBIQ_SMTP_URL", "smtps://"),
    ({"smtp_url": f"smtp://tatbiq:{PASSWORD}@relay.example.ma"}, "TATBIQ_SMTP_URL", "in clear"),
    ({"bounce_address": "nobody"}, "TATBIQ_BOUNCE_ADDRESS", "suivi@example.ma"),
    ({"bounce_address": "Suivi <suivi@example.ma>"}, "TATBIQ_BOUNCE_ADDRESS", "a name"),
    ({"bounce_address": "suivi+x@example.ma"}, "TATBIQ_BOUNCE_ADDRESS", "plus sign"),
    ({"bounce_address": "s" * 38 + "@example.ma"}, "TATBIQ_BOUNCE_ADDRESS", "37 characters"),
    ({"reply_address": "suivi@example.ma"}, "TATBIQ_AUTHSERV_ID", "required"),
    ({"reply_address": "suivi+r@example.ma", "authserv_id": "mx.ma"}, "TATBIQ_REPLY_ADDRESS", "plus sign"),
    ({"authserv_id": "mx example"}, "TATBIQ_AUTHSERV_ID", "mx.example.ma"),
    ({"inbound_url": "https://host/INBOX"}, "TATBIQ_INBOUND_URL", "imaps://"),
    ({"inbound_url": f"imaps://suivi:{PASSWORD}@/INBOX"}, "TATBIQ_INBOUND_URL", "no host"),
    ({"inbound_url": f"imaps://suivi:{PASSWORD}/x@mail.example.ma"}, "TATBIQ_INBOUND_URL", "imaps://"),
    ({"inbound_url": f"imaps://suivi:{PASSWORD}@[::1/INBOX"}, "TATBIQ_INBOUND_URL", "imaps://"),
    ({"inbound_url": f"imap://suivi:{PASSWORD}@mail.example.ma"}, "TATBIQ_INBOUND_URL", "in clear"),
    ({"smtp_url": "file:///dev/null/mail"}, "TATBIQ_SMTP_URL", "/dev/null is not a directory"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "name", "hint"), WRONG)
def test_a_wrong_setting_is_one_line_with_its_name_and_what_to_write(
    configure: Configure, values: dict[str, str], name: str, hint: str
) -> None:
    configure_lazily(configure, values)

    (line,) = [line for line in faults() if line.startswith(name)]

    assert hint in line
    assert line.isprintable()
    assert len(line) < 400
    assert PASSWORD not in line


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"demo": "1"},
        {"demo": "1", "smtp_url": "smtp://127.0.0.1:1025"},
        {"base_url": "https://suivi.example.ma", "secret_key": KEY, "host": "0.0.0.0"},
        {"base_url": "https://suivi.example.ma:8443/", "secret_key": KEY, "host": "::"},
        {"base_url": "http://10.1.2.3:8000", "secret_key": KEY, "insecure_http": "1"},
        {"base_url": "http://[::1]:8000", "host": "::1"},
        {"base_url": "http://localhost", "host": "localhost", "port": "0"},
        {"base_url": "", "port": "", "demo": "", "mail_from": "", "database_url": "", "trusted_proxies": ""},
        {"trusted_proxies": "10.0.0.5, 10.1.0.0/24,::1,fd00::/8"},
        {"mail_from": "Suivi des recommandations <suivi@example.ma>"},
        {"publisher": "كتابة برنامج الصادرات", "contact": "suivi.exports+1@example.ma"},
        {"contact": "https://example.ma:8443/contact?lang=ar"},
        {"mail_from": '"Suivi, Fès-Meknès" <suivi@xn--mgbah1a3hjkrd.ma>'},
        {"mail_from": "تتبع التوصيات <suivi@example.ma>"},
        {"smtp_url": "smtps://tatbiq:secret@relay.example.ma"},
        {"smtp_url": "file:///tmp/mail"},
        {"database_url": "postgresql+psycopg://tatbiq:secret@host/name?sslmode=require"},
        {"database_url": "postgresql:///tatbiq?host=/var/run/postgresql"},
        {"database_url": "sqlite:///var/other/tatbiq.db"},
    ],
)
def test_settings_that_go_together_are_accepted(configure: Configure, values: dict[str, str]) -> None:
    configure_lazily(configure, values)

    assert faults() == []


def test_every_fault_is_said_at_once(configure: Configure) -> None:
    configure_lazily(configure, {"demo": "perhaps", "port": "abc", "timezone": "Nowhere", "mail_from": "nobody"})

    assert [line.partition(":")[0] for line in faults()] == [
        "TATBIQ_DEMO", "TATBIQ_PORT", "TATBIQ_TIMEZONE", "TATBIQ_MAIL_FROM",
    ]  # fmt: skip


def test_a_directory_that_may_not_be_written_to_is_said(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(data_dir=str(tmp_path / "data"))
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere

    (line,) = faults()

    assert line.startswith(f"TATBIQ_DATA_DIR: {tmp_path} may not be written to")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("TATBIQ_BASEURL", "did you mean TATBIQ_BASE_URL?"),
        ("TATBIQ_DATABSE_URL", "did you mean TATBIQ_DATABASE_URL?"),
        ("tatbiq_smtp", "did you mean TATBIQ_SMTP_URL?"),
        ("TATBIQ_XYZZY", "docs/settings.md"),
        ("TATBIQ_", "docs/settings.md"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.setenv(name, "1")
    configure()

    assert [line for line in faults() if line.startswith(f"{name} is not a setting") and hint in line]


@pytest.mark.parametrize("name", ["TATBIQ_TEST_REPORTS", "tatbiq_base_url", "TATBIQ_ACCESS_LOG"])
def test_a_known_name_is_taken_in_any_case_of_letters(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "")
    configure()

    assert faults() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"TATBIQ_BASEURL=https://suivi.example.ma\n", "TATBIQ_BASEURL is not a setting; did you mean TATBIQ_BASE_URL"),
        (b"POSTGRES_PASSWORD=x\nTATBIQ_DEMO=perhaps\n", "TATBIQ_DEMO"),
        (b"this is no line of settings!\n", "is not understood; write NAME=value"),
        (b"TATBIQ_SECRET_KEY='" + KEY.encode() + b"\n", "is not understood; write NAME=value"),
        ("TATBIQ_MAIL_FROM=Fès\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_the_file_of_settings_is_read_as_strictly(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    config.settings.cache_clear()

    (line,) = faults()

    assert said in line
    assert KEY not in line


def test_a_comment_or_a_quoted_value_in_the_file_is_no_fault(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        '# TATBIQ_NOTHING=1\n\nexport TATBIQ_MAIL_FROM="Suivi <suivi@example.ma>" # sender\n'
    )
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    config.settings.cache_clear()

    assert faults() == []
    assert config.settings().mail_from == "Suivi <suivi@example.ma>"


def test_zone_tables_from_before_the_change_are_refused(configure: Configure, tmp_path: Path) -> None:
    """A table in which Casablanca still has an hour more, as systems had it before September 2026."""
    (tmp_path / "Africa").mkdir()
    plus_one = Path(str(resources.files("tzdata") / "zoneinfo")) / "Etc" / "GMT-1"
    (tmp_path / "Africa" / "Casablanca").write_bytes(plus_one.read_bytes())
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        assert any("time zone tables" in line for line in faults())
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()
    assert faults() == []


BEGINNINGS = [
    "", "sqlite:///", "sqlite:////tmp/", "sqlite+", "postgresql+psycopg://", f"postgresql://u:{PASSWORD}@", "mysql://",
    "https://", "http://", f"https://u:{PASSWORD}@", "http://127.0.0.1:", "https://[", "smtp://", "smtps://relay:",
    f"smtp://u:{PASSWORD}@", f"smtp://u:{PASSWORD}", "file:///", "a@", "Suivi <a@", '"', "10.0.0.", "::", "Africa/",
    "/", "../", "1",
]  # fmt: skip
ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
UNREADABLE = st.binary(max_size=20).map(lambda raw: raw.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
VALUES = st.tuples(st.sampled_from(BEGINNINGS), ANYTHING | UNREADABLE, st.sampled_from(["", "@host/x", "?x=1", ">"]))


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
@hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=VALUES)
def test_any_text_gives_a_start_or_clear_lines(configure: Configure, name: str, parts: tuple[str, ...]) -> None:
    configure_lazily(configure, {name: "".join(parts)})

    lines = faults()

    for line in lines:
        assert line.isprintable(), line
        assert PASSWORD not in line
        assert line.startswith((PREFIX, "Plain http"))
    if not lines:
        can_start(config.settings())


def can_start(chosen: Settings) -> None:
    """What the service makes of accepted settings, short of opening a port, a file or a connection."""
    assert urlsplit(chosen.base).hostname
    assert urlsplit(chosen.base).port != 0 or not chosen.base_url
    assert dt.datetime.now(chosen.zone)
    assert chosen.data_dir.is_absolute()
    identity = policy.message_id(b"key", "u1", chosen.mail_domain)
    mail = Mail(to="a@example.ma", subject="s", text="t", html="h", lang="fr", kind="reminder")
    raw = policy.compose(mail, sender=chosen.mail_from, message_id=identity, date=dt.datetime.now(dt.UTC))
    assert raw.isascii()
    assert raw.count(b"\nFrom: ") + raw.startswith(b"From: ") == 1
    if chosen.transport_url:
        open_transport(chosen.transport_url)
    if chosen.trusted_proxies:
        trusted = ProxyHeadersMiddleware(app, trusted_hosts=chosen.trusted_proxies).trusted_hosts
        assert not trusted.trusted_literals
        assert not trusted.always_trust


async def app(*_: object) -> None:
    """Stands behind the proxy's layer in a test that never asks it."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "values",
    [
        {"TATBIQ_DATABASE_URL": "nonsense", "TATBIQ_TIMEZONE": "Nowhere", "TATBIQ_PORT": "abc"},
        {"TATBIQ_DATABASE_URL": "mysql://host/name", "TATBIQ_BASEURL": "https://suivi.example.ma"},
        {"TATBIQ_DATA_DIR": "/dev/null/data", "TATBIQ_SMTP_URL": "http://relay", "TATBIQ_SCHEDULER": "sometimes"},
    ],
)
def test_every_command_says_the_same_lines(tmp_path: Path, values: dict[str, str]) -> None:
    said = {
        command: run(tmp_path, values, *command.split())
        for command in ("serve", "check", "migrate", "person list", "tick", "audit verify")
    }

    assert len(set(said.values())) == 1, said
    assert len(said["serve"].splitlines()) == len(values)
    assert all(any(name in line for line in said["serve"].splitlines()) for name in values)


@pytest.mark.slow
@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/x?foo=bar", "postgresql://127.0.0.1:1/x", "sqlite:////etc/hostname"]
)
def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path, url: str) -> None:
    (line,) = run(tmp_path, {"TATBIQ_DATABASE_URL": url}, "check").splitlines()

    assert line.startswith("The database does not answer: ")


def run(tmp_path: Path, values: dict[str, str], *arguments: str) -> str:
    """What the command says on standard error as it refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, env=os.environ | {"TATBIQ_DATA_DIR": str(tmp_path / "data")} | values,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()
    return done.stderr


def configure_lazily(configure: Configure, values: dict[str, str]) -> None:
    """Into the environment, without reading it: what can't be read is for `faults` to say."""
    try:
        configure(**values)
    except ValueError:
        config.settings.cache_clear()
