"""Which lines belong together, where sentences are in them, and where a piece may begin, end and be cut; no meaning."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.intake.page import Page, Span, page

# Dashes and bullets; 1. 1) 1- 1.2 2°/ 3o/- (typewriters); a) i. أ-
_MARK = re.compile(
    r"\s*(?:[-–—•*▪◦‣●·○➢✓❖+]{1,2}\s+|[-–•▪●➢](?=[^\W\d])"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}[.)]?\s+"
    r"|(?:\d{1,2}|l)\s?(?:[o°º]\s?[-–]?\s?/?|-?/)(?!\d)\s?[-–—]{0,2}(?=\W|[A-ZÀ-Ý])"
    r"|-?\(?\d{1,3}\s?(?:[.)](?!\d)|-(?!\d))\s?[-–]?"
    r"|\(?[a-zA-Z]\)\s?[-–]?|\(?[ivxIVX]{1,5}[.)]|[ا-ي]\s?[-)]\s)\s*"
)
_HEADING = re.compile(r"\s*(?:#{1,6}(?!\w)|\*\*)\s*")
# Line ends, and the places where a lost line end glued an item to the sentence before it.
_BREAK = re.compile(
    r"\n|(?<=[.;»])[ \t]?(?=\d{1,2}\s?(?:[o°º]\s?-?/|-?/-?)[^\w\n]{0,3}[A-Z])|(?<=[.;»:])(?=-\s?[A-Z][a-zé])"
)
_ENDED = re.compile(r"[.;:!?؟؛…][»\"”')\s]{0,9}$")
_WIDEST, _NARROWEST = 110, 40
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
class Block:
    """A paragraph, heading or list item without its mark, in offsets of the page."""

    start: int
    end: int
    is_item: bool
    is_heading: bool
    depth: int


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
    for block in _blocks(sheet):
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


def _blocks(page: Page) -> Iterator[Block]:
    """The blocks of a page in reading order; hard-wrapped lines are one block."""
    lines = list(_lines(page.cased))
    width = _wrapping(lines)
    open_block: Block | None = None
    last = (0, 0)
    for start, end in lines:
        line = page.cased[start:end]
        if not line.strip():
            if open_block:
                yield open_block
            open_block = None
        elif open_block and _goes_on(page.cased[last[0] : last[1]], line, width) and not open_block.is_heading:
            open_block = Block(open_block.start, end, open_block.is_item, False, open_block.depth)
        else:
            if open_block:
                yield open_block
            open_block = _opened(line, start, end)
        last = (start, end)
    if open_block:
        yield open_block


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _wrapping(lines: list[tuple[int, int]]) -> int:
    """The width at which the page was broken by hand, 0 when its lines are paragraphs."""
    lengths = sorted(end - start for start, end in lines if end > start)
    if not lengths:
        return 0
    width = lengths[(len(lengths) * 9) // 10]
    return width if width >= _NARROWEST and lengths[-1] <= _WIDEST else 0


def _goes_on(before: str, line: str, width: int) -> bool:
    """Whether `line` continues `before`: it starts small, or its first word would not have fitted above."""
    if _ENDED.search(before[-20:]) or _MARK.match(line) or _HEADING.match(line):
        return False
    first = line.split(maxsplit=1)[0]
    if first[0].islower():
        return True
    return width > 0 and len(before.rstrip()) + 1 + len(first) > 0.85 * width


def _opened(line: str, start: int, end: int) -> Block:
    heading = _HEADING.match(line)
    if heading:
        return Block(start + heading.end(), end, False, True, 0)
    mark = _MARK.match(line)
    depth = len(line) - len(line.lstrip())
    if mark and mark.end() < len(line):
        return Block(start + mark.end(), end, True, False, depth)
    return Block(start + depth, end, False, False, depth)
