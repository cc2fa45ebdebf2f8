"""What a search finds, for whom and in which order: the same on both databases."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.db import Database
from app.domain.errors import InvalidQuery
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.people import Person
from app.models.searches import SearchDocument
from app.queries.followup import search_filters, searches
from app.queries.followup.search_filters import SearchFilters
from app.services.followup import actions, updates
from app.services.followup.transitions import Words
from app.services.kernel import search_rebuild
from app.services.kernel.audit import SERVICE
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes, roles
from tests import scenes
from tests.scenes import Scene

CANARY = "kanari"


def found(made: Scene, name: str, q: str, after: str = "", **narrowed: str) -> list[tuple[str, str]]:
    return [(hit.row.kind.value, hit.path.rpartition("/")[2]) for hit in _page(made, name, q, after, narrowed).hits]


def _page(made: Scene, name: str, q: str, after: str, narrowed: dict[str, str]) -> searches.SearchResults:
    made.session.commit()
    viewer, filters = made.viewer(name), SearchFilters(q, **narrowed).checked()
    within = search_filters.narrowed(made.session, viewer, filters)
    return searches.page(made.session, viewer, filters, within, after)


def test_a_reference_finds_what_it_names_first_then_what_stands_below(session: Session) -> None:
    made = scenes.scene(session)
    one, two = scenes.draft(made), scenes.draft(made)
    ref = made.recommendation.ref

    assert found(made, "amina", ref.lower()) == [("recommendation", ref), ("action", two.ref), ("action", one.ref)]
    assert found(made, "amina", f" {one.ref} ") == [("action", one.ref)]


def test_titles_come_before_texts_and_the_newest_first_in_each(session: Session) -> None:
    made = scenes.scene(session)
    old = scenes.action(made, titles={"fr": "Une serre"})
    told = scenes.action(made, titles={"fr": "Autre chose"})
    updates.report(session, made.actor("karim"), told, words=Words("La serre est prête.", ""))
    new = scenes.action(made, titles={"fr": "Deux serres"})

    assert found(made, "amina", "serre") == [("action", new.ref), ("action", old.ref), ("note", told.ref)]


@pytest.mark.parametrize(
    "typed", ["الشهادات", "شهادة", "certificat", "CERTIFICATES", "certif", "guide exigé", "الأسواق شها"]
)
def test_three_languages_are_searched_alike(session: Session, typed: str) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)

    assert ("action", action.ref) in found(made, "amina", typed)


def test_a_word_that_is_followed_by_a_space_is_whole(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)

    assert found(made, "amina", "certif")
    assert not found(made, "amina", "certif ")


def test_every_role_finds_exactly_what_its_pages_show(session: Session) -> None:
    """Of another body's action, with words, a note and a description that all hold the canary."""
    made = scenes.scene(session)
    scenes.grant(session, made.people["nadia"], Role.OBSERVER, made.programme)
    titles = {"fr": f"Titre {CANARY}"}
    action = scenes.action(made, State.IN_PROGRESS, titles=titles, description=f"Description {CANARY}")
    scenes.support(made, action)
    updates.report(session, made.actor("karim"), action, words=Words(f"Note {CANARY}", f"Public {CANARY}"))
    full = {("action", action.ref), ("brief", action.ref), ("note", action.ref), ("said", action.ref)}

    for name in ("amina", "karim", "salma", "leila", "youssef"):
        assert set(found(made, name, CANARY)) == full, name
    assert ("action", action.ref) in found(made, "nadia", CANARY)
    assert not {kind for kind, _ in found(made, "nadia", CANARY)} & {"note", "brief"}
    assert found(made, "omar", CANARY) == []


def test_what_is_published_is_found_by_everybody_and_what_is_withdrawn_by_nobody_else(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, titles={"fr": CANARY})
    recommendations.publish(session, made.actor("amina"), made.recommendation)
    actions.publish(session, made.actor("amina"), action)
    meetings.publish(session, made.actor("amina"), made.meeting)
    assert found(made, "omar", CANARY) == []

    programmes.publish(session, SERVICE, made.programme)
    assert found(made, "omar", CANARY) == [("action", action.ref)]

    meetings.withdraw(session, made.actor("amina"), made.meeting, reason="Une erreur.")
    assert found(made, "omar", CANARY) == []


def test_a_token_that_is_stale_gives_nobody_what_the_lists_do_not(session: Session) -> None:
    made = scenes.scene(session)
    scenes.grant(session, made.people["nadia"], Role.OBSERVER, made.programme)
    action = scenes.action(made, titles={"fr": CANARY})
    updates.report(session, made.actor("karim"), action, words=Words(f"Note {CANARY}", ""))
    session.commit()
    everywhere = " ".join(["q_1", f"q_{made.programme.id}", f"p_{made.other.id}", f"p_{made.programme.id}"])
    session.execute(sa.update(SearchDocument).values(tokens=SearchDocument.tokens + f" {everywhere}"))

    assert found(made, "omar", CANARY) == []
    assert found(made, "nadia", CANARY) == [("action", action.ref)]


