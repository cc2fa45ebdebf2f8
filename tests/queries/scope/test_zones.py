"""The day on which something happened is the installation's day, wherever Greenwich is: Morocco alone hides it."""

import datetime as dt

import pytest
from sqlmodel import Session

from app.domain.ladder import Kind
from app.domain.workflow import State
from app.models.actions import Milestone
from app.queries.mailing import directory, ladder_candidates
from tests import builders
from tests.builders import instant
from tests.fixtures.settings import Configure

AUCKLAND = ("Pacific/Auckland", "2026-11-23T20:00", dt.date(2026, 11, 24))  # the morning after
NEW_YORK = ("America/New_York", "2026-11-24T02:00", dt.date(2026, 11, 23))  # still the evening before
pytestmark = pytest.mark.parametrize(("zone", "at", "day"), [AUCKLAND, NEW_YORK])


def test_the_ladder_counts_from_the_local_day(
    session: Session, configure: Configure, zone: str, at: str, day: dt.date
) -> None:
    configure(timezone=zone)
    then = instant(at)
    action = builders.action(
        session, state=State.BLOCKED, due_on=day, assigned_at=then, blocked_at=then, submitted_at=then
    )

    told, [planned] = (
        ladder_candidates.held(action),
        ladder_candidates.candidates(session, directory.load(session), day),
    )

    for subject in (told, planned.subject):
        assert (subject.assigned_on, subject.blocked_on, subject.submitted_on) == (day, day, day)
    assert planned.subject.vacant_on == day


def test_a_milestone_counts_from_it_too(
    session: Session, configure: Configure, zone: str, at: str, day: dt.date
) -> None:
    configure(timezone=zone)
    action = builders.action(session, due_on=day, assigned_at=instant(at))
    session.add(Milestone(action_id=action.id, titles={"fr": "Marché passé"}, due_on=day))

    found = ladder_candidates.candidates(session, directory.load(session), day)

    assert {one.kind: one.subject.assigned_on for one in found} == {Kind.ACTION: day, Kind.MILESTONE: day}
