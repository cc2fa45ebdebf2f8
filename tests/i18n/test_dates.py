"""Dates, spans and numbers in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.i18n import dates, numbers

TODAY = date(2026, 11, 23)
CASABLANCA = ZoneInfo("Africa/Casablanca")


@pytest.mark.parametrize(
    ("lang", "words"), [("ar", "30 نونبر 2026"), ("fr", "30 novembre 2026"), ("en", "30 November 2026")]
)
def test_a_day_is_written_with_moroccan_months_and_western_digits(lang: str, words: str) -> None:
    assert dates.day(date(2026, 11, 30), lang) == words


def test_august_and_december_are_moroccan_and_the_first_is_french() -> None:
    assert dates.day(date(2026, 8, 2), "ar") == "2 غشت 2026"
    assert dates.day(date(2026, 12, 1), "fr") == "1er décembre 2026"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 22), "yesterday"),
        (date(2026, 12, 5), "in 12 days"),
        (date(2026, 11, 20), "3 days ago"),
        (date(2027, 11, 20), "20 November 2027"),
    ],
)
def test_when_is_said_from_today_unless_it_is_far(on: date, words: str) -> None:
    assert dates.when(on, TODAY, "en") == words


def test_an_instant_is_told_on_the_clock_of_the_installation() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert dates.moment(late, "fr", CASABLANCA) == "23 novembre 2026 à 23\u00a0h\u00a030"
    assert dates.day_of(late, ZoneInfo("Asia/Tokyo")) == date(2026, 11, 24)


def test_what_is_not_everything_is_never_a_hundred_percent() -> None:
    assert [numbers.percent(value, "en") for value in (0, 33.6, 99.7, 100)] == ["0%", "34%", "99%", "100%"]


def test_numbers_carry_the_separators_of_the_language() -> None:
    assert [numbers.number(2_600_000, lang) for lang in ("ar", "fr", "en")] == [
        "2.600.000", "2\u202f600\u202f000", "2,600,000",
    ]  # fmt: skip
    assert numbers.size(1_240_000, "fr") == "1,2\u00a0Mo"
