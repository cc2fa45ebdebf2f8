"""Who sees which rows: drafts are the secretariat's, a region is a region, notes are not for observers."""

from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import PUBLIC, Grant, Role, Viewer
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.queries.followup import actions
from app.queries.scope import visible
from app.queries.scope.visible import Condition
from app.services.meetings import meetings, recommendations
from tests import scenes
from tests.scenes import Scene


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def found(session: Session, column: object, which: Condition) -> set[str]:
    return set(session.scalars(sa.select(column).where(which)))  # type: ignore[call-overload]


def refs(made: Scene, which: Condition) -> set[str]:
    return found(made.session, col(Action.ref), which)


@pytest.mark.parametrize("name", ["karim", "salma", "leila", "omar"])
def test_a_draft_is_not_there_for_those_who_will_owe_it(made: Scene, name: str) -> None:
    draft, viewer = scenes.draft(made), made.viewer(name)
    scenes.support(made, draft)

    assert not refs(made, visible.actions(viewer))
    assert not refs(made, visible.in_workspace(viewer))
    assert not refs(made, visible.with_notes(viewer))
    assert not found(made.session, col(Recommendation.ref), visible.recommendations(viewer))
    with pytest.raises(NotFound):
        actions.get(made.session, viewer, draft.ref)


@pytest.mark.parametrize("name", ["amina", "youssef"])
def test_a_draft_is_there_for_the_programme(made: Scene, name: str) -> None:
    draft = scenes.draft(made)

    assert refs(made, visible.in_workspace(made.viewer(name))) == {draft.ref}


@pytest.mark.parametrize("name", ["karim", "salma", "leila"])
def test_what_was_assigned_is_there_with_its_recommendation_and_its_notes(made: Scene, name: str) -> None:
    action, viewer = scenes.action(made, State.ASSIGNED), made.viewer(name)
    scenes.support(made, action)

    assert refs(made, visible.in_workspace(viewer)) == {action.ref}
    assert refs(made, visible.with_notes(viewer)) == {action.ref}
    assert found(made.session, col(Recommendation.ref), visible.recommendations(viewer)) == {made.recommendation.ref}


def test_a_sibling_is_seen_and_its_notes_are_not(made: Scene) -> None:
    mine = scenes.action(made, State.ASSIGNED)
    sibling = scenes.action(made, State.ASSIGNED, owner_post_id=made.posts["omar"])
    unassigned = scenes.draft(made, owner_post_id=made.posts["omar"])
    karim = made.viewer("karim")

    assert refs(made, visible.actions(karim)) == {mine.ref, sibling.ref}
    assert refs(made, visible.with_notes(karim)) == {mine.ref}
    assert unassigned.ref not in refs(made, visible.actions(karim))


def test_observers_see_the_programme_without_its_notes(made: Scene) -> None:
    action, nadia = scenes.action(made), made.viewer("nadia")

    assert refs(made, visible.in_workspace(nadia)) == {action.ref}
    assert not refs(made, visible.with_notes(nadia))


def test_an_observer_of_one_region_sees_nothing_of_the_others(made: Scene) -> None:
    session, amina = made.session, made.actor("amina")
    elsewhere = meetings.create(
        session, amina, made.programme, titles={"fr": "Rencontre d'Oujda"}, held_on=made.meeting.held_on, region="OR"
    )
    words = {"titles": {"fr": "Ouvrir un guichet"}, "source_text": "Ouvrir un guichet.", "source_lang": "fr"}
    there = recommendations.create(session, amina, elsewhere, **words)  # type: ignore[arg-type]
    made.recommendation = there
    foreign = scenes.action(made)
    observer = Viewer(made.people["nadia"], frozenset({Grant(Role.OBSERVER, made.programme.id, region="FM")}))

    assert found(session, col(Meeting.slug), visible.meetings(observer)) == {made.meeting.slug}
    assert foreign.ref not in refs(made, visible.actions(observer)) | refs(made, visible.in_workspace(observer))
    assert there.ref not in found(session, col(Recommendation.ref), visible.recommendations(observer))


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.VERIFIER])
def test_a_role_without_a_programme_holds_in_every_one(made: Scene, role: Role) -> None:
    action, everywhere = scenes.action(made), Viewer(made.people["omar"], frozenset({Grant(role)}))

    assert refs(made, visible.in_workspace(everywhere)) == refs(made, visible.with_notes(everywhere)) == {action.ref}


def test_who_has_nothing_here_sees_nothing(made: Scene) -> None:
    scenes.action(made)

    assert not refs(made, visible.actions(made.viewer("omar")))
    assert not visible.programme_ids(made.session, made.viewer("karim"), Role.SECRETARIAT)


def test_an_action_is_found_by_whoever_sees_it_and_by_nobody_else(made: Scene) -> None:
    """Fetching asks by a statement that all of one shape share: each with their own posts, bodies and programmes."""
    items = [
        scenes.draft(made),
        *(scenes.action(made, State.ASSIGNED, owner_post_id=post) for post in made.posts.values()),
    ]
    scenes.support(made, items[1])
    made.recommendation = scenes.recommendation(made)
    items += [scenes.action(made, State.ASSIGNED, owner_post_id=made.posts[name]) for name in ("karim", "salma")]
    everywhere = Viewer(made.people["omar"], frozenset({Grant(Role.VERIFIER)}))

    for viewer in (*map(made.viewer, made.people), everywhere, PUBLIC):
        seen = refs(made, visible.actions(viewer))
        assert {item.ref for item in items if is_found(made, viewer, item)} == seen
        assert {item.ref for item in items if is_judged(made, viewer, item)} == seen


def is_found(made: Scene, viewer: Viewer, item: Action) -> bool:
    with suppress(NotFound):
        return actions.get(made.session, viewer, item.ref) is item
    return False


def is_judged(made: Scene, viewer: Viewer, item: Action) -> bool:
    with suppress(NotFound):
        judged = actions.judged(made.session, viewer, item.ref)
        return actions.facts(made.session, judged) == actions.facts(made.session, item)
    return False
