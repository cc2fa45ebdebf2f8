"""The table of situations: what is said in each, in one place for the tests and for reading it in three languages.

A file of this folder whose functions carry `@situations("…")` is in the table; nothing else has to be told of it.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from app.domain.messages import Message
from app.wording import say_text

Said = Message | Iterable[Message]
COUNTS = (0, 1, 2, 3, 11, 100)


class Situation(NamedTuple):
    """`english` is what has to be said."""

    subject: str
    name: str
    messages: tuple[Message, ...]
    english: str

    def says(self, lang: str) -> str:
        return " ".join(say_text(message, lang) for message in self.messages)


Rows = Iterable[tuple[str, Said, str]]
_TABLES: dict[str, Callable[[], Rows]] = {}


def situations(subject: str) -> Callable[[Callable[[], Rows]], Callable[[], Rows]]:
    """Enter a function that yields (situation, what is said, the same in English)."""

    def entered(rows: Callable[[], Rows]) -> Callable[[], Rows]:
        assert subject not in _TABLES, subject
        _TABLES[subject] = rows
        return rows

    return entered


def every() -> Iterator[Situation]:
    """All situations of all files, by subject."""
    for path in sorted(Path(__file__).parent.glob("of_*.py")):
        importlib.import_module(f"tests.sentences.{path.stem}")
    for subject, rows in _TABLES.items():
        for name, said, english in rows():
            yield Situation(subject, name, (said,) if isinstance(said, Message) else tuple(said), english)
