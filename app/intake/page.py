"""A report in the form the rules read: lower case, one form per letter, and the way back to the original's offsets."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Arabic vowel signs and tatweel, joiners and direction marks: they change nothing a rule asks about.
_SILENT = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0300-\u036f]"
)
_LETTERS = str.maketrans(
    {"أ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "}
    | {arabic: str(i) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for i, arabic in enumerate(digits)}
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, in code points, the end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """`cased` is the text without silent signs, `plain` the same folded letter by letter, `at` their old offsets."""

    text: str
    cased: str
    plain: str
    at: Sequence[int]

    def original(self, start: int, end: int) -> Span:
        """The place in the text as given; a sign belongs to the letter before it."""
        return Span(self.at[start], self.at[end] if start < end else self.at[start])


def page(text: str) -> Page:
    """The page of a text of any kind; never fails."""
    if _SILENT.search(text) is None:
        return Page(text, text, fold(text), range(len(text) + 1))
    kept = [i for i, c in enumerate(text) if not _SILENT.match(c)]
    cased = "".join(text[i] for i in kept)
    return Page(text, cased, fold(cased), [*kept, len(text)])


def fold(text: str) -> str:
    """Lower case, no accents, one alef, Western digits, as long as before; hamza below stays: it marks verbal nouns."""
    return text.translate(_fold)


class _Fold(dict[int, str]):
    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.translate(_LETTERS)
        if low == letter and not "\u0600" <= letter <= "\u06ff":
            low = unicodedata.normalize("NFD", letter.lower())[0]
        self[code] = low
        return low


_fold = _Fold()
