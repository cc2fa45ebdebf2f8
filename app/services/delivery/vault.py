"""Frozen mail at rest: encrypted under a key derived from the secret one, because update links stand in it."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.config import settings


def sealed(raw: bytes) -> bytes:
    return _box(settings().key).encrypt(raw)


def opened(frozen: bytes) -> bytes | None:
    """The bytes again; None when they were frozen under another key, as after a restore without it."""
    try:
        return _box(settings().key).decrypt(frozen)
    except InvalidToken:
        return None


@lru_cache(maxsize=2)
def _box(key: bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tatbiq frozen mail").derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
