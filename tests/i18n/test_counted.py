"""Every sentence that counts, for none, one, two, few, many and a hundred, in three languages."""

import re

import pytest

from app.i18n import LANGS
from tests.counted import NUMBERS, Sentence, lines, sentences

# A number may bend a sentence that does not say it: what it counts is said by another sentence within.
SAID = [sentence for sentence in sentences() if "num" in sentence.places()]
said = pytest.mark.parametrize("sentence", SAID, ids=lambda sentence: f"{sentence.context} {sentence.one}"[:60])
every = pytest.mark.parametrize("sentence", sentences(), ids=lambda sentence: f"{sentence.context} {sentence.one}"[:60])
# Where Arabic says the number by itself: nothing, one, two, and no digit beside the word.
IN_WORDS = (1, 2)
# What is counted here is not said: the noun stands earlier in the same line, or what follows does not bend.
WITHOUT_NOUN = {
    "%(num)s blocked", "%(num)s disputed", "%(num)s due", "%(num)s is past",
    "%(num)s of them overdue", "%(num)s of those under way is overdue", "%(num)s to confirm", "%(num)s to verify",
    "%(num)s waits for you", "%(num)s without an update", "and %(num)s more",
    "%(num)s is outside the count: not accepted, referred, merged or no longer applicable.",
    "%(num)s more is partially implemented.", "%(num)s more was verified, but is disputed and not counted.",
}  # fmt: skip


def digits(sentence: Sentence, lang: str, number: int) -> bool:
    """Whether the number itself stands there in digits; other digits of the sentence are its own."""
    return "%(num)s" in sentence.form(lang, number)


@every
@pytest.mark.parametrize("lang", LANGS)
def test_no_form_is_missing_and_no_value_is_dropped(sentence: Sentence, lang: str) -> None:
    for number in NUMBERS:
        form = sentence.form(lang, number)
        assert form.strip(), number
        assert sentence.places() - {"num"} <= set(re.findall(r"%\((\w+)\)s", form)), number
        assert "%(" not in sentence.said(lang, number)


@said
def test_in_arabic_one_and_two_are_said_in_words_without_a_digit_beside_them(sentence: Sentence) -> None:
    for number in IN_WORDS:
        assert not digits(sentence, "ar", number), sentence.said("ar", number)
    assert sentence.form("ar", 1) != sentence.form("ar", 2)


@said
def test_in_arabic_three_and_more_have_their_digits(sentence: Sentence) -> None:
    for number in (3, 11, 100, 101, 102):
        assert digits(sentence, "ar", number), sentence.said("ar", number)


@said
def test_in_arabic_the_noun_is_plural_after_three_and_singular_after_eleven(sentence: Sentence) -> None:
    few = sentence.form("ar", 3)
    if sentence.one not in WITHOUT_NOUN and "عددها %(num)s" not in few:
        assert few != sentence.form("ar", 11)


@said
def test_in_french_and_english_many_has_its_digits_and_one_has_them_or_a_word(sentence: Sentence) -> None:
    for lang in ("fr", "en"):
        assert digits(sentence, lang, 2)
        says_one = re.search(
            r"\b(?:une?|seule?|son|an?|once|only)\b|^Renvoyer le ", sentence.form(lang, 1), re.IGNORECASE
        )
        assert digits(sentence, lang, 1) or says_one, sentence.said(lang, 1)


def test_all_of_them_can_be_printed_for_reading() -> None:
    printed = list(lines(sentences()))
    assert sum(line.startswith("  ar") for line in printed) == len(sentences()) * len(NUMBERS)
    assert "  ar   2  إجراءان متأخران" in printed
    assert "  fr   3  3 actions en retard" in printed
