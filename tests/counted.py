"""`python -m tests.counted`: every sentence that counts, in three languages, for reading line by line.

The same sentences are checked by tests/i18n/test_counted.py; eyes see what rules do not.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.domain.messages import C_
from app.i18n import LANGS, ngettext
from app.i18n.catalogues import read

NUMBERS = (0, 1, 2, 3, 11, 100, 101, 102)
_SAMPLES = {"title": "X", "reason": "X", "days": "X"}
_PLACE = re.compile(r"%\((\w+)\)s")


class Sentence(NamedTuple):
    """What it is said of, or nothing; its message ids."""

    context: str
    one: str
    many: str

    def form(self, lang: str, number: int) -> str:
        one = C_(self.context, self.one) if self.context else self.one
        return ngettext(lang, one, self.many, number)

    def said(self, lang: str, number: int) -> str:
        """With its number, and a sample in every other place."""
        return self.form(lang, number) % {"num": number, **{name: _sample(name) for name in self.places() - {"num"}}}

    def places(self) -> set[str]:
        return set(_PLACE.findall(self.one + self.many))


def _sample(name: str) -> str:
    return _SAMPLES.get(name, f"‹{name}›")


def sentences() -> list[Sentence]:
    """Of the catalogue, which tests hold to be what the code can say."""
    return [
        Sentence(entry.context or "", *entry.id) for entry in read("ar") if entry.id and not isinstance(entry.id, str)
    ]


def lines(found: Iterable[Sentence]) -> Iterator[str]:
    for sentence in found:
        yield f"{sentence.many}{f'  [{sentence.context}]' if sentence.context else ''}"
        for lang in LANGS:
            yield from (f"  {lang} {number:>3}  {sentence.said(lang, number)}" for number in NUMBERS)
        yield ""


if __name__ == "__main__":
    print("\n".join(lines(sentences())))
