"""Of a reply only what its writer added is left, whatever program quoted the rest and in whatever language."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import replies
from app.domain.replies import DELIMITER

OURS = f"{DELIMITER}\n\nExport certificates are due in 7 days.\n"
SAID = {
    "ar": "تمت طباعة الدليل.\nسيوزع يوم الاثنين.",
    "fr": "Le guide est imprimé.\nIl sera distribué lundi.",
    "en": "The guide is printed.\nIt goes out on Monday.",
}
ABOVE = {
    "nothing": "",
    "gmail, English": "On Mon, Dec 7, 2026 at 8:00 AM Suivi <suivi@example.ma> wrote:\n",
    "gmail, English, folded": "On Mon, Dec 7, 2026 at 8:00 AM Suivi\n<suivi+r-1a-abcdefgh@example.ma> wrote:\n",
    "gmail, French": "Le lun. 7 déc. 2026 à 08:00, Suivi <suivi@example.ma> a écrit\u00a0:\n",
    "gmail, Arabic": "في الإثنين، 7 ديسمبر 2026 في 8:00 ص تمت كتابة ما يلي بواسطة\n",
    "thunderbird, Arabic": "في 7/12/2026 8:00، كتب Suivi:\n",
    "outlook, English": "________________________________\nFrom: Suivi <suivi@example.ma>\nSent: Monday\n",
    "outlook, French": "De : Suivi <suivi@example.ma>\nEnvoyé : lundi 7 décembre 2026\n",
    "outlook, old": "-----Message d'origine-----\n",
}


@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("quoted", [True, False])
def test_the_words_above_our_line_are_left(lang: str, above: str, *, quoted: bool) -> None:
    ours = "".join(f"> {line}\n" for line in OURS.split("\n")) if quoted else OURS

    assert replies.own_words(f"{SAID[lang]}\n\n{ABOVE[above]}{ours}") == SAID[lang]


@pytest.mark.parametrize("above", [name for name in ABOVE if name != "nothing"])
def test_where_our_line_was_cut_off_the_usual_lines_of_programs_are_known(above: str) -> None:
    assert replies.own_words(f"{SAID['fr']}\n\n{ABOVE[above]}Export certificates are due.") == SAID["fr"]


def test_our_line_is_known_when_it_was_broken_into_several() -> None:
    broken = (
        OURS.replace("au-dessus de", "au-dessus\n> de").replace("فوق هذا", "فوق\n> هذا").replace("above", "above\n>")
    )

    assert replies.own_words(f"Voilà.\n\n> {broken}") == "Voilà."


def test_lines_between_the_quoted_ones_are_words_too_and_a_signature_is_not() -> None:
    assert replies.own_words("> Is it printed?\nYes.\n> And sent?\nNo.\n-- \nKarim\nChargé du suivi") == "Yes.\nNo."


def test_words_that_only_speak_of_writing_stay() -> None:
    text = "On Monday we wrote to the ministry.\nLe wali a écrit à la région.\nمن المنتظر أن يصدر القرار."

    assert replies.own_words(text) == text


def test_a_reply_without_words_is_empty() -> None:
    assert replies.own_words(f"\n\n{ABOVE['gmail, English']}{OURS}") == ""


@pytest.mark.parametrize(
    ("text", "locale", "lang"),
    [
        (SAID["ar"], "fr", "ar"),
        (SAID["fr"], "fr", "fr"),
        (SAID["fr"], "ar", "fr"),
        ("42 %", "ar", "ar"),
        ("ok", "en", "en"),
        ("Le guide « دليل » est imprimé.", "fr", "fr"),
    ],
)
def test_the_language_is_told_by_the_letters(text: str, locale: str, lang: str) -> None:
    assert replies.language(text, locale) == lang


EVIL = [
    " " * 100_000,
    ">" * 100_000,
    "- " * 50_000,
    "On " * 33_000,
    "Le a\n" * 20_000,
    "_" * 100_000,
    "From:\n" * 16_000,
]


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_evil_text_is_cut_in_a_second(text: str) -> None:
    began = time.process_time()

    assert len(replies.own_words(text)) <= replies.LONGEST
    assert time.process_time() - began < 1


@given(st.text(max_size=500))
def test_any_text_is_cut(text: str) -> None:
    assert len(replies.own_words(text)) <= replies.LONGEST
