"""What a region's lists cost the database: five times the actions are no more work."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.domain.permissions import Grant, Role, Viewer
from app.domain.workflow import State
from app.models.actions import Action
from app.queries.followup import worklist
from app.queries.followup.filters import Filters
from app.queries.followup.worklist import Listed
from tests import builders as b
from tests.statements import effort

FIRST = 1_000_000  # beyond whatever number the tests before have reached
FEW, MANY, REGIONS = 4_000, 20_000, ("FM", "OR", "CS", "MS", "SM", "DT", "RSK", "BMK")
TODAY = dt.date(2026, 11, 27)
STATES = [State.IN_PROGRESS, State.BLOCKED, State.ASSIGNED, State.VERIFIED]


def _rows(made: Action, meetings: list[int], numbers: range) -> Iterator[dict[str, Any]]:
    """Every region has as many in every state; half are late."""
    usual = made.model_dump(exclude={"id"})
    for number in numbers:
        yield usual | {
            "ref": f"FM-2024-01.{number}",
            "number": number,
            "meeting_id": meetings[number % len(meetings)],
            "state": STATES[number // len(meetings) % len(STATES)],
            "due_on": TODAY + dt.timedelta(days=number * 7 % 400 - 200),
        }


def _region(session: Session, viewer: Viewer) -> list[Listed]:
    return worklist.page(session, viewer, Filters(region="OR"), "", TODAY)


def _all_states(session: Session, viewer: Viewer) -> list[Listed]:
    return worklist.page(session, viewer, Filters("all", region="OR"), "", TODAY)


def _late(session: Session, viewer: Viewer) -> list[Listed]:
    return worklist.page(session, viewer, Filters(region="OR", overdue="1"), "", TODAY)


@pytest.mark.parametrize("page", [_region, _all_states, _late])
def test_five_times_the_actions_are_no_more_work(session: Session, page: Any) -> None:
    programme = b.programme(session)
    meetings = [b.meeting(session, programme, region=region) for region in REGIONS]
    made = b.action(session, b.recommendation(session, meetings[0]), is_public=True)
    viewer = Viewer(1, frozenset({Grant(Role.SECRETARIAT, programme.id)}))
    work = []
    for numbers in (range(FIRST, FIRST + FEW), range(FIRST + FEW, FIRST + MANY)):
        session.execute(sa.insert(Action), list(_rows(made, [one.id for one in meetings], numbers)))
        session.execute(sa.text("ANALYZE"))
        assert page(session, viewer)
        work.append(effort(session, lambda: page(session, viewer)))
    assert work[1] <= 1.6 * work[0], work
