"""The key that stops a weekly mail: told again by whoever has the secret, by nobody else, and for one purpose."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import off_keys

SECRET = b"s" * 32


@given(st.integers(0, 2**31 - 1))
def test_it_says_whose_it_is_and_is_the_same_in_every_mail(person_id: int) -> None:
    key = off_keys.made(SECRET, person_id, "digest")

    assert re.fullmatch(r"[A-Za-z0-9_-]{48}", key), "what the ledger replaces and the log leaves out"
    assert key == off_keys.made(SECRET, person_id, "digest")
    assert off_keys.person_of(SECRET, key, "digest") == person_id


def test_another_secret_purpose_or_person_is_another_key() -> None:
    key = off_keys.made(SECRET, 7, "digest")

    assert off_keys.person_of(b"t" * 32, key, "digest") is None
    assert off_keys.person_of(SECRET, key, "subscription") is None
    assert off_keys.person_of(SECRET, off_keys.made(SECRET, 8, "digest")[:6] + key[6:], "digest") is None


@given(st.integers(0, 47), st.characters(codec="ascii", categories=["L", "N"]))
def test_no_letter_of_it_may_differ(place: int, letter: str) -> None:
    key = off_keys.made(SECRET, 7, "digest")
    other = key[:place] + letter + key[place + 1 :]

    assert (off_keys.person_of(SECRET, other, "digest") is None) == (other != key)


@pytest.mark.parametrize("key", ["", "x", "u" * 47, "u" * 49, "=" * 48, "ش" * 48, " " * 48, "u" * 47 + "\n"])
def test_what_was_never_made_opens_nothing(key: str) -> None:
    assert off_keys.person_of(SECRET, key, "digest") is None
