"""Where mail leaves: a relay or a directory, as the setting writes it; nothing is opened here."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from app.config import is_loopback
from app.domain.errors import Refused
from app.domain.messages import N_

UNSAFE = re.compile(r"[^!-~]|[<>]")
_WRONG_URL = N_(
    "The mail relay %(url)s is not understood: write smtp://user:password@host:587?starttls=1, smtps://… or file:///directory"
)
_IN_CLEAR = N_("The password for %(host)s would travel in clear: add ?starttls=1, or write smtps://")


class Timeouts(NamedTuple):
    """Seconds of silence; the dispatcher's lease must be longer than their sum."""

    connect: float = 30
    command: float = 60
    data: float = 600


PATIENT = Timeouts()


@dataclass(frozen=True, slots=True)
class Relay:
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = ""  # "", "starttls" or "implicit"
    helo: str = ""


def read(url: str) -> Relay | Path:
    """A wrong address is `Refused` without showing its password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(_WRONG_URL, url="") from None
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/") and not parts.query:
        return Path(unquote(parts.path))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or port == 0:
        raise Refused(_WRONG_URL, url=_shown(parts))
    return _relay(parts)


def _relay(parts: SplitResult) -> Relay:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls, helo = options.pop("starttls", "0"), options.pop("helo", "")
    if options or starttls not in {"0", "1"} or UNSAFE.search(helo):
        raise Refused(_WRONG_URL, url=_shown(parts))
    tls = "implicit" if parts.scheme == "smtps" else "starttls" if starttls == "1" else ""
    host, user = parts.hostname or "", unquote(parts.username or "")
    if user and not tls and not is_loopback(host):
        raise Refused(_IN_CLEAR, host=host)
    port = parts.port or {"implicit": 465, "starttls": 587}.get(tls, 25)
    return Relay(host, port, user, unquote(parts.password or ""), tls, helo)


def _shown(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
