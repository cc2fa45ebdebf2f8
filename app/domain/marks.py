"""Which marks a row carries: one lead chip and at most two flags; words, shapes and colours belong to the pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.progress import Status
from app.domain.schedule import Judgement, Schedule
from app.domain.workflow import OWED, Evidence, State


class Lead(StrEnum):
    VERIFIED = "verified"
    DECLARED = "declared"
    PROGRESS = "progress"
    PARTIAL = "partial"
    NOTSTARTED = "notstarted"
    AWAITING = "awaiting"
    SETASIDE = "setaside"


class Flag(StrEnum):
    """In order of weight: where three would hold, the first two are shown."""

    DISPUTED = "disputed"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    SILENT = "silent"


MAX_FLAGS = 2
# The one mark where only one fits. Silence is said in words, and what is set aside comes last of all.
PRECEDENCE: tuple[Lead | Flag, ...] = (
    Flag.DISPUTED,
    Flag.OVERDUE,
    Flag.BLOCKED,
    Lead.AWAITING,
    Lead.DECLARED,
    Lead.PROGRESS,
    Lead.PARTIAL,
    Lead.NOTSTARTED,
    Lead.VERIFIED,
    Lead.SETASIDE,
)
ACTION_LEADS: Mapping[State, Lead] = {
    State.DRAFT: Lead.NOTSTARTED,
    State.ASSIGNED: Lead.NOTSTARTED,
    State.ACKNOWLEDGED: Lead.NOTSTARTED,
    State.DECLINED: Lead.NOTSTARTED,
    State.IN_PROGRESS: Lead.PROGRESS,
    State.BLOCKED: Lead.PROGRESS,
    State.SUBMITTED: Lead.DECLARED,
    State.VERIFIED: Lead.VERIFIED,
    State.CANCELLED: Lead.SETASIDE,
    State.SUPERSEDED: Lead.SETASIDE,
    State.NOT_APPLICABLE: Lead.SETASIDE,
}
RECOMMENDATION_LEADS: Mapping[Status, Lead] = {
    Status.IMPLEMENTED: Lead.VERIFIED,
    Status.PARTIALLY_IMPLEMENTED: Lead.PARTIAL,
    Status.IN_PROGRESS: Lead.PROGRESS,
    Status.NOT_STARTED: Lead.NOTSTARTED,
    Status.AWAITING_RESPONSE: Lead.AWAITING,
    Status.ACCEPTED_NO_ACTION: Lead.AWAITING,
    Status.NOT_ACCEPTED: Lead.SETASIDE,
    Status.REFERRED: Lead.SETASIDE,
    Status.MERGED: Lead.SETASIDE,
    Status.NO_LONGER_APPLICABLE: Lead.SETASIDE,
    Status.CLOSED_NOT_IMPLEMENTED: Lead.SETASIDE,
}


@dataclass(frozen=True)
class Marks:
    lead: Lead
    flags: tuple[Flag, ...] = ()

    @property
    def single(self) -> Lead | Flag:
        """The mark to show where only one fits."""
        carried: set[Lead | Flag] = {self.lead, *self.flags}
        return next(mark for mark in PRECEDENCE if mark in carried)


def for_action(state: State, judgement: Judgement, evidence: Evidence, *, is_stale: bool) -> Marks:
    """The marks of one action."""
    holds = {
        Flag.DISPUTED: evidence is Evidence.DISPUTED,
        Flag.OVERDUE: judgement.schedule is Schedule.OVERDUE,
        Flag.BLOCKED: state is State.BLOCKED,
        Flag.SILENT: is_stale and state in OWED,
    }
    return Marks(ACTION_LEADS[state], _heaviest(flag for flag, held in holds.items() if held))


def for_recommendation(status: Status, flags: Iterable[Flag] = ()) -> Marks:
    """The marks of a recommendation, given every flag that holds for one of its live actions."""
    lead = RECOMMENDATION_LEADS[status]
    # What was set aside is late for nobody; only a dispute outlives the decision.
    held = [flag for flag in flags if lead is not Lead.SETASIDE or flag is Flag.DISPUTED]
    return Marks(lead, _heaviest(held))


def _heaviest(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    held = set(flags)
    return tuple(flag for flag in Flag if flag in held)[:MAX_FLAGS]
