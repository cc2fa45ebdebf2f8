"""The shapes of a weekly digest and their sections, in the order of a mail; windows and weeks are `digests`' own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

ROWS = 10  # of a section; the rest is counted
_FULL = 4  # sections of one shape that has them all
_ALL, _FEWEST = 30, 2  # rows of a mail of more sections than that, which has fewer of each


class DigestShape(StrEnum):
    """In the order of a mail: what I owe first, then my organisation, then the desk, then the whole."""

    OWNER = "owner"
    MANAGER = "manager"
    SECRETARIAT = "secretariat"
    OBSERVER = "observer"


SECTIONS: Mapping[DigestShape, tuple[str, ...]] = {
    DigestShape.OWNER: ("overdue", "due", "waiting", "changed"),
    DigestShape.MANAGER: ("body_requests", "body_blocked", "body_overdue", "body_due", "vacant", "body_changed"),
    DigestShape.SECRETARIAT: ("verification", "requests", "silence", "failures"),
    DigestShape.OBSERVER: ("stuck", "long_overdue", "moved"),
}
NEWS = frozenset({"changed", "body_changed", "moved"})  # of which nothing is asked


def rows(sections: int) -> int:
    """How many rows each of so many sections has."""
    return ROWS if sections <= _FULL else max(_FEWEST, min(ROWS, _ALL // sections))


def urgent(counts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """What the subject and the first sentence count: all that is asked, and what only happened where nothing is."""
    some = tuple((what, count) for what, count in counts if count)
    asked = tuple(one for one in some if one[0] not in NEWS)
    return asked or some
