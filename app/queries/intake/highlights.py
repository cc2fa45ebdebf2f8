"""The report's text cut into the pieces that the review page shows: sentences, marks, numbers; reads no row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.excerpts import Places
from app.intake.page import Span

PART = 40_000  # code points of a report on one page


@dataclass(frozen=True, slots=True)
class Numbered:
    """A proposal as the text shows it: its row, the number that people see, its state and its places."""

    id: int
    number: int
    state: str
    places: Places


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A run of text under one mark or none."""

    at: int
    text: str
    mark: Numbered | None
    is_first: bool  # the first piece of its mark: it carries the anchor
    ending: tuple[Numbered, ...]  # the numbers to be shown behind it
    sentence: int | None  # the sentence that ends with it and is not marked as a whole


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of whole sentences; long reports have several."""

    number: int
    start: int
    end: int


def parts(text: str, sentences: Sequence[Span]) -> list[Stretch]:
    """The whole text, cut before a sentence about every PART code points."""
    edges = [0]
    for span in sentences:
        if span.start - edges[-1] >= PART:
            edges.append(span.start)
    edges.append(len(text))
    return [Stretch(number, *pair) for number, pair in enumerate(pairwise(edges), start=1)]


def pieces(text: str, part: Stretch, sentences: Sequence[Span], rows: Sequence[Numbered]) -> list[MarkedText]:
    """The part in reading order; where marks overlap, the one that begins last is shown, and all the numbers."""
    seen: set[int] = set()
    found = []
    ends = {span.end: number for number, span in enumerate(sentences) if part.start < span.end <= part.end}
    for start, end in pairwise(_edges(part, ends, rows)):
        mark = _mark(rows, start)
        ending = tuple(row for row in rows if any(stop == end for _, stop in row.places))
        open_sentence = ends.get(end)
        if open_sentence is not None and _is_marked(rows, sentences[open_sentence]):
            open_sentence = None
        found.append(
            MarkedText(start, text[start:end], mark, mark is not None and mark.id not in seen, ending, open_sentence)
        )
        if mark:
            seen.add(mark.id)
    return found


def _edges(part: Stretch, ends: dict[int, int], rows: Sequence[Numbered]) -> list[int]:
    edges = {part.start, part.end, *ends}
    edges |= {edge for row in rows for place in row.places for edge in place if part.start < edge < part.end}
    return sorted(edges)


def _mark(rows: Sequence[Numbered], at: int) -> Numbered | None:
    found = max(_covering(rows, at), default=None, key=lambda covering: covering[:2])
    return found[2] if found else None


def _covering(rows: Sequence[Numbered], at: int) -> Iterator[tuple[int, int, Numbered]]:
    """Dropped ones only where nothing else lies."""
    for row in rows:
        for start, end in row.places:
            if start <= at < end:
                yield int(row.state != "dropped"), start, row


def _is_marked(rows: Sequence[Numbered], span: Span) -> bool:
    return any(start <= span.start and span.end <= end for row in rows for start, end in row.places)
