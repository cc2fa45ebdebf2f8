"""Milestones: planned by whoever owes the action or plans it, reached once, each act in the record."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotAllowed, Refused
from app.models.actions import Action, Milestone
from app.models.audit import AuditEvent
from app.services.followup import milestones
from tests import scenes
from tests.fixtures.settings import Configure
from tests.scenes import Scene

EVENING = dt.datetime(2026, 11, 23, 20, tzinfo=dt.UTC)


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


@pytest.fixture
def action(made: Scene) -> Action:
    found = scenes.action(made)
    scenes.support(made, found)
    return found


def planned(made: Scene, action: Action, name: str = "amina") -> Milestone:
    due_on = dt.date(2026, 12, 1)
    return milestones.add(made.session, made.actor(name), action, titles={"fr": " Marché passé "}, due_on=due_on)


def events(made: Scene, action: Action) -> list[tuple[str, int | None, dict[str, object]]]:
    query = sa.select(col(AuditEvent.verb), col(AuditEvent.actor_id), col(AuditEvent.data)).where(
        col(AuditEvent.subject_kind) == "action",
        col(AuditEvent.subject_id) == action.id,
        col(AuditEvent.verb).endswith("_milestone"),
    )
    return [tuple(row) for row in made.session.execute(query.order_by(col(AuditEvent.id)))]


@pytest.mark.parametrize("name", ["amina", "karim", "salma"])
def test_who_owes_and_who_plans_set_and_reach_them_and_the_record_says_who(
    made: Scene, action: Action, name: str
) -> None:
    stone = planned(made, action, name)
    milestones.reach(made.session, made.actor(name), action, stone)

    assert stone.titles == {"fr": "Marché passé"}
    assert events(made, action) == [
        ("add_milestone", made.people[name], {"milestone_id": stone.id, "due_on": "2026-12-01"}),
        ("reach_milestone", made.people[name], {"milestone_id": stone.id}),
    ]


@pytest.mark.parametrize("name", ["leila", "youssef", "nadia", "omar"])
def test_nobody_else_touches_them(made: Scene, action: Action, name: str) -> None:
    stone = planned(made, action)

    with pytest.raises(NotAllowed):
        planned(made, action, name)
    with pytest.raises(NotAllowed):
        milestones.reach(made.session, made.actor(name), action, stone)
    assert stone.done_on is None


def test_a_second_tick_changes_and_records_nothing(made: Scene, action: Action) -> None:
    stone = planned(made, action)
    with clock.at(EVENING):
        milestones.reach(made.session, made.actor("karim"), action, stone)
    version = stone.version
    with clock.at(EVENING + dt.timedelta(days=3)):
        milestones.reach(made.session, made.actor("amina"), action, stone)

    assert (stone.done_on, stone.version) == (EVENING.date(), version)
    assert [verb for verb, *_ in events(made, action)] == ["add_milestone", "reach_milestone"]


def test_it_is_reached_on_the_local_day(made: Scene, action: Action, configure: Configure) -> None:
    configure(timezone="Pacific/Auckland")
    stone = planned(made, action)
    with clock.at(EVENING):
        milestones.reach(made.session, made.actor("karim"), action, stone)

    assert stone.done_on == dt.date(2026, 11, 24)


def test_it_has_a_name(made: Scene, action: Action) -> None:
    with pytest.raises(Refused):
        milestones.add(made.session, made.actor("karim"), action, titles={"fr": "  "})
