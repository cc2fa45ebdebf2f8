"""Titles in several languages, and typed text made safe to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.texts import clean, many_lines, one_line, pick

BOTH = {"ar": "شهادات التصدير", "fr": "Certificats à l’export"}


@pytest.mark.parametrize(("lang", "found"), [("fr", "fr"), ("ar", "ar"), ("en", "ar")])
def test_a_reader_gets_the_own_language_or_else_arabic_first(lang: str, found: str) -> None:
    assert pick(BOTH, lang) == (BOTH[found], found)


def test_an_empty_translation_is_none() -> None:
    assert pick({"fr": "", "en": "Help desk"}, "fr") == ("Help desk", "en")
    assert pick({}, "fr") == ("", "fr")


def test_only_known_languages_that_say_something_are_kept() -> None:
    assert clean({"ar": "  شباك \n واحد ", "fr": " ", "xx": "?"}) == {"ar": "شباك واحد"}


def test_a_line_cannot_turn_the_text_after_it_round() -> None:
    assert one_line("guide\u202efdp.exe\u2066 of 2026\x00") == "guidefdp.exe of 2026"
    assert one_line("cafe\u0301") == "café"


def test_a_line_keeps_the_narrow_space_before_french_signs() -> None:
    assert one_line(" Commerce\u202f: rencontres \u202f d’export\u202f ") == "Commerce\u202f: rencontres d’export"


def test_a_paragraph_keeps_its_lines_and_nothing_else_that_controls() -> None:
    assert many_lines("one\r\ntwo\rthree\x07\n") == "one\ntwo\nthree"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert many_lines(many_lines(text)) == many_lines(text)
