"""Run by itself: one notice to one address; its exit says how it ended, and nothing is printed.

It knows nothing of the house: no settings, no environment, only what stands on its standard input.
"""

import ipaddress
import json
import logging
import socket
import sys
from importlib import import_module
from typing import Any

MISSING, UNKNOWN, INSIDE, REFUSED = 3, 4, 5, 6
_resolve = socket.getaddrinfo
_met: list[str] = []


def _outside_only(host: Any, *given: Any, **named: Any) -> Any:
    """Whoever connects asks here first, also after being sent elsewhere, and connects to what was checked."""
    found = _resolve(host, *given, **named)
    for one in found:
        if not is_outside(str(one[4][0])):
            _met.append(str(host))
            raise socket.gaierror("an inside network")
    return found


def is_outside(address: str) -> bool:
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    return known.is_global and not known.is_multicast and (inner is None or inner.is_global)


def main() -> int:
    question = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)  # the library would print addresses
    if not question["is_inside_open"]:
        socket.getaddrinfo = _outside_only
    try:
        apprise = import_module("apprise")
    except ImportError:
        return MISSING
    sender = apprise.Apprise()
    if not sender.add(question["address"]):
        return UNKNOWN
    went = sender.notify(title=question["title"], body=question["link"], body_format=apprise.NotifyFormat.TEXT)
    if went:
        return 0
    return INSIDE if _met else REFUSED


if __name__ == "__main__":
    sys.exit(main())
