"""Which failures are of one kind: what a relay says of one mail alone counts for nothing."""

import pytest

from app.domain.failed_mails import manner


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("550 5.1.1 <karim@centre.ma>: no such user", "550 5.1.1 <leila@agency.ma>: no such user"),
        ("550 karim@centre.ma is unknown here", "550 leila@agency.ma is unknown here"),
        ("554 refused, see 4f8a0c2e91b7", "554 refused,  see 77be01d4a2cc"),
        ("550 No Such User", "550 no such user"),
    ],
)
def test_addresses_and_numbers_of_one_mail_are_left_out(one: str, other: str) -> None:
    assert manner(one) == manner(other)


def test_other_codes_and_other_words_are_other_failures() -> None:
    said = ["550 5.1.1 no such user", "552 5.2.2 mailbox full", "550 5.7.1 policy", "", "It may have arrived"]
    assert len({manner(one) for one in said}) == len(said)
