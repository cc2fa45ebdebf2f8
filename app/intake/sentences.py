"""Where sentences are, where a marked piece may begin and end, and where it may be cut; no rule on meaning."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.intake.lines import Block, blocks
from app.intake.page import Page, Span, page

_END = re.compile(
    r"[.!?؟…]{1,9}(?:\s?»|[\"”’')\]]){0,3}(?=\s|$)|(?<=[a-zà-ÿ]{2})[.!?](?=[«\"]?[A-ZÀ-Ý]\s?\w)|[;؛](?=[ \t]*\n)"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s('’.])(?:[^\W\d_]|mme?|mlle|mr|mrs|ms|dr|pr|st|art|al|no|nos|vs|cf|ex|p\.ex|env|av|bd|p|pp|vol|e\.g|i\.e|approx|inc|ltd|co|cie"
    r"|د|أ|ص|ج|م)\.$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s+(?=(?:et|and|ainsi\s+que|puis|then|as\s+well\s+as|بالإضافة|بالاضافة|فضلا|علاوة|مع|كما|إلى\s+جانب)\b|و\w{3})|(?<=[,،;؛])\s*"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in offsets of the page, and what its place on the page says about it."""

    start: int
    end: int
    is_item: bool
    is_heading: bool
    depth: int
    opens_block: bool


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of any text, in reading order, without the marks of lists."""
    sheet = page(text)
    return tuple(sheet.original(s.start, s.end) for s in on_page(sheet))


def on_page(sheet: Page) -> Iterator[Sentence]:
    """The same in offsets of the page, with their places."""
    for block in blocks(sheet):
        first = True
        for start, end in _cut_block(sheet.cased, block):
            yield Sentence(start, end, block.is_item and first, block.is_heading, block.depth, first)
            first = False


def _cut_block(text: str, block: Block) -> Iterator[tuple[int, int]]:
    start = block.start
    for match in _END.finditer(text, block.start, block.end):
        if _is_abbreviation(text, match) or match.start() < start:
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, block.end)


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    if match[0] != ".":
        return False
    follows = text[match.end() : match.end() + 3].lstrip()
    return follows[:1].islower() or bool(_ABBREVIATION.search(text[max(0, match.end() - 9) : match.end()]))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def snap_to_words(text: str, start: int, end: int) -> Span:
    """The nearest whole words: blanks at the ends go, halves of words are completed; an empty choice stays empty."""
    start, end = sorted((max(0, min(start, len(text))), max(0, min(end, len(text)))))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return Span(start, end)
    while start > 0 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
        end += 1
    return Span(start, end)


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in "_\u0640\u200c\u200d"


def clauses(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The pieces a marked piece can be split into, each beginning where the one before ends."""
    start, end = max(0, start), min(end, len(text))
    cuts = [match.end() for match in _CUT.finditer(text, start, end) if start < match.end() < end]
    edges = [start, *cuts, end]
    return tuple(Span(a, b) for a, b in pairwise(edges) if text[a:b].strip())
