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
from app.queries.followup import actions, worklist
from app.queries.followup.filters import Filters
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


def _elsewhere(made: Scene) -> Action:
    """An action of another region, of the chamber's post; the scene is back in Fez afterwards."""
    session, amina, here = made.session, made.actor("amina"), made.recommendation
    elsewhere = meetings.create(
        session, amina, made.programme, titles={"fr": "Rencontre d'Oujda"}, held_on=made.meeting.held_on, region="OR"
    )
    words = {"titles": {"fr": "Ouvrir un guichet"}, "source_text": "Ouvrir un guichet.", "source_lang": "fr"}
    made.recommendation = recommendations.create(session, amina, elsewhere, **words)  # type: ignore[arg-type]
    foreign = scenes.action(made, State.ASSIGNED, owner_post_id=made.posts["salma"])
    made.recommendation = here
    return foreign


def observer(made: Scene, **narrowed: object) -> Viewer:
    grant = Grant(Role.OBSERVER, made.programme.id, **narrowed)  # type: ignore[arg-type]
    return Viewer(made.people["nadia"], frozenset({grant}))


def test_an_observer_of_one_region_sees_all_of_it_and_nothing_of_the_others(made: Scene) -> None:
    session, foreign = made.session, _elsewhere(made)
    given, draft = scenes.action(made), scenes.draft(made)
    viewer = observer(made, region="FM")

    assert found(session, col(Meeting.slug), visible.meetings(viewer)) == {made.meeting.slug}
    assert found(session, col(Recommendation.ref), visible.recommendations(viewer)) == {made.recommendation.ref}
    assert refs(made, visible.actions(viewer)) == refs(made, visible.in_workspace(viewer)) == {given.ref, draft.ref}
    assert not refs(made, visible.with_notes(viewer))
    assert actions.get(session, viewer, given.ref).id == given.id
    with pytest.raises(NotFound):
        actions.get(session, viewer, foreign.ref)


def test_an_observer_of_one_organisation_sees_what_it_leads_or_supports_once_it_was_given(made: Scene) -> None:
    session, foreign = made.session, _elsewhere(made)
    others = scenes.action(made)
    shared = scenes.action(made, owner_post_id=made.posts["karim"])
    scenes.support(made, shared)
    scenes.draft(made, owner_post_id=made.posts["salma"])
    viewer = observer(made, organisation_id=made.organisations["chamber"])

    assert refs(made, visible.actions(viewer)) == {foreign.ref, shared.ref}
    assert found(session, col(Recommendation.ref), visible.recommendations(viewer)) == {
        made.recommendation.ref,
        foreign.ref.rpartition(".")[0],
    }
    assert not refs(made, visible.with_notes(viewer))
    both = observer(made, organisation_id=made.organisations["chamber"], region="FM")
    assert refs(made, visible.actions(both)) == {shared.ref}
    assert actions.get(session, both, shared.ref).id == shared.id
    with pytest.raises(NotFound):
        actions.get(session, both, others.ref)


@pytest.mark.parametrize("narrowed", ["region", "body", "both"])
def test_the_list_of_a_narrow_observer_holds_what_they_see_and_no_more(made: Scene, narrowed: str) -> None:
    foreign = _elsewhere(made)
    own, shared = scenes.action(made), scenes.action(made)
    scenes.support(made, shared)
    body = {"organisation_id": made.organisations["chamber"]}
    viewer, due = {
        "region": (observer(made, region="FM"), {own.ref, shared.ref}),
        "body": (observer(made, **body), {foreign.ref, shared.ref}),
        "both": (observer(made, region="FM", **body), {shared.ref}),
    }[narrowed]
    today = scenes.in_days(0)

    for filters in (Filters(), Filters("all"), Filters(meeting=made.meeting.slug), Filters(organisation="chamber")):
        lines = worklist.page(made.session, viewer, filters, "", today)
        wanted = due if not filters.chosen or filters.state == "all" else due - {own.ref, shared.ref}
        if filters.meeting:
            wanted = due - {foreign.ref}
        assert {line.ref for line in lines} == wanted, filters
    assert not worklist.page(made.session, viewer, Filters(overdue="1"), "", today)


def test_a_narrow_observer_of_another_programme_sees_nothing_here(made: Scene) -> None:
    scenes.action(made)
    grant = Grant(Role.OBSERVER, made.other.id, region="FM")

    assert not refs(made, visible.actions(Viewer(made.people["omar"], frozenset({grant}))))
    everywhere = Viewer(made.people["omar"], frozenset({Grant(Role.OBSERVER, None, region="FM")}))
    assert len(refs(made, visible.actions(everywhere))) == 1


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
