"""The bytes of a mail that may have to leave once more, as they are kept: encrypted, since update links stand in them.

The key is derived from the secret one. The library is loaded with the first mail: seven megabytes that a process which
only answers pages never needs.
"""

import base64
import os
from functools import lru_cache
from importlib import import_module
from typing import Any

from app.config import settings

_NONCE = 12  # bytes, drawn for each mail
_MARK = b"\x01"  # AES-256-GCM; what was frozen by a version before begins with a letter, as Fernet's tokens do


def sealed(raw: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    closed: bytes = _box(settings().key).encrypt(nonce, raw, None)
    return b"".join((_MARK, nonce, closed))


def opened(frozen: bytes) -> bytes | None:
    """The bytes again; None when they were frozen under another key, as after a restore without it."""
    if not frozen.startswith(_MARK):
        return _opened_before(frozen)
    nonce, closed = frozen[1 : 1 + _NONCE], frozen[1 + _NONCE :]
    try:
        raw: bytes = _box(settings().key).decrypt(nonce, closed, None)
    except (import_module("cryptography.exceptions").InvalidTag, ValueError):  # or too short to hold anything
        return None
    return raw


def _opened_before(frozen: bytes) -> bytes | None:
    fernet = import_module("cryptography.fernet")
    key = base64.urlsafe_b64encode(_derived(settings().key, b"tatbiq frozen mail"))
    try:
        raw: bytes = fernet.Fernet(key).decrypt(frozen)
    except fernet.InvalidToken:
        return None
    return raw


@lru_cache(maxsize=2)
def _box(key: bytes) -> Any:
    aead = import_module("cryptography.hazmat.primitives.ciphers.aead")
    return aead.AESGCM(_derived(key, b"tatbiq frozen mail, AES-256-GCM"))


def _derived(key: bytes, name: bytes) -> bytes:
    sha256 = import_module("cryptography.hazmat.primitives.hashes").SHA256()
    derivation = import_module("cryptography.hazmat.primitives.kdf.hkdf").HKDF
    made: bytes = derivation(algorithm=sha256, length=32, salt=None, info=name).derive(key)
    return made
