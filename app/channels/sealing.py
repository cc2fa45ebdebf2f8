"""Addresses of chats, kept as closed as frozen mail: a key derived from SECRET_KEY opens them, no page shows them."""

import base64
from functools import lru_cache
from importlib import import_module
from typing import Any

from app.config import settings


def sealed(address: str) -> bytes:
    closed: bytes = _box(settings().key).encrypt(address.encode())
    return closed


def opened(closed: bytes) -> str | None:
    """None where it was closed under another key, as after a restore without it."""
    try:
        text: bytes = _box(settings().key).decrypt(closed)
    except import_module("cryptography.fernet").InvalidToken:
        return None
    return text.decode()


@lru_cache(maxsize=2)
def _box(key: bytes) -> Any:
    sha256 = import_module("cryptography.hazmat.primitives.hashes").SHA256()
    derivation = import_module("cryptography.hazmat.primitives.kdf.hkdf").HKDF
    derived = derivation(algorithm=sha256, length=32, salt=None, info=b"tatbiq address of a chat").derive(key)
    return import_module("cryptography.fernet").Fernet(base64.urlsafe_b64encode(derived))
