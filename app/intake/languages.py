"""Which of our languages a text or a sentence is in, by script and by its small words; no other language is known."""

import re

from app.intake.page import fold

_ARABIC = re.compile("[\u0620-\u064a]")
_LATIN = re.compile("[a-z]")
_WORD = re.compile(r"[a-z]+")
_SMALL_WORDS = {
    "fr": "le la les des du de et que qui pour dans une un est sur par au aux en ce il elle avec ne pas",
    "en": "the of and to in for that is on with by will be are was it this from as has have at",
}
_SMALL = {lang: frozenset(words.split()) for lang, words in _SMALL_WORDS.items()}
_SAMPLE = 50_000


def detect(text: str) -> str:
    """The language most of the text is in; Arabic, the house's first, where nothing tells."""
    plain = fold(text[:_SAMPLE])
    if len(_ARABIC.findall(plain)) >= len(_LATIN.findall(plain)):
        return "ar"
    scores = _scores(plain)
    return "en" if scores["en"] > scores["fr"] else "fr"


def language_of(plain: str, default: str) -> str:
    """The language of one folded sentence: the text's own, unless the sentence clearly speaks another."""
    arabic, latin = len(_ARABIC.findall(plain)), len(_LATIN.findall(plain))
    if arabic or latin:
        if arabic >= latin:
            return "ar"
        scores = _scores(plain)
        best = max(scores, key=lambda lang: scores[lang])
        if default == "ar" or scores[best] >= scores[default] + 3:
            return best
    return default


def _scores(plain: str) -> dict[str, int]:
    words = _WORD.findall(plain)
    return {lang: sum(word in small for word in words) for lang, small in _SMALL.items()}
