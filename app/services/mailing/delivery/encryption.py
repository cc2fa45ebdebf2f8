"""Frozen mail at rest: encrypted under a key derived from the secret one, because update links stand in it.

The library is loaded with the first mail: seven megabytes that a process which only answers pages never needs.
"""

import base64
from functools import lru_cache
from importlib import import_module
from typing import Any

from app.config import settings


def sealed(raw: bytes) -> bytes:
    frozen: bytes = _box(settings().key).encrypt(raw)
    return frozen


def opened(frozen: bytes) -> bytes | None:
    """The bytes again; None when they were frozen under another key, as after a restore without it."""
    box = _box(settings().key)
    try:
        raw: bytes = box.decrypt(frozen)
    except import_module("cryptography.fernet").InvalidToken:
        return None
    return raw


@lru_cache(maxsize=2)
def _box(key: bytes) -> Any:
    sha256 = import_module("cryptography.hazmat.primitives.hashes").SHA256()
    derivation = import_module("cryptography.hazmat.primitives.kdf.hkdf").HKDF
    derived = derivation(algorithm=sha256, length=32, salt=None, info=b"tatbiq frozen mail").derive(key)
    return import_module("cryptography.fernet").Fernet(base64.urlsafe_b64encode(derived))
