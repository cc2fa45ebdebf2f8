"""Themes, links, shared actions and outcomes by pages: what leads where, and what is refused in its place."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action, AlsoServes
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.services.followup import actions, also_serves
from app.services.meetings import meetings, recommendation_links, recommendation_themes, recommendations
from app.services.setup import themes
from tests import scenes
from tests.fixtures.markup import form, forms
from tests.fixtures.pages import TestClient
from tests.house import House
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
SETUP, WORK = "/fr/workspace/setup", "/fr/workspace"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    """In its turn to write."""
    with house.database.write() as session:
        house.made.within(session)
        yield session


def elsewhere(made: Scene) -> Recommendation:
    """A public one, of an earlier meeting."""
    amina = made.actor("amina")
    held = meetings.create(
        made.session,
        amina,
        made.programme,
        titles={"fr": "Rencontre d'Oujda"},
        held_on=scenes.in_days(-300),
        region="OR",
    )
    other = recommendations.create(
        made.session, amina, held, titles={"fr": "Aider à certifier"}, source_text=scenes.SENTENCE, source_lang="ar"
    )
    meetings.publish(made.session, amina, held)
    recommendations.publish(made.session, amina, other)
    return other


def laid(house: House, state: State = State.IN_PROGRESS) -> tuple[str, str, str]:
    """References: the home, its public action, another recommendation."""
    with house.database.write() as session:
        made = house.made.within(session)
        item = scenes.action(made, state)
        scenes.publish(made, item)
        return made.recommendation.ref, item.ref, elsewhere(made).ref


def sent(client: TestClient, page: str, ending: str, **typed: str) -> tuple[int, str]:
    """The form of a page that leads there, filled in: the status, and where it led or the page."""
    found = form(client.get(page).text, ending)
    answer = client.post(found.action.partition("#")[0], data=found.fields | typed)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_the_outsider_finds_none_of_these_forms(house: House) -> None:
    home, item, other = laid(house)
    omar = house.browser("omar")

    for page in (f"recommendations/{home}/themes", f"recommendations/{home}/links", f"recommendations/{home}/outcome"):
        assert omar.get(f"{WORK}/{page}").status_code == 404
        assert omar.post(f"{WORK}/{page}", data={"once": page}).status_code == 404
    assert omar.post(f"{WORK}/actions/{item}/also-serves", data={"once": "a", "other": other}).status_code == 403
    assert house.browser("karim").get(f"{SETUP}/themes").status_code == 404


def test_a_theme_is_made_named_chosen_and_merged_by_pages(house: House) -> None:
    amina = house.browser("amina")
    home = house.made.recommendation.ref
    for title in ("Salons", "Marchés"):
        status, where = sent(amina, f"{SETUP}/new-theme", "/themes", **{"titles.fr": title, "titles.ar": "محور"})
        assert (status, where.partition("?")[0].rpartition("/")[0]) == (303, f"{SETUP}/themes")
    with house.database.read() as session:
        ids = dict(row for row in session.execute(sa.select(col(Theme.slug), col(Theme.id))))
    page = f"{WORK}/recommendations/{home}/themes"
    assert sent(amina, page, "/themes", main=str(ids["salons"]))[0] == 303

    merging = f"{SETUP}/themes/salons"
    status, asked = sent(amina, merging, "/merger", into=str(ids["marches"]))
    assert status == 422
    assert "1 recommandation change de thème" in asked
    assert 'name="is_meant"' in asked
    status, where = sent(amina, merging, "/merger", into=str(ids["marches"]), is_meant="1")
    assert (status, where) == (303, f"{SETUP}/themes/marches?said=merged")

    assert amina.get(merging).headers["location"] == f"{SETUP}/themes/marches"
    assert amina.get("/fr/themes/salons").headers["location"] == "/fr/themes/marches"
    assert home in amina.get("/fr/themes/marches").text
    for slug in ("salons", "marches"):
        found = amina.get(f"{WORK}/search?q=certifier&theme={slug}")
        assert home in found.text
    assert amina.get(f"{WORK}/search?q=certifier&theme=ports").status_code == 400


def test_what_is_typed_wrongly_is_marked_where_it_stands(house: House) -> None:
    home, item, other = laid(house)
    amina = house.browser("amina")

    status, page = sent(amina, f"{WORK}/recommendations/{home}/links", "/links", other="FM-1999-77")
    assert status == 422
    assert 'value="FM-1999-77"' in page
    assert 'href="#f-other"' in page
    status, page = sent(amina, f"{WORK}/actions/{item}", "/also-serves", other=home)
    assert status == 422
    assert 'href="#f-also_serves-other"' in page
    status, page = sent(amina, f"{SETUP}/new-theme", "/themes")
    assert status == 422
    assert "titles.ar" in page
    page = amina.get(f"{WORK}/recommendations/{home}/outcome").text
    assert not [sent for sent in forms(page) if sent.action.endswith("/outcome")]
    assert (
        amina.post(f"{WORK}/recommendations/{home}/outcome", data={"once": "o", "on": "2999-01-01"}).status_code == 422
    )
    assert amina.post(f"{WORK}/actions/{item}/also-serves/{other}/end", data={"once": "e"}).status_code == 422


def test_an_action_is_shared_and_counts_on_the_public_page_of_the_other(house: House) -> None:
    home, item, other = laid(house)
    amina = house.browser("amina")

    status, where = sent(amina, f"{WORK}/actions/{item}", "/also-serves", other=other.lower())
    assert (status, where) == (303, f"{WORK}/actions/{item}?said=recorded")

    page = amina.get(f"/fr/recommendations/{other}").text
    assert f'id="{item}"' in page
    assert f'<a href="/fr/recommendations/{home}">' in page
    assert "1 action" in amina.get(f"{WORK}/recommendations/{other}").text
    assert f"/fr/recommendations/{other}" in amina.get(f"/fr/actions/{item}").text
    assert f"/fr/recommendations/{other}" in amina.get(f"/fr/recommendations/{home}").text
    place = f"cease_{other}"
    assert place in amina.get(f"{WORK}/actions/{item}").text
    assert sent(amina, f"{WORK}/actions/{item}", f"/{other}/end", reason="Autre objet")[0] == 303
    assert item not in amina.get(f"/fr/recommendations/{other}").text


def test_what_is_shared_but_not_public_is_on_no_public_page(house: House) -> None:
    _, item, other = laid(house)
    with house.database.write() as session:
        made = house.made.within(session)
        found = session.scalars(sa.select(Action).where(col(Action.ref) == item)).one()
        served = session.scalars(sa.select(Recommendation).where(col(Recommendation.ref) == other)).one()
        also_serves.serve(session, made.actor("amina"), found, served)
        actions.withdraw(session, made.actor("amina"), found, reason="Erreur")
    reader = house.browser("omar")

    assert item not in reader.get(f"/fr/recommendations/{other}").text
    assert reader.get(f"/fr/actions/{item}").status_code == 404
    assert item not in reader.get(f"{WORK}/recommendations/{other}").text


def test_a_link_leads_both_ways_in_words_that_tell_which_came_first(house: House) -> None:
    home, _, other = laid(house)
    amina = house.browser("amina")

    assert sent(amina, f"{WORK}/recommendations/{home}/links", "/links", other=other)[0] == 303
    assert "Déjà recommandée" in amina.get(f"/fr/recommendations/{home}").text
    assert "Recommandée de nouveau" in amina.get(f"/fr/recommendations/{other}").text
    assert "سبقت التوصية بها" in amina.get(f"/ar/recommendations/{home}").text
    assert sent(amina, f"{WORK}/recommendations/{other}/links", f"/{home}/removal")[0] == 303
    assert "Déjà recommandée" not in amina.get(f"/fr/recommendations/{home}").text


def test_an_outcome_is_named_shown_and_taken_back(house: House) -> None:
    home, _, _ = laid(house, State.VERIFIED)
    amina, page = house.browser("amina"), f"{WORK}/recommendations/{home}/outcome"
    words = {"words.fr": "Douze entreprises exportent.", "on": scenes.in_days(0).isoformat()}

    status, again = sent(amina, page, "/outcome", **(words | {"on": ""}))
    assert status == 422
    assert "Douze entreprises exportent." in again
    assert sent(amina, page, "/outcome", **words)[0] == 303
    assert "Douze entreprises exportent." in amina.get(f"/ar/recommendations/{home}").text
    assert sent(amina, page, "/outcome/removal", reason="")[0] == 422
    assert sent(amina, page, "/outcome/removal", reason="Chiffres à revoir")[0] == 303
    assert "Douze entreprises" not in amina.get(f"/fr/recommendations/{home}").text
    assert "Douze entreprises" in amina.get(page).text


def test_the_public_pages_cost_the_same_whatever_is_tied(house: House, session: Session) -> None:
    made = house.made
    item = scenes.action(made)
    scenes.publish(made, item)
    theme = themes.create(session, made.actor("amina"), titles={"fr": "Export"})
    recommendation_themes.set_themes(session, made.actor("amina"), made.recommendation, [theme.id])
    session.commit()
    client = house.browser("omar")
    paths = [f"recommendations/{made.recommendation.ref}", f"actions/{item.ref}", "themes/export"]
    before = [_asked(house, client, path) for path in paths]
    for _ in range(3):
        other = elsewhere(made)
        also_serves.serve(session, made.actor("amina"), item, other)
        recommendation_links.link(session, made.actor("amina"), made.recommendation, other)
        recommendation_themes.set_themes(session, made.actor("amina"), other, [theme.id])
    session.commit()

    assert [_asked(house, client, path) for path in paths] == before
    assert session.scalars(sa.select(sa.func.count()).select_from(AlsoServes)).one() == 3
    assert session.scalars(sa.select(sa.func.count()).select_from(RecommendationTheme)).one() == 4


def _asked(house: House, client: TestClient, path: str) -> int:
    counted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    sa.event.listen(house.database.reader, "before_cursor_execute", note)
    answer = client.get(f"/fr/{path}?print=1")
    sa.event.remove(house.database.reader, "before_cursor_execute", note)
    assert answer.status_code == 200
    return sum(statement.lstrip().startswith(("SELECT", "WITH")) for statement in counted)
