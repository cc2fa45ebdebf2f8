"""How a number of things is said: alone, behind a count that has named the same noun, and over its list."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.messages import Counted

Count = Callable[[int], Counted]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`after`: where the count before it has named the same noun; `heading`: over its rows."""

    whole: Count
    after: Count | None = None
    heading: Count | None = None
