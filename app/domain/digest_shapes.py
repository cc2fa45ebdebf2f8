"""The shapes of a weekly digest and their sections, in the order of a mail; windows and weeks are `digests`' own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

ROWS = 10  # of a section; the rest is counted
_EACH = 2  # of a section, before any has more


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


def shown(weights: Sequence[tuple[str, Sequence[int]]], room: int) -> tuple[int, ...]:
    """How many rows of each section fit; `weights`: by section what each of its rows weighs.

    Two of each first, then row by row what is asked, then what is only news; the first that does not fit ends its own.
    """
    if sum(sum(rows[:ROWS]) for _, rows in weights) <= room:
        return tuple(min(len(rows), ROWS) for _, rows in weights)
    counts = [0] * len(weights)
    for least, is_open in ((_EACH, lambda _: True), (ROWS, _is_asked), (ROWS, lambda _: True)):
        for number in range(least):
            for place, (name, rows) in enumerate(weights):
                is_next = counts[place] == number < len(rows) and is_open(name)
                if is_next and rows[number] <= room:
                    counts[place], room = number + 1, room - rows[number]
    return tuple(counts)


def _is_asked(name: str) -> bool:
    return name not in NEWS


def urgent(counts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """What the subject and the first sentence count: all that is asked, and what only happened where nothing is."""
    some = tuple((what, count) for what, count in counts if count)
    asked = tuple(one for one in some if _is_asked(one[0]))
    return asked or some
