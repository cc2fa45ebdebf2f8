"""Places in a report: joining and cutting them, and the short title they propose. Offsets count code points."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.domain.texts import one_line

Place = tuple[int, int]
Places = tuple[Place, ...]
GAP = " … "  # between the pieces of a quotation that were not next to each other
MAX_TITLE = 120
_LOOSE = " \t\n\u00a0\u202f.,;:،؛…-–—•*"
_OPENING = _LOOSE + '«"“)]»'
# What ties a piece to the one before it: "et de publier" proposes "Publier", "والتعريف" proposes "التعريف".
_TIE = re.compile(
    r"(?:et|ainsi que|puis|and|as well as)\s+(?=\w)|و(?=ال(?![يد])\w{2})",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"(?:de\s+|d['’])(?=[^\W\d_]+(?:er|ir|re)\b)", re.IGNORECASE)


def joined(places: Iterable[Place]) -> Places:
    """In the order of the text; what overlaps or touches becomes one."""
    whole: list[Place] = []
    for start, end in sorted(places):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return tuple(whole)


def parted(text: str, places: Iterable[Place], cuts: Iterable[int]) -> list[Places]:
    """The places on either side of each cut, without blanks and loose commas at the ends; empty pieces vanish."""
    edges = sorted({0, len(text), *(cut for cut in cuts if 0 < cut < len(text))})
    pieces: list[Places] = []
    for low, high in pairwise(edges):
        within = [(max(start, low), min(end, high)) for start, end in places if start < high and end > low]
        piece = tuple(tight for place in within if (tight := tightened(text, place)))
        if piece:
            pieces.append(piece)
    return pieces


def tightened(text: str, place: Place) -> Place | None:
    """Without blanks and separators at the ends; None when nothing is left."""
    start, end = place
    while start < end and text[start] in " \t\n\u00a0\u202f,;،؛":
        start += 1
    while end > start and text[end - 1] in " \t\n\u00a0\u202f,;،؛":
        end -= 1
    return (start, end) if start < end else None


def quoted(text: str, places: Sequence[Place]) -> str:
    """The very words at the places."""
    return GAP.join(text[start:end] for start, end in places)


def headline(text: str) -> str:
    """A first public title: one line of at most MAX_TITLE characters, cut between words, no mark at its end."""
    line = one_line(text).lstrip(_OPENING).rstrip(_LOOSE)
    for lead in (_TIE, _INFINITIVE):
        if tied := lead.match(line):
            line = line[tied.end() :]
    if len(line) > MAX_TITLE:
        line = line[:MAX_TITLE].rsplit(" ", 1)[0].rstrip(_LOOSE) + "…"
    return line[:1].upper() + line[1:]
