"""Addresses that we alone can make: a local part, what it is for, which message, and an HMAC of the key.

`suivi@example.ma` becomes `suivi+b-1a2b-<mac>@example.ma`, which a mail server that knows subaddresses (RFC 5233)
delivers where the plain one goes. Case says nothing in it: servers change it.
"""

import base64
import hashlib
import hmac
import re
from enum import StrEnum

from app.domain.texts import one_line

LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_MAC_BYTES = 10
_MOST_DIGITS = 7  # of an id of 31 bits, in base 36
ROOM = LONGEST_LOCAL - len("+b--") - _MOST_DIGITS - _MAC_BYTES * 8 // 5  # for what stands before the plus sign
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SIGNED = re.compile(r"[^@\s<>]{1,40}\+(?P<use>[a-z])-(?P<id>[0-9a-z]{1,7})-(?P<mac>[a-z2-7]{16})@[^@\s<>]{1,255}")
_LONGEST = 320
_BIGGEST = 2**31 - 1


class AddressUse(StrEnum):
    """What comes to such an address."""

    BOUNCE = "b"
    REPLY = "r"


def made(plain: str, use: AddressUse, number: int, key: bytes) -> str:
    """The signed form of a plain address for the message of this number."""
    local, _, domain = plain.rpartition("@")
    return f"{local}+{use}-{_in_36(number)}-{_mac(use, number, key)}@{domain}"


def read(address: str, key: bytes) -> tuple[AddressUse, int] | None:
    """What it is for and which message it names; None where we did not make it."""
    found = _SIGNED.fullmatch(one_line(address[:_LONGEST]).strip("<> ").lower())
    if found is None or found["use"] not in list(AddressUse):
        return None
    use, number = AddressUse(found["use"]), int(found["id"], 36)
    is_ours = number <= _BIGGEST and hmac.compare_digest(_mac(use, number, key), found["mac"])
    return (use, number) if is_ours else None


def looks_signed(address: str) -> bool:
    return _SIGNED.fullmatch(one_line(address[:_LONGEST]).strip("<> ").lower()) is not None


def _mac(use: AddressUse, number: int, key: bytes) -> str:
    digest = hmac.new(key, f"address|{use}|{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:_MAC_BYTES]).decode().lower()


def _in_36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
