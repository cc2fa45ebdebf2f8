"""The shapes of a weekly digest and their sections, in the order of a mail; windows and weeks are `digests`' own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

ROWS = 10  # of a section; the rest is counted
_ALL = 40  # rows of a mail: who has several shapes reads fewer of each section
_FEWEST = 3


class Shape(StrEnum):
    """In the order of a mail: what I owe first, then my organisation, then the desk, then the whole."""

    OWNER = "owner"
    MANAGER = "manager"
    SECRETARIAT = "secretariat"
    OBSERVER = "observer"


SECTIONS: Mapping[Shape, tuple[str, ...]] = {
    Shape.OWNER: ("overdue", "due", "waiting", "changed"),
    Shape.MANAGER: ("body_requests", "body_blocked", "body_overdue", "body_due", "vacant", "body_changed"),
    Shape.SECRETARIAT: ("verification", "requests", "silence", "failures"),
    Shape.OBSERVER: ("stuck", "long_overdue", "moved"),
}
NEWS = frozenset({"changed", "body_changed", "moved"})  # of which nothing is asked


def rows(sections: int) -> int:
    """How many rows each of so many sections has."""
    return max(_FEWEST, min(ROWS, _ALL // max(1, sections)))


def urgent(counts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """What the subject and the first sentence count: all that is asked, and what only happened where nothing is."""
    some = tuple((what, count) for what, count in counts if count)
    asked = tuple(one for one in some if one[0] not in NEWS)
    return asked or some
