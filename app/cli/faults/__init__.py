"""What is wrong with the settings, one clear line each: the same for `serve`, `check` and every other command.

What a line says: the variable, what is wrong, what to write. It never repeats a value that may hold a secret.
"""

import difflib
from collections.abc import Iterator

from pydantic import ValidationError

from app import config
from app.cli.faults import addresses, inbound, mail, places, publisher, together
from app.cli.faults.shown import shown
from app.config import PREFIX, Settings

KNOWN = sorted(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)
BESIDE = {"TATBIQ_TEST_REPORTS"}  # of the tests, not of the service

_CHECKS = (
    addresses.base,
    addresses.host,
    addresses.port,
    addresses.proxies,
    together.zone,
    together.key,
    together.metrics,
    places.data_dir,
    places.database,
    mail.sender,
    mail.relay,
    inbound.bounce_address,
    inbound.reply_address,
    inbound.authserv_id,
    inbound.mailbox,
    publisher.name,
    publisher.contact,
    together.plain_http,
    together.demo,
)
_YES_NO = "write 1 or 0"
_WRITE = {
    "default_locale": "write ar, fr or en",
    "scheduler": "write embedded or external",
    "demo": _YES_NO,
    "insecure_http": _YES_NO,
    "access_log": _YES_NO,
    "port": "write a number from 1 to 65535",
    "mail_per_minute": "write a number of mails, or 0 for no limit",
    "mail_per_domain_per_minute": "write a number of mails, or 0 for no limit",
    "mail_processes": "write a number from 1 to 16, or 0 for one a core",
}


def faults() -> list[str]:
    """Everything that forbids starting; empty when all is well. Nothing is made, nothing is connected to."""
    try:
        lines = [*_unread(), *_unknown()]
    except OSError as error:
        return [f".env can't be read: {error.strerror}"]
    except UnicodeDecodeError:
        return [".env is not UTF-8: write it again as plain text"]
    wrong, chosen = _typed()
    found = (line for check in _CHECKS for line in check(chosen) if line)
    return list(dict.fromkeys([*lines, *wrong, *found]))


def _unread() -> Iterator[str]:
    """A line that no reader understands would be passed over in silence."""
    for name, text in config.written_lines():
        if name is None:
            yield f".env: the line {shown(text.partition('=')[0])} is not understood; write NAME=value"


def _unknown() -> Iterator[str]:
    for given in config.names_given():
        name = given.upper()
        if name not in KNOWN and name not in BESIDE:
            near = difflib.get_close_matches(name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in KNOWN], 1)
            hint = f"did you mean {PREFIX}{near[0]}?" if near else "docs/settings.md lists them all"
            yield f"{shown(given)[1:-1]} is not a setting; {hint}"


def _typed() -> tuple[list[str], Settings]:
    """The lines for values of the wrong kind, and the settings with the defaults in their place."""
    try:
        return [], config.settings()
    except ValidationError as error:
        wrong = {str(each["loc"][0]): each["input"] for each in error.errors()}
    lines = [
        f"{PREFIX}{name.upper()}: {shown(value)} is not understood; {_WRITE[name]}"
        if name in _WRITE
        else f"{PREFIX}{name.upper()} can't be read as text; write it in UTF-8"
        for name, value in wrong.items()
    ]
    return lines, Settings(**{name: Settings.model_fields[name].default for name in wrong})
