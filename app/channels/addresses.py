"""Which addresses of chats are taken: known services, encrypted on their way, on the open network. Opens nothing."""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from app.channels.apprise.child import is_outside
from app.domain.errors import Refused
from app.domain.messages import N_

# Scheme of apprise → what people call it. Those with a host of their own have only their encrypted form.
HOSTED = {
    "discord": "Discord", "gchat": "Google Chat", "msteams": "Microsoft Teams", "workflows": "Microsoft Teams",
    "slack": "Slack", "tgram": "Telegram", "wxteams": "Webex",
}  # fmt: skip
OWN = {
    "gotifys": "Gotify", "jsons": "JSON", "matrixs": "Matrix", "mmosts": "Mattermost", "nctalks": "Nextcloud Talk",
    "ntfys": "ntfy", "rockets": "Rocket.Chat", "zulip": "Zulip",
}  # fmt: skip
TRIAL = {"json": "JSON"}  # in the clear, on this machine: the demonstration and tests alone
_INSIDE = re.compile(r"(?:^|\.)(?:localhost|local|internal|intranet|lan|home|arpa)\.?$")
_MOST = 500
_UNKNOWN = N_("This service is not among those that are taken, or the address would not be encrypted")


class ChatAddress(NamedTuple):
    scheme: str
    service: str


def read(text: str, *, is_inside_open: bool = False) -> ChatAddress:
    """Raises Refused; what stands in the address is never repeated: it holds a key."""
    if len(text) > _MOST or not re.fullmatch(r"[!-~]+", text):
        raise Refused(N_("Write one address of at most 500 characters, without spaces"), "address")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise Refused(N_("The address is not understood"), "address") from None
    known = HOSTED | OWN | (TRIAL if is_inside_open else {})
    if parts.scheme not in known:
        raise Refused(
            N_("This service is not among those that are taken, or the address would not be encrypted"), "address"
        )
    if not host and not parts.netloc:
        raise Refused(N_("The address is not understood"), "address")
    if parts.scheme in OWN and not is_inside_open and _is_inside(host):
        raise Refused(N_("The address leads into an inside network: a chat has to stand on the open one"), "address")
    return ChatAddress(parts.scheme, known[parts.scheme])


def _is_inside(host: str) -> bool:
    """By its spelling; what a name resolves to is asked when something is sent."""
    try:
        return not is_outside(str(ipaddress.ip_address(host)))
    except ValueError:
        return _INSIDE.search(host) is not None or "." not in host or re.fullmatch(r"[0-9.x]+", host) is not None
