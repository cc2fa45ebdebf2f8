"""A score that decays: one address that is gone fails for a month, a full one only when it happens again and again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import bounces
from app.domain.bounces import Weight
from tests.builders import LONG_AGO

DAY = dt.timedelta(days=1)


def test_one_hard_failure_makes_an_address_fail_for_thirty_days() -> None:
    score = bounces.added(0, LONG_AGO, LONG_AGO, Weight.HARD)

    assert bounces.is_failing(bounces.decayed(score, LONG_AGO, LONG_AGO + 29 * DAY))
    assert not bounces.is_failing(bounces.decayed(score, LONG_AGO, LONG_AGO + 31 * DAY))


def test_a_full_mailbox_fails_at_the_third_time_in_a_row_and_not_over_a_year() -> None:
    def after(times: int, apart: dt.timedelta) -> float:
        score, at = 0.0, LONG_AGO
        for _ in range(times):
            score, at = bounces.added(score, at, at + apart, Weight.SOFT), at + apart
        return score

    assert not bounces.is_failing(after(2, DAY))
    assert bounces.is_failing(after(3, DAY))
    assert not bounces.is_failing(after(12, 31 * DAY))


@given(st.floats(0, 1000), st.integers(-(10**6), 10**6))
def test_a_score_never_grows_by_itself_whatever_the_clock_says(score: float, days: int) -> None:
    when = LONG_AGO + dt.timedelta(days=max(-700_000, min(days, 2_000_000)))

    assert 0 <= bounces.decayed(score, LONG_AGO, when) <= score


def test_in_the_end_nothing_is_left_of_it() -> None:
    assert bounces.is_forgotten(bounces.decayed(1, LONG_AGO, LONG_AGO + 300 * DAY))


@pytest.mark.parametrize(
    ("words", "weight"),
    [
        ("Recipient address rejected: mailbox is over quota", Weight.SOFT),
        ("Recipient address rejected: blocked using a list of spam senders", Weight.POLICY),
        ("Recipient address rejected: undeliverable", Weight.HARD),
    ],
)
def test_what_holds_for_a_while_or_for_one_mail_is_not_held_against_the_address(words: str, weight: Weight) -> None:
    assert bounces.weigh("5.0.0", words) is weight
