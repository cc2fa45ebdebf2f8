"""Which language a reader gets."""

import pytest

from app.i18n import direction, negotiate


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("fr-MA,fr;q=0.9,en;q=0.8", "fr"),
        ("de,en-GB;q=0.7,ar;q=0.3", "en"),
        ("ar;q=0.4, fr;q=0.5", "fr"),
        ("AR-ma", "ar"),
        ("fr;q=0, en;q=0.1", "en"),
    ],
)
def test_the_best_wish_that_we_can_fulfil_wins(header: str, lang: str) -> None:
    assert negotiate(header, "ar") == lang


@pytest.mark.parametrize("header", [None, "", "de", "*", ";;q=,", "fr;q=oui", "x" * 100_000])
def test_a_header_that_names_none_of_ours_gets_the_default(header: str | None) -> None:
    assert negotiate(header, "fr") == "fr" if header != "fr;q=oui" else negotiate(header, "ar") == "ar"


def test_only_arabic_runs_from_right_to_left() -> None:
    assert [direction(lang) for lang in ("ar", "fr", "en")] == ["rtl", "ltr", "ltr"]
