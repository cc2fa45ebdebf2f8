"""Every setting of the environment, once, typed; what it means together is checked here before a port is opened."""

import datetime as dt
import os
import secrets
import zoneinfo
from functools import lru_cache
from importlib import resources
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import private

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
STATIC = Path(__file__).resolve().parent / "static"
VERSION = "0.2.0"
KEY_FILE, HEADS_FILE = "secret.key", "heads.log"  # in DATA_DIR

# Python prefers the system's zone tables, which are often older than the package: Morocco left UTC+01 on 2026-09-20.
zoneinfo.reset_tzpath(to=[str(resources.files("tzdata") / "zoneinfo")])


class Settings(BaseSettings):
    """The settings of CONTRACT; each is read from `TATBIQ_<NAME>` or from the file `.env`."""

    model_config = SettingsConfigDict(env_prefix="TATBIQ_", env_file=".env", extra="ignore")

    database_url: str = ""  # default: SQLite in DATA_DIR
    base_url: str = ""  # the address in every link; default: follows host and port
    secret_key: str = ""  # made and kept in DATA_DIR when absent; required outside loopback
    smtp_url: str = ""  # smtp://user:pass@host:587?starttls=1, smtps://…, file:///dir
    mail_from: str = "tatbiq@localhost.invalid"
    default_locale: Literal["ar", "fr", "en"] = "ar"
    timezone: str = "Africa/Casablanca"
    data_dir: Path = Path("var/data")
    scheduler: Literal["embedded", "external"] = "embedded"
    demo: bool = False
    trusted_proxies: str = ""  # addresses whose forwarded headers are believed, comma separated
    insecure_http: bool = False  # plain http beyond loopback is refused without it
    host: str = Field(default="127.0.0.1", exclude=True)  # of `serve`; not a promise of CONTRACT
    port: int = Field(default=8000, exclude=True)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'tatbiq.db'}"

    @property
    def base(self) -> str:
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
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
        return self.mail_from.rpartition("@")[2].rstrip(">") or "localhost"

    @property
    def transport_url(self) -> str:
        """Where mail goes; empty when it has to wait."""
        return self.smtp_url or (f"file://{self.data_dir.resolve() / 'mail'}" if self.demo else "")

    @property
    def key(self) -> bytes:
        """The secret key; made on first use and kept beside the data when the environment has none."""
        return (self.secret_key or _kept_key(self.data_dir)).encode()


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings()


def override(**values: str) -> Settings:
    """Settings of a command line win over the environment, here and in every process started from here."""
    for name, value in values.items():
        os.environ[f"TATBIQ_{name.upper()}"] = value
    settings.cache_clear()
    return settings()


def problems(config: Settings) -> list[str]:
    """What forbids starting with these settings, one plain line each; empty when all is well."""
    checks = (_zone_problem, _base_problem, _demo_problem, _key_problem)
    return [line for check in checks if (line := check(config))]


def is_loopback(host: str) -> bool:
    if host in {"localhost", ""} or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _zone_problem(config: Settings) -> str:
    try:
        zone = config.zone
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return f"TATBIQ_TIMEZONE: there is no zone called {config.timezone!r}; use a name such as Africa/Casablanca"
    casablanca = dt.datetime(2026, 11, 30, 12, tzinfo=zoneinfo.ZoneInfo("Africa/Casablanca"))
    if casablanca.utcoffset() != dt.timedelta(0):
        return "The time zone tables are older than September 2026: install tzdata 2026.3 or newer"
    return "" if zone else "TATBIQ_TIMEZONE is empty"


def _base_problem(config: Settings) -> str:
    parts = urlsplit(config.base)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.path.strip("/"):
        return f"TATBIQ_BASE_URL: {config.base_url!r} is not an address such as https://suivi.example.ma"
    beyond = not (is_loopback(parts.hostname) and is_loopback(config.host))
    if parts.scheme == "http" and beyond and not config.insecure_http:
        return (
            "Plain http beyond this machine is refused: set TATBIQ_BASE_URL to an https address, "
            "or TATBIQ_INSECURE_HTTP=1 if a network of your own protects it"
        )
    return ""


def _demo_problem(config: Settings) -> str:
    if not config.demo:
        return ""
    if not is_loopback(config.host) or not is_loopback(urlsplit(config.base).hostname or ""):
        return "TATBIQ_DEMO=1 serves this machine alone: bind to 127.0.0.1 and leave TATBIQ_BASE_URL on loopback"
    if config.trusted_proxies:
        return "TATBIQ_DEMO=1 refuses to run behind a proxy: unset TATBIQ_TRUSTED_PROXIES"
    relay = urlsplit(config.smtp_url)
    if relay.scheme.startswith("smtp") and not is_loopback(relay.hostname or ""):
        return "TATBIQ_DEMO=1 sends mail to a relay on this machine only: change TATBIQ_SMTP_URL"
    return ""


def _key_problem(config: Settings) -> str:
    beyond = not (is_loopback(config.host) and is_loopback(urlsplit(config.base).hostname or ""))
    if beyond and not config.secret_key:
        return "TATBIQ_SECRET_KEY is required beyond this machine: set it to 32 random bytes, and keep a copy"
    if config.secret_key and len(config.secret_key) < 32:
        return "TATBIQ_SECRET_KEY is too short: use at least 32 characters"
    return ""


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
