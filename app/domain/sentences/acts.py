"""What the story calls an act whose usual word would not be true of it, or that was repeated."""

import datetime as dt

from app.domain.messages import Counted, Message
from app.domain.verbs import Verb


def is_past(on: dt.date, due_on: dt.date | None) -> bool:
    """Whether the deadline in force lay behind that day."""
    return due_on is not None and on > due_on


def word(verb: Verb, times: int, *, is_past_deadline: bool) -> Message | None:
    """None where the usual word holds; nobody is on track after the deadline."""
    if verb is not Verb.ON_TRACK or not (is_past_deadline or times > 1):
        return None
    if not is_past_deadline:
        if times == 2:
            return Message("Reported on track twice")
        return Counted("Reported on track %(num)s time", "Reported on track %(num)s times", times)
    if times == 1:
        return Message("Reported under way, after the deadline")
    if times == 2:
        return Message("Reported under way twice, after the deadline")
    return Counted(
        "Reported under way %(num)s time, after the deadline",
        "Reported under way %(num)s times, after the deadline",
        times,
    )
