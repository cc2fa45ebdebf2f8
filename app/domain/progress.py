"""The status of a recommendation, computed from decisions and the states of its actions, and rates over many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.workflow import LIVE, NOT_STARTED, State


class Response(StrEnum):
    """What was answered to a recommendation: decided by people."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    NOT_ACCEPTED = "not_accepted"
    REFERRED = "referred"
    MERGED = "merged"


class Closure(StrEnum):
    """How the secretariat may end a recommendation that had been accepted."""

    NO_LONGER_APPLICABLE = "no_longer_applicable"
    CLOSED_NOT_IMPLEMENTED = "closed_not_implemented"


class Status(StrEnum):
    NOT_ACCEPTED = "not_accepted"
    REFERRED = "referred"
    MERGED = "merged"
    NO_LONGER_APPLICABLE = "no_longer_applicable"
    CLOSED_NOT_IMPLEMENTED = "closed_not_implemented"
    AWAITING_RESPONSE = "awaiting_response"
    ACCEPTED_NO_ACTION = "accepted_no_action"
    IMPLEMENTED = "implemented"
    PARTIALLY_IMPLEMENTED = "partially_implemented"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"


class Group(StrEnum):
    """The parts of a progress bar; `beside` is listed next to it and not drawn."""

    IMPLEMENTED = "implemented"
    UNDER_WAY = "under_way"
    NOT_BEGUN = "not_begun"
    SET_ASIDE = "set_aside"
    BESIDE = "beside"


GROUPS: Mapping[Group, tuple[Status, ...]] = {
    Group.IMPLEMENTED: (Status.IMPLEMENTED,),
    Group.UNDER_WAY: (Status.PARTIALLY_IMPLEMENTED, Status.IN_PROGRESS),
    Group.NOT_BEGUN: (Status.NOT_STARTED, Status.ACCEPTED_NO_ACTION, Status.AWAITING_RESPONSE),
    Group.SET_ASIDE: (Status.NOT_ACCEPTED, Status.CLOSED_NOT_IMPLEMENTED),
    Group.BESIDE: (Status.REFERRED, Status.MERGED, Status.NO_LONGER_APPLICABLE),
}
# Decided against, or passed on: nothing is planned below such a one.
ENDED = frozenset((*GROUPS[Group.SET_ASIDE], *GROUPS[Group.BESIDE]))
_GROUP_OF = {status: group for group, statuses in GROUPS.items() for status in statuses}
_ENDING_RESPONSES = {
    Response.NOT_ACCEPTED: Status.NOT_ACCEPTED,
    Response.REFERRED: Status.REFERRED,
    Response.MERGED: Status.MERGED,
}
_CLOSURES = {
    Closure.NO_LONGER_APPLICABLE: Status.NO_LONGER_APPLICABLE,
    Closure.CLOSED_NOT_IMPLEMENTED: Status.CLOSED_NOT_IMPLEMENTED,
}
# These were never, or are no longer, anybody's to implement. What was closed without being implemented still counts.
OUT_OF_RATE = frozenset({Status.REFERRED, Status.MERGED, Status.NO_LONGER_APPLICABLE, Status.NOT_ACCEPTED})


@dataclass(frozen=True)
class Rate:
    """`partial` stands beside the share, never added to it; `share` is None when there is nothing to implement."""

    implemented: int
    denominator: int
    share: float | None
    partial: int


def status(response: Response, closure: Closure | None, states: Iterable[State]) -> Status:
    """The first that holds: what was decided, then what the live actions say."""
    if response in _ENDING_RESPONSES:
        return _ENDING_RESPONSES[response]
    if closure is not None:
        return _CLOSURES[closure]
    live = {state for state in states if state in LIVE}
    if not live:
        return Status.AWAITING_RESPONSE if response is Response.PENDING else Status.ACCEPTED_NO_ACTION
    if State.VERIFIED in live:
        return Status.IMPLEMENTED if live == {State.VERIFIED} else Status.PARTIALLY_IMPLEMENTED
    return Status.NOT_STARTED if live <= NOT_STARTED else Status.IN_PROGRESS


def group(status: Status) -> Group:
    """Which part of the bar a status belongs to."""
    return _GROUP_OF[status]


def rate(counts: Mapping[Status, int], disputed: int = 0) -> Rate:
    """The implementation rate; `disputed` is how many of the implemented ones the proposer disputes."""
    implemented = max(0, counts.get(Status.IMPLEMENTED, 0) - disputed)
    denominator = sum(count for status, count in counts.items() if status not in OUT_OF_RATE)
    share = implemented / denominator if denominator else None
    return Rate(implemented, denominator, share, counts.get(Status.PARTIALLY_IMPLEMENTED, 0))
