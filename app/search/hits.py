"""Where in a text the words stand that were looked for: for marks in results, and what to show of a long text."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.search.words import stem, words

_LOOKED_THROUGH = 4_000  # letters: the beginning of a text is read, not a book
_SHOWN = 160


@dataclass(frozen=True)
class Wanted:
    """The stems that were looked for; `beginning`: of the last word, as far as it is typed."""

    stems: frozenset[str] = frozenset()
    beginning: str = ""

    def is_hit(self, folded: str) -> bool:
        base = stem(folded)
        return base in self.stems or (bool(self.beginning) and base.startswith(self.beginning))


Pieces = list[tuple[str, bool]]  # of a text in order; True: it was looked for


def pieces(text: str, wanted: Wanted) -> Pieces:
    """The whole text, cut where a hit begins or ends; empty pieces are left out."""
    found: Pieces = []
    done = 0
    for start, end in _places(text, wanted):
        found += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in (*found, (text[done:], False)) if piece[0]]


def excerpt(text: str, wanted: Wanted) -> Pieces:
    """About _SHOWN letters around the first hit, cut between words."""
    places = _places(text, wanted)
    first = places[0][0] if places else 0
    start = max(0, first - _SHOWN // 3)
    if start:
        start = min(first, text.find(" ", start, first) + 1 or first)
    end = min(len(text), start + _SHOWN)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start) if " " in text[start:end] else end
    shown = pieces(text[start:end].strip(), wanted)
    return [*([("… ", False)] if start else []), *shown, *([(" …", False)] if end < len(text) else [])]


def _places(text: str, wanted: Wanted) -> Sequence[tuple[int, int]]:
    """Where hits stand, each once."""
    if not (wanted.stems or wanted.beginning):
        return []
    return sorted({(word.start, word.end) for word in words(text[:_LOOKED_THROUGH]) if wanted.is_hit(word.folded)})
