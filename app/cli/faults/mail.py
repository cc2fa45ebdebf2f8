"""Faults of how mail leaves: the sender of every mail, where answers go, and the address of the relay."""

import re
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.cli.faults.addresses import is_host
from app.cli.faults.places import unmakeable
from app.cli.faults.shown import shown
from app.config import Settings
from app.domain.errors import Refused
from app.mail.policy import checked_address
from app.mail.transport import open_transport

_SENDER = re.compile(r"(?:[^<>\x00-\x1f\x7f]*<(?P<inside>[^<>@\s]+@[^<>@\s]+)>|(?P<bare>[^<>@\s,]+@[^<>@\s,]+))")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_RELAY = "write smtp://user:password@host:587?starttls=1, smtps://user:password@host or file:///directory"


def sender(config: Settings) -> Iterator[str]:
    given = [("TATBIQ_MAIL_FROM", config.mail_from)]
    if config.mail_reply_to:
        given.append(("TATBIQ_MAIL_REPLY_TO", config.mail_reply_to))
    for name, value in given:
        if why := wrong_sender(value):
            yield f"{name}: {why}; write suivi@example.ma or Suivi <suivi@example.ma>"


def wrong_sender(given: str) -> str:
    """Why it can't be the sender of a mail; empty where it can."""
    found = _SENDER.fullmatch(given)
    address = (found["inside"] or found["bare"]) if found else ""
    if not found or parseaddr(given)[1] != address:
        return f"{shown(given)} is not one address"
    domain = address.rpartition("@")[2]
    if not domain.isascii():
        return "the domain is not ASCII (a name in other letters has a form that begins with xn--)"
    if len(address) > 254 or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        return f"{shown(domain)} is not a domain"
    try:
        checked_address(address)
    except Refused:
        return f"{shown(address)} can't stand in the header of a mail"
    return ""


def relay(config: Settings) -> Iterator[str]:
    if config.smtp_url and (why := _wrong_relay(config.smtp_url)):
        yield f"TATBIQ_SMTP_URL: {why}"


def _wrong_relay(given: str) -> str:
    """The transport knows its addresses; its own sentence is kept where it repeats nothing of the value."""
    try:
        parts = urlsplit(given)
        if parts.scheme in {"smtp", "smtps"} and not is_host(parts.hostname or ""):
            return f"it names no host; {_RELAY}"
        open_transport(given)
    except ValueError:
        return f"it is not understood; {_RELAY}"
    except Refused as error:
        return f"it is not understood; {_RELAY}" if "url" in error.message.params else str(error)
    why = unmakeable(Path(unquote(parts.path))) if parts.scheme == "file" else ""
    return f"{why}; name a directory that this user may write to" if why else ""
