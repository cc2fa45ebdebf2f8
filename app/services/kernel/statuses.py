"""What follows for a recommendation from its decisions and its actions: one place for what is derived and kept."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from app import clock
from app.config import settings
from app.domain import progress
from app.domain.progress import GROUPS, Closure, Group, Response, Status
from app.domain.workflow import LIVE, OWED, Evidence, State
from app.models.actions import Action
from app.models.base import table_of


class StatusFacts(NamedTuple):
    """All of an action that its recommendation's status rests on."""

    state: State
    is_public: bool
    baseline_on: dt.date | None
    due_on: dt.date | None
    verified_at: dt.datetime | None
    evidence: Evidence


class Derived(NamedTuple):
    """Columns of a recommendation that nobody types."""

    status: Status
    public_status: Status
    is_disputed: bool
    planned_on: dt.date | None
    implemented_on: dt.date | None
    owed_on: dt.date | None


FACTS = tuple(table_of(Action).c[name] for name in StatusFacts._fields)


def facts(action: Action) -> StatusFacts:
    return StatusFacts(*(getattr(action, name) for name in StatusFacts._fields))


def derive(response: Response, closure: Closure | None, actions: Sequence[StatusFacts]) -> Derived:
    """What is public is computed from public actions alone."""
    public = [row for row in actions if row.is_public]
    live = [row for row in public if row.state in LIVE]
    public_status = progress.status(response, closure, [row.state for row in public])
    verified = [row.verified_at for row in live if row.verified_at] if public_status == Status.IMPLEMENTED else []
    is_under_way = public_status in GROUPS[Group.UNDER_WAY]
    owed = [row.due_on for row in live if row.due_on and row.state in OWED] if is_under_way else []
    return Derived(
        status=progress.status(response, closure, [row.state for row in actions]),
        public_status=public_status,
        is_disputed=any(row.evidence == Evidence.DISPUTED for row in live),
        planned_on=max((row.baseline_on for row in live if row.baseline_on), default=None),
        implemented_on=clock.day(max(verified), settings().zone) if verified else None,
        owed_on=min(owed, default=None),
    )
