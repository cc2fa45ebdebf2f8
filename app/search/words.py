"""From text to tokens: spelling folded, articles and plural endings off; pure, and linear in the length of the text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 40  # letters of a token: what is longer is found by its beginning
_DROPPED = {"Mn", "Me", "Cf"}  # vowel marks, accents, what only joins or turns letters
_LETTERS = str.maketrans(
    {
        "ى": "ي", "ی": "ي", "ة": "ه", "ٱ": "ا", "ک": "ك", "ڭ": "ك", "گ": "ك", "ڤ": "ف", "پ": "ب", "ء": None, "ـ": None,
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d",
    }
)  # fmt: skip
# A word with the marks within it: they are no letters to the expression, but must not part it.
_WORD = re.compile(r"[\w\u00ad\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u2060\ufeff]+")
_PIECE = re.compile(r"[^\W_]+")
_APOSTROPHES = "'’ʼ"
_ELIDED = {"l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu"}
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


class Word(NamedTuple):
    """One token, and where in the text it stands."""

    start: int
    end: int
    folded: str

    @property
    def stem(self) -> str:
        return stem(self.folded)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """One spelling: compatible forms, small letters, no marks, the forms of alef, hamza, ya one, Western digits."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (_digit(c) for c in plain.translate(_LETTERS) if unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", "".join(kept))


def _digit(character: str) -> str:
    return character if character.isascii() else str(unicodedata.decimal(character, character))


def words(text: str) -> Iterator[Word]:
    """The words of a text in order; single letters and elided articles are none."""
    for found in _WORD.finditer(text):
        is_elided = text[found.end() : found.end() + 1] in (*_APOSTROPHES,)
        for piece in _PIECE.findall(fold(found[0])):
            if (len(piece) > 1 or piece.isdecimal()) and not (is_elided and piece in _ELIDED):
                yield Word(found.start(), found.end(), piece[:LONGEST])


def stems(text: str) -> set[str]:
    return {word.stem for word in words(text)}


@lru_cache(maxsize=20_000)
def stem(folded: str) -> str:
    """Of a folded word what its forms have in common, as far as that can be told without a dictionary."""
    if "\u0600" <= folded[:1] <= "\u06ff":
        return _arabic(folded)
    return _latin(folded) if folded.isalpha() else folded


def beginning(folded: str) -> str:
    """Of a word that may not be typed to its end yet: without what stands before it."""
    return _bare(folded) if "\u0600" <= folded[:1] <= "\u06ff" else folded


def _arabic(word: str) -> str:
    """The light stemmer that is known as light10: articles, one "and", the endings of number, gender and relation."""
    bare = _bare(word)
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 2:
            bare = bare.removesuffix(ending)
    return bare


def _bare(word: str) -> str:
    bare = word[1:] if word.startswith("و") and len(word) > 3 else word
    for article in _ARTICLES:
        if bare.startswith(article) and len(bare) - len(article) >= 2:
            return bare.removeprefix(article)
    return bare


def _latin(word: str) -> str:
    """Plurals of French and English, and the silent e: "régionaux" is "régional", "companies" is "company"."""
    if len(word) < 4:
        return word
    if word.endswith("aux") and len(word) > 4:
        return word[:-1] if word.endswith("eaux") else word[:-3] + "al"
    bare = word[:-1] if word[-1] in "sx" and not word.endswith("ss") else word
    if bare.endswith("ie") and len(bare) > 4:
        return bare[:-2] + "y"
    bare = bare[:-1] if bare.endswith("ee") else bare
    return bare[:-1] if bare.endswith("e") and len(bare) > 4 else bare
