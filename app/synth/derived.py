"""What follows from a recommendation's actions, known already while they are made: no row is read again for it."""

import datetime as dt
from typing import NamedTuple

from app import clock
from app.config import settings
from app.domain import progress
from app.domain.progress import Response, Status
from app.domain.workflow import LIVE, State
from app.synth.sheets import Row


class Fact(NamedTuple):
    """An action as far as it counts for its recommendation."""

    is_public: bool
    left: Row  # what its acts left in its columns


def of(response: Response, facts: list[Fact]) -> Row:
    """The columns that `services.rollups` would derive; a test compares."""
    public = [fact.left for fact in facts if fact.is_public]
    live = [left for left in public if left["state"] in LIVE]
    public_status = progress.status(response, None, [_state(left) for left in public])
    is_done = public_status == Status.IMPLEMENTED
    verified = [at for left in live if is_done and isinstance(at := left["verified_at"], dt.datetime)]
    return {
        "status": progress.status(response, None, [_state(fact.left) for fact in facts]),
        "public_status": public_status,
        "planned_on": max((on for left in live if isinstance(on := left["baseline_on"], dt.date)), default=None),
        "implemented_on": clock.day(max(verified), settings().zone) if verified else None,
    }


def _state(left: Row) -> State:
    return State(str(left["state"]))
