"""What is said of the parts of supporting posts: each by itself, and together beside an action that may be on time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import schedule
from app.domain.messages import N_, Counted, Message
from app.domain.workflow import PartState


@dataclass(frozen=True, slots=True)
class PartSituation:
    """The facts of one part; dates are those of the place."""

    state: PartState
    due_on: dt.date | None = None
    asked_on: dt.date | None = None
    last_word_on: dt.date | None = None

    def days_late(self, today: dt.date) -> int:
        is_owed = self.state is not PartState.DONE and self.due_on is not None
        return max(0, (today - self.due_on).days) if is_owed and self.due_on else 0

    def is_silent(self, today: dt.date) -> bool:
        return self.state is not PartState.DONE and schedule.is_stale(self.last_word_on, self.asked_on, today)


SUBJECTS = {  # of the mails to a supporting post
    "part_asked": N_("Your support is asked: %(title)s"),
    "part_moved": N_("Your part has another date: %(title)s"),
    "part_ended": N_("Your support has ended: %(title)s"),
}
_STATES = {
    PartState.ASKED: N_("Its part is not confirmed yet"),
    PartState.ACKNOWLEDGED: N_("It has confirmed its part"),
    PartState.UNDER_WAY: N_("Its part is under way"),
    PartState.DONE: N_("It has declared its part done"),
}


def of_one(part: PartSituation, today: dt.date) -> Message:
    """Late before silent, and both before how far it is by its own word."""
    if late := part.days_late(today):
        return Counted("Its part is %(num)s day late", "Its part is %(num)s days late", late)
    if part.is_silent(today):
        days = schedule.silence_days(part.last_word_on, part.asked_on, today) or 0
        return Counted("No word of its part for %(num)s day", "No word of its part for %(num)s days", days)
    return Message(_STATES[part.state])


def afterwards(part: PartSituation) -> Message:
    """Once the action was verified: what its lead declared done hides no part that nobody did."""
    return Message(_STATES[part.state] if part.state is PartState.DONE else N_("Its part was not declared done"))


def together(parts: Sequence[PartSituation], today: dt.date) -> list[Message]:
    """Nothing where every part is on time and heard from; never more than one sentence."""
    late = sum(bool(part.days_late(today)) for part in parts)
    if late:
        return [_late(late, len(parts))]
    silent = sum(part.is_silent(today) for part in parts)
    if not silent:
        return []
    return [
        Counted(
            "%(num)s supporting institution has given no word for thirty days.",
            "%(num)s supporting institutions have given no word for thirty days.",
            silent,
        )
    ]


def _late(late: int, total: int) -> Message:
    if late < total:
        whole = Counted("of %(num)s supporting institution", "of %(num)s supporting institutions", total)
        return Counted("%(late)s %(of_all)s is late.", "%(late)s %(of_all)s are late.", late, late=late, of_all=whole)
    if total == 2:
        return Message("Both supporting institutions are late.")
    return Counted("The only supporting institution is late.", "All %(num)s supporting institutions are late.", total)
