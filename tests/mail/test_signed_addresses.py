"""An address that we alone can make: whatever the message, it comes back as that one, and nobody else's does."""

from hypothesis import given
from hypothesis import strategies as st

from app.mail import signed_addresses
from app.mail.policy import checked_address
from app.mail.signed_addresses import ROOM, AddressUse

KEY = b"a key of the house"
NUMBERS = st.integers(min_value=0, max_value=2**31 - 1)
LOCALS = st.text("abcdefghijklmnopqrstuvwxyz0123456789.-_", min_size=1, max_size=ROOM)


@given(LOCALS, NUMBERS, st.binary(min_size=1, max_size=40))
def test_it_comes_back_as_what_it_was_in_whatever_letters(local: str, number: int, key: bytes) -> None:
    address = signed_addresses.made(f"{local}@example.ma", AddressUse.BOUNCE, number, key)

    assert len(address.partition("@")[0]) <= 64
    assert checked_address(address) == address
    for told in (address, address.upper(), f"<{address.title()}>"):
        assert signed_addresses.read(told, key) == (AddressUse.BOUNCE, number)


@given(NUMBERS, NUMBERS)
def test_the_signature_of_one_message_is_of_no_other(one: int, other: int) -> None:
    address = signed_addresses.made("suivi@example.ma", AddressUse.BOUNCE, one, KEY)
    forged = signed_addresses.made("suivi@example.ma", AddressUse.BOUNCE, other, KEY)
    mixed = forged.rpartition("-")[0] + "-" + address.rpartition("-")[2]

    assert signed_addresses.read(mixed, KEY) == ((AddressUse.BOUNCE, one) if one == other else None)
    assert signed_addresses.read(address, b"another key") is None


@given(NUMBERS)
def test_an_address_for_one_use_is_none_for_another(number: int) -> None:
    for use, letters in ((AddressUse.BOUNCE, ("+b-", "+r-")), (AddressUse.REPLY, ("+r-", "+b-"))):
        address = signed_addresses.made("suivi@example.ma", use, number, KEY)
        assert signed_addresses.read(address.replace(*letters), KEY) is None


def test_a_number_that_no_message_can_have_is_none() -> None:
    assert signed_addresses.read(signed_addresses.made("a@b.ma", AddressUse.BOUNCE, 2**31, KEY), KEY) is None


@given(st.text(max_size=400))
def test_any_text_is_read_as_an_address_or_as_none(text: str) -> None:
    assert signed_addresses.read(text, KEY) is None
    assert signed_addresses.read(f"suivi+b-{text}@example.ma", KEY) is None