def test_bodies_and_posts_are_found_by_those_who_set_up(session: Session) -> None:
    made = scenes.scene(session)

    assert ("organisation", "chamber") in found(made, "amina", "chamber")
    assert found(made, "karim", "chamber") == []


def test_filters_narrow_what_is_found(session: Session) -> None:
    made = scenes.scene(session)
    mine, draft = scenes.action(made), scenes.draft(made)

    assert found(made, "amina", "guide", state="draft") == [("action", draft.ref)]
    assert found(made, "amina", "guide", state="in_progress", organisation="centre") == [("action", mine.ref)]
    assert found(made, "amina", "guide", kind="meeting") == []
    assert len(found(made, "amina", "guide", year="2026", programme=made.programme.slug)) == 2
    assert found(made, "amina", "guide", year="2025") == []


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "brief"},
        {"state": "late"},
        {"year": "20"},
        {"year": "٢٠٢٤"},
        {"organisation": "none"},
        {"programme": "x"},
    ],
)
def test_a_filter_that_is_none_of_ours_is_refused_and_the_others_are_kept(
    session: Session, bad: dict[str, str]
) -> None:
    made = scenes.scene(session)

    with pytest.raises(InvalidQuery) as refused:
        found(made, "amina", "guide", **bad)

    assert refused.value.kept == {"q": "guide"}


def test_pages_follow_each_other_and_repeat_nothing(session: Session) -> None:
    made = scenes.scene(session)
    for _ in range(searches.PER_PAGE + 5):
        scenes.draft(made, titles={"fr": f"Titre {CANARY}"})

    first = _page(made, "amina", CANARY, "", {})
    refs = [hit.path for hit in first.hits]
    refs += [hit.path for hit in _page(made, "amina", CANARY, first.next, {}).hits]

    assert len(refs) == len(set(refs)) == searches.PER_PAGE + 5


def test_what_is_undone_is_not_found(database: Database) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        session.commit()
        scenes.draft(made, titles={"fr": CANARY})
        session.flush()
        session.rollback()
        made = made.within(session)

        assert found(made, "amina", CANARY) == []


@pytest.mark.parametrize(
    "typed", ['"', 'a" OR "b', "'; --", "NEAR(", "***", "\\", "kan* AND", "()", "\u0000".join("ab"), "_"]
)
def test_what_means_something_to_a_database_means_nothing_here(session: Session, typed: str) -> None:
    made = scenes.scene(session)
    session.commit()
    viewer, filters = made.viewer("amina"), SearchFilters(typed)

    searches.page(session, viewer, filters, search_filters.narrowed(session, viewer, filters), "")


def test_the_index_that_the_verbs_keep_is_the_one_made_anew(session: Session) -> None:
    made = scenes.scene(session, published=True)
    for state in State:
        scenes.support(made, scenes.action(made, state, description="Un mot."))
    session.commit()
    assert search_rebuild.faults(session) == []

    session.execute(sa.update(SearchDocument).where(SearchDocument.kind == "note").values(tokens="autre"))  # type: ignore[arg-type]
    assert any("differ" in fault for fault in search_rebuild.faults(session))

    search_rebuild.rebuild(session)
    assert search_rebuild.faults(session) == []


def test_an_observer_of_a_region_or_of_an_organisation_finds_what_they_see(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, titles={"fr": f"Titre {CANARY}"})
    scenes.action(made, State.ASSIGNED, titles={"fr": f"Autre {CANARY}"}, owner_post_id=made.posts["salma"])
    updates.report(session, made.actor("karim"), action, words=Words(f"Note {CANARY}", f"Public {CANARY}"))
    narrowed = {
        "fm": {"region": "FM"},
        "or": {"region": "OR"},
        "centre": {"organisation_id": made.organisations["centre"]},
    }
    for name, where in narrowed.items():
        made.people[name] = scenes.person(session, name)
        person = session.get_one(Person, made.people[name])
        roles.grant(session, SERVICE, person, Role.OBSERVER, programme_id=made.programme.id, **where)  # type: ignore[arg-type]

    assert len(found(made, "fm", CANARY)) == 3
    assert set(found(made, "centre", CANARY)) == {("action", action.ref), ("said", action.ref)}
    assert found(made, "or", CANARY) == []

    meetings.edit(session, made.actor("amina"), made.meeting, region="OR")
    assert (len(found(made, "or", CANARY)), found(made, "fm", CANARY)) == (3, [])
    assert search_rebuild.faults(session) == []
