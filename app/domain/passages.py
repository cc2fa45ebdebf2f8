"""Excerpts of a report round its marks: overlapping ones become one passage, cut at whole words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONTEXT = 160  # code points of the report on either side of a mark


@dataclass(frozen=True)
class Excerpt:
    """What was read of the report round one mark: `text` begins at `start`; offsets count the report's code points."""

    key: int
    start: int
    text: str
    mark: tuple[int, int]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Run:
    """A piece of a passage; `key` names the mark it is, None the words around."""

    text: str
    key: int | None = None


@dataclass(frozen=True)
class Passage:
    runs: tuple[Run, ...]
    starts_inside: bool  # words of the report stand before it
    ends_inside: bool


def join(excerpts: Iterable[Excerpt], length: int) -> list[Passage]:
    """The passages in the order of a report of `length` code points; a mark within another one keeps its own run."""
    groups: list[list[Excerpt]] = []
    for excerpt in sorted(excerpts, key=lambda one: (one.mark, one.key)):
        if groups and excerpt.start <= max(one.end for one in groups[-1]):
            groups[-1].append(excerpt)
        else:
            groups.append([excerpt])
    return [_passage(group, length) for group in groups]


def _passage(group: list[Excerpt], length: int) -> Passage:
    start, text = group[0].start, ""
    for excerpt in group:
        text += excerpt.text[start + len(text) - excerpt.start :]
    end = start + len(text)
    first, last = min(one.mark[0] for one in group), max(one.mark[1] for one in group)
    begin = _word_after(text, first - start) if start else 0
    stop = _word_before(text, last - start) if end < length else len(text)
    runs = tuple(run for run in _runs(group, text, start, begin, stop) if run.text or run.key is not None)
    return Passage(runs, starts_inside=start > 0, ends_inside=end < length)


def _runs(group: list[Excerpt], text: str, start: int, begin: int, stop: int) -> Iterator[Run]:
    at = begin
    for excerpt in group:
        first, last = max(excerpt.mark[0] - start, at), max(excerpt.mark[1] - start, at)
        yield Run(text[at:first])
        yield Run(text[first:last], excerpt.key)
        at = last
    yield Run(text[at : max(stop, at)])


def _word_after(text: str, limit: int) -> int:
    """Where the first whole word begins, at most at `limit`."""
    space = next((place for place in range(min(limit, len(text))) if text[place].isspace()), None)
    return 0 if space is None else space + 1


def _word_before(text: str, limit: int) -> int:
    """Where the last whole word ends, at least at `limit`."""
    space = next((place for place in range(len(text) - 1, limit - 1, -1) if text[place].isspace()), None)
    return len(text) if space is None else space
