"""Which language a report or one of its sentences is in."""

import pytest

from app.intake.languages import detect, language_of
from app.intake.page import fold


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("انعقد اللقاء بمدينة وجدة بحضور المهنيين (PME).", "ar"),
        ("La rencontre s'est tenue à Oujda avec les professionnels du secteur.", "fr"),
        ("The meeting was held in Oujda with the exporters of the region.", "en"),
        ("12345 — ???", "ar"),
    ],
)
def test_a_text_is_in_the_language_most_of_it_is_in(text: str, lang: str) -> None:
    assert detect(text) == lang


def test_a_sentence_is_in_the_language_of_the_text_unless_it_clearly_is_not() -> None:
    assert language_of(fold("Budget global"), "fr") == "fr"
    assert language_of(fold("The board of the fund will meet in the port."), "fr") == "en"
    assert language_of(fold("تقوية التعاون"), "fr") == "ar"
    assert language_of("12.5", "en") == "en"
