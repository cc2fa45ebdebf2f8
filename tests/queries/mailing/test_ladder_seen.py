"""What a pass remembers of a subject is all that it is made of: whatever changes there, it is looked at again.

And looking at what is remembered reads what is open, however much is closed.
"""

import datetime as dt
from collections.abc import Callable, Mapping

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.ladder import Kind
from app.domain.periods import Rhythm
from app.domain.workflow import PartState, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.base import Table
from app.models.extensions import ExtensionRequest
from app.models.meetings import Programme
from app.queries.mailing import ladder_rows, reminders
from app.services.followup import extensions
from tests import builders, passes, scenes
from tests.builders import instant
from tests.scenes import Scene
from tests.statements import steps

MORNING = instant("2026-11-23T09:00")
SOON = dt.date(2026, 12, 20)
ACTION: dict[str, Callable[[Scene], object]] = {
    "programme_id": lambda made: made.other.id,
    "owner_post_id": lambda made: made.posts["salma"],
    "lead_organisation_id": lambda made: made.organisations["agency"],
    "state": lambda _: State.BLOCKED,
    "due_on": lambda _: SOON,
    "deadline_version": lambda _: 7,
    "assigned_at": lambda _: MORNING,
    "blocked_at": lambda _: MORNING,
    "submitted_at": lambda _: MORNING,
    "submitted_by_id": lambda made: made.people["omar"],
    "is_priority": lambda _: True,
    "deadline_set_at": lambda _: MORNING,
}
PART = {"organisation_id": "agency", "due_on": SOON, "asked_at": MORNING, "deadline_set_at": MORNING, "extensions": 3}
WORD: tuple[tuple[type[Table], dict[str, object]], ...] = (
    (Programme, {"word_every": Rhythm.QUARTER, "word_since": SOON}),
    (Action, {"last_word_at": MORNING}),
)


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def seen(session: Session, kind: Kind) -> str:
    session.flush()
    session.expire_all()
    [row] = ladder_rows.rows(session, {kind: sa.true()}, seen=ladder_rows.SEEN)
    return row.seen


def change(session: Session, model: type[Table], values: Mapping[str, object]) -> None:
    session.execute(sa.update(model).values(**values))


@pytest.mark.parametrize("name", [column.key for column in ladder_rows.COLUMNS[1:]])
def test_an_action_is_another_when_any_of_its_columns_is(made: Scene, name: str) -> None:
    action = scenes.action(made)
    before = seen(made.session, Kind.ACTION)
    change(made.session, Action, {name: ACTION[name](made)})

    assert seen(made.session, Kind.ACTION) != before
    assert action.id


def test_an_action_is_another_when_more_time_is_asked_for_it(made: Scene) -> None:
    action = scenes.action(made)
    before = seen(made.session, Kind.ACTION)
    extensions.ask(made.session, made.actor("karim"), action, due_on=scenes.in_days(60), reason="Le visa")
    asked = seen(made.session, Kind.ACTION)
    change(made.session, ExtensionRequest, {"asked_at": instant("2026-01-01")})

    assert len({before, asked, seen(made.session, Kind.ACTION)}) == 3


@pytest.mark.parametrize("name", PART)
def test_a_part_is_another_when_anything_of_it_is(made: Scene, name: str) -> None:
    scenes.support(made, scenes.action(made), scenes.in_days(3))
    before = seen(made.session, Kind.PART)
    value = PART[name]
    change(made.session, ActionSupport, {name: made.organisations[value] if isinstance(value, str) else value})

    assert seen(made.session, Kind.PART) != before


def test_a_part_is_another_when_its_post_or_its_stage_is(made: Scene) -> None:
    scenes.support(made, scenes.action(made), scenes.in_days(3))
    found = [seen(made.session, Kind.PART)]
    changes: list[dict[str, object]] = [{"post_id": made.posts["karim"]}, {"part_state": PartState.ASKED}]
    for values in changes:
        change(made.session, ActionSupport, values)
        found.append(seen(made.session, Kind.PART))

    assert len(set(found)) == 3


def test_a_milestone_is_another_when_its_day_or_its_action_is(made: Scene) -> None:
    action = scenes.action(made)
    made.session.add(Milestone(action_id=action.id, titles={"fr": "Marché"}, due_on=scenes.in_days(5)))
    found = [seen(made.session, Kind.MILESTONE)]
    change(made.session, Milestone, {"due_on": SOON})
    found.append(seen(made.session, Kind.MILESTONE))
    change(made.session, Action, {"owner_post_id": made.posts["salma"]})
    found.append(seen(made.session, Kind.MILESTONE))

    assert len(set(found)) == 3


@pytest.mark.parametrize(("model", "values"), WORD)
def test_owed_word_is_another_when_its_rhythm_or_its_last_word_is(
    made: Scene, model: type[Table], values: dict[str, object]
) -> None:
    scenes.action(made)
    change(made.session, Programme, {"word_every": Rhythm.MONTH, "word_since": dt.date(2026, 1, 1)})
    found = [seen(made.session, Kind.WORD)]
    for name, value in values.items():
        change(made.session, model, {name: value})
        found.append(seen(made.session, Kind.WORD))

    assert len(set(found)) == len(found)


def test_nothing_is_told_from_an_empty_place_by_where_it_stands(made: Scene) -> None:
    """A day that moves from one empty column to its neighbour is another subject."""
    scenes.action(made)
    change(made.session, Action, {"blocked_at": MORNING, "submitted_at": None})
    before = seen(made.session, Kind.ACTION)
    change(made.session, Action, {"blocked_at": None, "submitted_at": MORNING})

    assert seen(made.session, Kind.ACTION) != before


@pytest.mark.sqlite_only
def test_a_pass_that_finds_nothing_new_reads_nothing_of_what_is_closed(session: Session) -> None:
    programme = builders.programme(session)
    post = builders.post(session)
    builders.person(session, "Karim", holds=post)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    for _ in range(40):
        builders.action(session, parent, post, due_on=dt.date(2026, 11, 20))
    spent = []
    for _ in range(2):
        with clock.at(MORNING):
            passes.plan_reminders(session, MORNING)
            reminders.due(session, MORNING)  # prepared before it is counted
            with steps(session) as counted:
                assert reminders.due(session, MORNING) == ([], [])
        spent.append(counted[0])
        for _ in range(400):
            builders.action(session, parent, post, State.VERIFIED, due_on=dt.date(2026, 11, 20))
        session.flush()

    assert session.scalars(sa.select(sa.func.count()).where(col(Action.state) == State.VERIFIED)).one() == 800
    assert spent[1] <= spent[0] + 2, spent
