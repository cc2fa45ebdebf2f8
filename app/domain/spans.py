"""How far a day lies from another, in words."""

from app.domain.messages import N_, Counted, Message

_NEAR = {0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}


def away(days: int) -> Message:
    """Of so many days ahead, or behind where it is negative: in 12 days · today · 3 days ago."""
    if days in _NEAR:
        return Message(_NEAR[days])
    if days > 0:
        return Counted("in %(num)s day", "in %(num)s days", days)
    return Counted("%(num)s day ago", "%(num)s days ago", -days)
