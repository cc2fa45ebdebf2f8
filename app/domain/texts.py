"""Texts as people typed them, in several languages: made safe to show, and which of them a reader gets."""

import re
import unicodedata
from collections.abc import Mapping

from app.domain.errors import Refused
from app.domain.messages import N_

LANGS = ("ar", "fr", "en")
Titles = dict[str, str]

# U+202A-202E and U+2066-2069 reorder what follows them: in one line of text they can only deceive.
_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SPACES = re.compile(r"\s+")
_NARROW = "\u202f"  # before French double signs: a line must not break there


def pick(titles: Mapping[str, str], lang: str) -> tuple[str, str]:
    """The title for a reader of `lang`, and the language it is really in."""
    if text := titles.get(lang):
        return text, lang
    for candidate in LANGS:
        if text := titles.get(candidate):
            return text, candidate
    return "", lang


def language_of(lang: str) -> str:
    """One of ours: the first where somebody has none, or one that we don't speak."""
    return lang if lang in LANGS else LANGS[0]


def one_line(text: str) -> str:
    """A typed line made safe to show: NFC, no direction overrides, no control characters, single spaces."""
    plain = unicodedata.normalize("NFC", text.translate(_OVERRIDES))
    shown = "".join(c if c.isprintable() or c.isspace() or c in "\u200c\u200d" else "" for c in plain)
    return _SPACES.sub(lambda space: _NARROW if space[0] == _NARROW else " ", shown).strip()


def many_lines(text: str) -> str:
    """A typed paragraph: NFC, unix line ends, no other control characters."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in plain if c in "\n\t" or not unicodedata.category(c).startswith("Cc")).strip()


def clean(titles: Mapping[str, str]) -> Titles:
    """Only the languages we know and that say something, each as one line."""
    lines = {lang: one_line(titles.get(lang, "")) for lang in LANGS}
    return {lang: text for lang, text in lines.items() if text}


def paragraphs(words: Mapping[str, str]) -> Titles:
    """The same of words that may have several lines."""
    said = {lang: many_lines(words.get(lang, "")) for lang in LANGS}
    return {lang: text for lang, text in said.items() if text}


def named(titles: Mapping[str, str]) -> Titles:
    """Clean titles; raises Refused when there is none in any language."""
    lines = clean(titles)
    if not lines:
        raise Refused(N_("Write a title in at least one language"), "titles.ar")
    return lines
