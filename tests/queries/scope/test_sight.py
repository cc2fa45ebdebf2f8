"""How much of an action somebody sees, said a second time as a rule and compared with the statements that decide it."""

from enum import IntEnum

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import PUBLIC, Grant, Role, Viewer, may, parts
from app.domain.workflow import State
from app.models.actions import Action
from app.queries.followup import actions
from app.queries.scope import visible
from tests import scenes
from tests.scenes import Scene


class Sight(IntEnum):
    """In rising order; PUBLIC is as much as it is public, so perhaps nothing."""

    PUBLIC = 0
    WITHOUT_NOTES = 1
    FULL = 2


def ruled(viewer: Viewer, session: Session, action: Action) -> Sight:
    """What was not assigned yet is nobody's outside the programme."""
    about, is_draft = actions.facts(session, action), action.assigned_at is None
    if may(viewer, about.programme_id, Role.SECRETARIAT, Role.VERIFIER):
        return Sight.FULL
    if parts(viewer, about) and not is_draft:
        return Sight.FULL
    beside = sa.select(Action).where(col(Action.recommendation_id) == action.recommendation_id)
    owing: set[int | None] = set()
    for one in session.scalars(beside.where(col(Action.assigned_at).is_not(None))):
        owing |= {one.owner_post_id, *actions.facts(session, one).supporting_post_ids}
    is_sibling = not is_draft and bool(viewer.post_ids & owing)
    return Sight.WITHOUT_NOTES if is_sibling or may(viewer, about.programme_id, Role.OBSERVER) else Sight.PUBLIC


def seen(viewer: Viewer, session: Session, action: Action) -> Sight:
    """What the dossier asks."""
    is_inside, has_notes = visible.sight(session, viewer, action.id)
    return Sight.FULL if has_notes else Sight.WITHOUT_NOTES if is_inside else Sight.PUBLIC


@pytest.fixture
def items(session: Session) -> tuple[Scene, list[Action]]:
    """A draft, what is owed and supported, its siblings of others, and an action beside a draft of one's own."""
    made = scenes.scene(session)
    found = [scenes.draft(made), scenes.action(made), scenes.action(made, State.VERIFIED)]
    scenes.support(made, found[1])
    of_another = {"owner_post_id": made.posts["omar"]}
    found += [scenes.action(made, State.ASSIGNED, **of_another), scenes.draft(made, **of_another)]
    made.recommendation = scenes.recommendation(made)
    found += [scenes.draft(made), scenes.action(made, State.ASSIGNED, **of_another)]
    return made, found


def test_the_statements_show_to_everybody_what_the_rule_says(
    session: Session, items: tuple[Scene, list[Action]]
) -> None:
    made, found = items
    everywhere = [Viewer(made.people["omar"], frozenset({Grant(role)})) for role in Role]
    viewers = [*map(made.viewer, made.people), *everywhere, PUBLIC]
    cases = [(viewer, action) for viewer in viewers for action in found]

    assert [seen(viewer, session, action) for viewer, action in cases] == [
        ruled(viewer, session, action) for viewer, action in cases
    ]
    assert {seen(viewer, session, action) for viewer, action in cases} == set(Sight)


@pytest.mark.parametrize(("name", "sights"), [("karim", "0221000"), ("amina", "2222222"), ("nadia", "1111111")])
def test_what_somebody_sees_of_each(
    session: Session, items: tuple[Scene, list[Action]], name: str, sights: str
) -> None:
    made, found = items
    assert "".join(str(int(seen(made.viewer(name), session, action))) for action in found) == sights
