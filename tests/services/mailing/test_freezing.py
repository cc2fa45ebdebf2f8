"""What is frozen opens with the same key alone, also what a version before froze; nothing of it can be changed."""

import base64

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.services.mailing.delivery import freezing
from tests.fixtures.settings import Configure

RAW = b"https://followup.example/fr/u/" + b"k" * 43
KEY, OTHER = "k" * 32, "o" * 32


@pytest.fixture(autouse=True)
def key(configure: Configure) -> None:
    configure(secret_key=KEY)


def test_what_is_frozen_opens_again_and_shows_nothing() -> None:
    first, second = freezing.sealed(RAW), freezing.sealed(RAW)

    assert freezing.opened(first) == freezing.opened(second) == RAW
    assert first != second
    assert b"k" * 8 not in first


def test_under_another_key_nothing_opens(configure: Configure) -> None:
    frozen = freezing.sealed(RAW)

    configure(secret_key=OTHER)

    assert freezing.opened(frozen) is None


@pytest.mark.parametrize("place", [1, 20, -1])
def test_what_was_changed_does_not_open(place: int) -> None:
    changed = bytearray(freezing.sealed(RAW))
    changed[place] ^= 1

    assert freezing.opened(bytes(changed)) is None


@pytest.mark.parametrize("frozen", [b"", b"\x01", b"\x01" + b"n" * 12, b"gAAAA"])
def test_what_is_too_short_does_not_open(frozen: bytes) -> None:
    assert freezing.opened(frozen) is None


def test_what_a_version_before_froze_still_opens(configure: Configure) -> None:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tatbiq frozen mail").derive(KEY.encode())
    frozen = Fernet(base64.urlsafe_b64encode(derived)).encrypt(RAW)

    assert freezing.opened(frozen) == RAW

    configure(secret_key=OTHER)
    assert freezing.opened(frozen) is None
