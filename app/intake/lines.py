"""Which lines of a page belong together: items, headings, paragraphs, also those broken by hand; no sentences yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.intake.page import Page

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


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item without its mark, in offsets of the page."""

    start: int
    end: int
    is_item: bool
    is_heading: bool
    depth: int


def blocks(page: Page) -> Iterator[Block]:
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
