"""What a mail about several things counts and orders: their kinds, and the mornings that a ladder announces."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from app.domain.ladder import LADDER, Anchor, Audience, Step
from app.domain.mail_sentences import ORDER, pressing
from app.domain.workflow import State
from app.mail import letters, subject_lines

_UNLESS_CONFIRMED = {rung.key.rpartition("_")[0] for rung in LADDER if rung.anchor is Anchor.ASSIGNED}


def kinds(letter: letters.Several) -> list[str]:
    """A milestone is due or late by itself: what holds its action up is told of the action."""
    return [_kind(item, letter.today) for item in letter.lines]


def _kind(item: letters.Item, today: date) -> str:
    if item.at_intervals:
        return item.at_intervals
    return pressing(State.IN_PROGRESS if item.milestone_of else item.state, item.days_late(today))


def by_kind(letter: letters.Several, kinds: Sequence[str]) -> subject_lines.Counts:
    """How many of each kind; milestones are counted as what they are."""
    of = (f"milestone_{kind}" if item.milestone_of else kind for item, kind in zip(letter.lines, kinds, strict=True))
    return tuple(Counter(sorted(of, key=ORDER.index)).items())


def mornings(ladder: Sequence[Step]) -> list[tuple[date, list[Audience], bool, bool]]:
    """The announced steps by day: who hears, whether it goes on every week, and whether only silence brings it."""
    days: dict[tuple[date, bool], list[Step]] = {}
    for step in sorted(ladder, key=lambda step: step.on):
        days.setdefault((step.on, step.rung.rpartition("_")[0] in _UNLESS_CONFIRMED), []).append(step)
    return [
        (on, list(dict.fromkeys(step.audience for step in steps)), any(step.weekly for step in steps), unless_confirmed)
        for (on, unless_confirmed), steps in days.items()
    ]
