"""Faults of settings that don't go together, and of the two that everything else rests on: zone and key."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator
from urllib.parse import urlsplit

from app.cli.faults.shown import shown
from app.config import Settings, is_loopback

_SHORTEST = 32
_TOKEN = re.compile(r"[A-Za-z0-9._-]{16,200}")


def zone(config: Settings) -> Iterator[str]:
    try:
        zoneinfo.ZoneInfo(config.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield f"TATBIQ_TIMEZONE: {shown(config.timezone)} is not a zone; write a name such as Africa/Casablanca"
    casablanca = dt.datetime(2026, 11, 30, 12, tzinfo=zoneinfo.ZoneInfo("Africa/Casablanca"))
    if casablanca.utcoffset() != dt.timedelta(0):
        yield "The time zone tables are older than September 2026: install tzdata 2026.3 or newer"


def key(config: Settings) -> Iterator[str]:
    if _is_beyond(config) and not config.secret_key:
        yield "TATBIQ_SECRET_KEY is required beyond this machine: set it to 32 random bytes, and keep a copy"
    elif config.secret_key and len(config.secret_key) < _SHORTEST:
        yield f"TATBIQ_SECRET_KEY is too short: write at least {_SHORTEST} characters (openssl rand -hex 32)"


def metrics(config: Settings) -> Iterator[str]:
    if config.metrics_token and not _TOKEN.fullmatch(config.metrics_token):
        yield "TATBIQ_METRICS_TOKEN: write 16 to 200 letters, digits or - _ . (openssl rand -hex 16)"


def plain_http(config: Settings) -> Iterator[str]:
    if config.base.startswith("http://") and _is_beyond(config) and not config.insecure_http:
        yield (
            "Plain http beyond this machine is refused: set TATBIQ_BASE_URL to an https address, "
            "or TATBIQ_INSECURE_HTTP=1 if a network of your own protects it"
        )


def demo(config: Settings) -> Iterator[str]:
    if not config.demo:
        return
    if _is_beyond(config):
        yield "TATBIQ_DEMO=1 serves this machine alone: bind to 127.0.0.1 and leave TATBIQ_BASE_URL on loopback"
    if config.trusted_proxies:
        yield "TATBIQ_DEMO=1 refuses to run behind a proxy: unset TATBIQ_TRUSTED_PROXIES"
    if config.smtp_url.startswith("smtp") and not is_loopback(_host(config.smtp_url)):
        yield "TATBIQ_DEMO=1 sends mail to a relay on this machine only: change TATBIQ_SMTP_URL"


def _is_beyond(config: Settings) -> bool:
    """Whether somebody on another machine can reach it, or is meant to."""
    return not (is_loopback(config.host) and is_loopback(_host(config.base)))


def _host(url: str) -> str:
    """The host of an address; of one that makes no sense, which has its own line, nothing is said again."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
