"""Every setting of the environment, once, typed; what is wrong with them is said by app.cli.faults."""

import os
import secrets
import zoneinfo
from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib import resources
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from dotenv.parser import parse_stream
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import private

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "shipped"  # in a wheel alone: what stands beside app/ in the repository
IS_CLONE = not _SHIPPED.is_dir()
ROOT = _PACKAGE.parent if IS_CLONE else _SHIPPED
START = ROOT if IS_CLONE else Path.cwd()  # where relative paths and `.env` begin
TEMPLATES = ROOT / "templates"
STATIC = _PACKAGE / "static"
VERSION = "0.3.0"
PREFIX = "TATBIQ_"
KEY_FILE, HEADS_FILE = "secret.key", "heads.log"  # in DATA_DIR

# Python prefers the system's zone tables, which are often older than the package: Morocco left UTC+01 on 2026-09-20.
zoneinfo.reset_tzpath(to=[str(resources.files("tzdata") / "zoneinfo")])


class Settings(BaseSettings):
    """The settings of CONTRACT; each is read from `TATBIQ_<NAME>` or from the file `.env`; an empty one is not set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=START / ".env", env_ignore_empty=True, extra="ignore")

    database_url: str = ""  # default: SQLite in DATA_DIR
    base_url: str = ""  # the address in every link; default: follows host and port
    secret_key: str = ""  # made and kept in DATA_DIR when absent; required outside loopback
    smtp_url: str = ""  # smtp://user:pass@host:587?starttls=1, smtps://…, file:///dir
    mail_from: str = "tatbiq@localhost.invalid"
    mail_reply_to: str = ""  # where answers go; without it to the sender
    bounce_address: str = ""  # where mails that come back go, suivi@example.ma; each leaves with a signed form of it
    reply_address: str = ""  # where replies to reminders go, suivi@example.ma; without it they are not taken
    authserv_id: str = ""  # the name under which our own mail server writes what it knows of a sender
    inbound_url: str = ""  # the mailbox that they are read from: imaps://user:password@host/INBOX
    mail_per_minute: int = Field(default=0, ge=0)  # at most so many leave in any minute; 0: no limit
    mail_per_domain_per_minute: int = Field(default=0, ge=0)  # ... to the addresses of one domain
    mail_processes: int = Field(default=0, ge=0, le=16)  # that send at once where many wait; 0: one a core, 4 at most
    publisher: str = ""  # who publishes the pages: an institution, on every one of them
    contact: str = ""  # how to write to the publisher: an address of mail or of a page
    default_locale: Literal["ar", "fr", "en"] = "ar"
    timezone: str = "Africa/Casablanca"
    data_dir: Path = START / "var" / "data"
    scheduler: Literal["embedded", "external"] = "embedded"
    demo: bool = False
    trusted_proxies: str = ""  # addresses and networks whose forwarded headers are believed, comma separated
    insecure_http: bool = False  # plain http beyond loopback is refused without it
    metrics_token: str = ""  # who reads `/metrics`; without it only this machine may
    access_log: bool = False  # a line for every answer
    host: str = "127.0.0.1"  # of `serve`
    port: int = 8000

    @field_validator("data_dir")
    @classmethod
    def _from_the_start(cls, value: Path) -> Path:
        """The same directory wherever a command is given."""
        return START / value

    @property
    def database(self) -> str:
        """The address of the database; a relative path of SQLite's begins where all relative paths begin."""
        scheme, slashes, path = self.database_url.partition(":///")
        if slashes and scheme.partition("+")[0] == "sqlite" and path and not path.startswith(("/", ":", "file:")):
            return f"{scheme}:///{START / path}"
        return self.database_url or f"sqlite:///{self.data_dir / 'tatbiq.db'}"

    @cached_property
    def base(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def is_https(self) -> bool:
        return self.base.startswith("https://")

    @property
    def cookie_name(self) -> str:
        return "__Host-tatbiq" if self.is_https else "tatbiq"

    @property
    def mail_domain(self) -> str:
        return self.mail_from.rpartition("@")[2].rstrip("> ") or "localhost"

    @property
    def transport_url(self) -> str:
        """Where mail goes; empty when it has to wait."""
        return self.smtp_url or ((self.data_dir / "mail").as_uri() if self.demo else "")

    @property
    def key(self) -> bytes:
        """The secret key; made on first use and kept beside the data when the environment has none."""
        return (self.secret_key or _kept_key(self.data_dir)).encode()


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings()


def override(**values: str) -> None:
    """Settings of a command line win over the environment, here and in every process started from here."""
    for name, value in values.items():
        os.environ[f"{PREFIX}{name.upper()}"] = value
    settings.cache_clear()


def names_given() -> Iterator[str]:
    """Every `TATBIQ_…` name that the environment or `.env` holds, known or not."""
    yield from (name for name in os.environ if name.upper().startswith(PREFIX))
    yield from (name for name, _ in written_lines() if name and name.upper().startswith(PREFIX))


def written_lines() -> Iterator[tuple[str | None, str]]:
    """The file `.env` as (name, text of the line), with None in place of a name for what can't be read.

    Raises OSError or UnicodeDecodeError when the file itself can't be read.
    """
    path = Settings.model_config.get("env_file")
    if not isinstance(path, Path) or not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for binding in parse_stream(file):
            text = binding.original.string.strip()
            if binding.error:
                yield None, text
            elif binding.key is not None:
                yield binding.key, text


def is_loopback(host: str) -> bool:
    if host in {"localhost", ""} or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=8)
def _kept_key(data_dir: Path) -> str:
    path = data_dir / KEY_FILE
    if not path.exists():
        private.directory(data_dir)
        fresh = data_dir / f".{secrets.token_hex(4)}.key"
        private.write(fresh, secrets.token_hex(32).encode())
        try:
            path.hardlink_to(fresh)  # the first of several processes wins, the others read its key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        private.sync_directory(data_dir)
    private.file(path)
    return path.read_text().strip()


def known_key(config: Settings) -> bytes | None:
    """The secret key if there is one already; unlike `Settings.key` this never makes one."""
    path = config.data_dir / KEY_FILE
    if config.secret_key:
        return config.secret_key.encode()
    return path.read_bytes().strip() if path.is_file() else None
