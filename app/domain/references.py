"""Permanent references (FM-2024-03.2) and the ASCII slugs of addresses; counting and keeping them is not done here."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from itertools import count

from app.domain.errors import NotFound, Refused
from app.domain.messages import N_

MAX_SLUG = 60

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_REFERENCE = re.compile(r"([A-Za-z][A-Za-z0-9]{1,7})-([0-9]{4})-(0[1-9]|[1-9][0-9]{1,5})(?:\.([1-9][0-9]{0,4}))?")


@dataclass(frozen=True)
class Reference:
    """Of a recommendation, or with `action` of one of its actions; str() is the canonical form."""

    prefix: str
    year: int
    number: int
    action: int | None = None

    def __str__(self) -> str:
        whole = f"{self.prefix}-{self.year:04}-{self.number:02}"
        return whole if self.action is None else f"{whole}.{self.action}"

    @property
    def recommendation(self) -> "Reference":
        """The reference of the recommendation to which this one belongs."""
        return Reference(self.prefix, self.year, self.number)


def parse(text: str) -> Reference | None:
    """The reference in `text`, whatever its letter case, or None; where str() differs from `text`, redirect."""
    found = _REFERENCE.fullmatch(text)
    if not found:
        return None
    prefix, year, number, action = found.groups()
    return Reference(prefix.upper(), int(year), int(number), int(action) if action else None)


def canonical(text: str) -> str:
    """The reference in its one spelling; raises NotFound when it is none."""
    found = parse(text)
    if found is None:
        raise NotFound
    return str(found)


def for_recommendation(prefix: str, year: int, number: int) -> str:
    return str(Reference(prefix, year, number))


def for_action(recommendation: str, number: int) -> str:
    return f"{recommendation}.{number}"


def check_prefix(text: str) -> str:
    """The canonical prefix; raises Refused when it can't begin a reference."""
    prefix = text.strip()
    if prefix.isascii() and _PREFIX.fullmatch(prefix.upper()):
        return prefix.upper()
    raise Refused(N_("Enter a prefix of 2 to 8 Latin letters or digits, beginning with a letter."), field="prefix")


def slugify(text: str, lang: str) -> str:
    """A readable ASCII slug of a title: transliterated, cut between words, never empty."""
    spoken = text.replace("&", f" {_AND.get(lang, 'and')} ").translate(_LETTERS)
    plain = "".join(_ascii(c) for c in unicodedata.normalize("NFKD", spoken).translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return _shorten("-".join(words), MAX_SLUG) or "untitled"


def unique(slug: str, taken: Container[str]) -> str:
    """`slug`, or the first free one of slug-2, slug-3 …"""
    if slug not in taken:
        return slug
    suffixes = (f"-{number}" for number in count(2))
    return next(free for s in suffixes if (free := _shorten(slug, MAX_SLUG - len(s)) + s) not in taken)


def _shorten(slug: str, limit: int) -> str:
    if len(slug) <= limit:
        return slug
    head, hyphen, _ = slug[: limit + 1].rpartition("-")
    return head if hyphen else slug[:limit]


def _ascii(character: str) -> str:
    if character.isascii():
        return character
    # An apostrophe or a dash parts words, a vowel mark or a hamza does not; digits of any script are read.
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return " " if unicodedata.category(character)[0] in "PSZ" else ""


_AND = {"ar": "wa", "fr": "et", "en": "and"}
# The way Moroccan names are written in Latin letters: ch, kh, gh, ou; unwritten vowels are not invented.
_LETTERS = str.maketrans(
    {
        "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh",
        "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "ch", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "a",
        "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "ou", "ي": "i", "ى": "a",
        "ة": "a", "ء": "", "ؤ": "ou", "ئ": "i", "ڤ": "v", "پ": "p", "گ": "g", "ڭ": "g", "ـ": "",
        "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d",
    }
)  # fmt: skip
