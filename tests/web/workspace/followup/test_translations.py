"""The pages of translations: a stranger's 404, what is due, side by side, both versions, and the public note."""

import re
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.translations import TextKind
from app.models.base import table_of
from app.models.people import Organisation
from app.models.recommendations import Recommendation
from app.models.translations import MODELS, TranslationDue
from app.queries.followup import translations as found
from app.queries.followup.translations import TranslationFilter
from app.services.followup import indicators, milestones
from app.services.meetings import recommendations
from app.services.setup import themes
from tests import scenes
from tests.fixtures.markup import form
from tests.fixtures.pages import TestClient
from tests.house import House
from tests.statements import counted

pytestmark = pytest.mark.sqlite_only
LIST = "/fr/workspace/translations"
ARABIC, OTHER = "مواكبة المقاولات نحو الشهادات", "مواكبة المقاولات والتعاونيات نحو الشهادات"
NOTE = "L’original en arabe a changé depuis cette traduction"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def amina(house: House) -> TestClient:
    return house.browser("amina")


@pytest.fixture
def page(house: House) -> str:
    """Side by side, of a recommendation whose Arabic is the original."""
    return f"{LIST}/recommendation/{house.made.ids['recommendation']}"


def _item(house: House) -> Recommendation:
    with house.database.read() as session:
        return session.get_one(Recommendation, house.made.ids["recommendation"])


def _reword(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        words = made.recommendation.titles | {"ar": OTHER}
        recommendations.edit(session, made.actor("amina"), made.recommendation, titles=words)


def _sent(client: TestClient, page: str, **changes: Any) -> dict[str, Any]:
    return form(client.get(page).text, page).fields | changes


def test_nobody_from_elsewhere_finds_it(house: House, page: str) -> None:
    for name in ("omar", "karim", "nadia"):
        assert house.browser(name).get(page).status_code == 404
        assert house.browser(name).post(page, data={"titles.fr": "?"}).status_code == 404
    assert house.browser("karim").get(LIST).status_code == 404
    for wrong in ("post/1-2", "part/1", "letter/1", "post/x", "action/99999"):
        assert house.browser("amina").get(f"{LIST}/{wrong}").status_code == 404


def test_the_list_begins_with_what_is_outdated_and_leads_there(house: House, amina: TestClient, page: str) -> None:
    _reword(house)
    text = amina.get(LIST).text
    first = re.search(r'id="act-\d+"[^>]* href="([^"]+)"', text)
    assert first
    assert first[1] == f"{page}#into-fr"
    assert "Pas encore traduit" in text
    outdated = amina.get(f"{LIST}?state=outdated&language=fr&kind=recommendation").text
    assert outdated.count('class="line"') == 1
    assert 'class="line"' not in amina.get(f"{LIST}?state=outdated&language=en").text
    assert amina.get(f"{LIST}?language=de").status_code == 400


def test_the_list_asks_as_much_for_a_page_as_for_a_row(house: House, amina: TestClient) -> None:
    counts = []
    for _ in range(2):
        with house.database.read() as session:
            viewer = house.made.within(session).viewer("amina")
            counts.append(counted(session, lambda: found.listed(session, viewer, TranslationFilter())))  # noqa: B023
        with house.database.write() as session:
            for number in range(found.PER_PAGE + 3):
                home, slug = house.made.ids["programme"], f"body-{len(counts)}-{number}"
                scenes.organisation(session, slug, owner_programme_id=home)
    assert counts[0] == counts[1] == 1
    text = amina.get(LIST).text
    assert text.count('class="line"') == found.PER_PAGE
    assert 'rel="next"' in text


def test_what_moved_in_the_original_stands_beside_the_translation(house: House, amina: TestClient, page: str) -> None:
    assert "À mettre à jour" not in amina.get(page).text
    _reword(house)
    text = amina.get(page).text
    assert "<ins>والتعاونيات</ins>" in text
    assert re.search('<p lang="ar" dir="rtl">', text)
    assert "L’original, en arabe" in text
    assert "À mettre à jour" in text
    assert '<textarea id="f-titles.fr" name="titles.fr" lang="fr" dir="ltr"' in text


def test_a_translation_written_beside_its_original_ends_the_note(house: House, amina: TestClient, page: str) -> None:
    public = f"/fr/recommendations/{_item(house).ref}"
    assert NOTE not in amina.get(public).text
    _reword(house)
    shown = amina.get(public).text
    assert shown.count(NOTE) == 1
    assert OTHER in shown
    assert NOTE not in amina.get(public.replace("/fr/", "/ar/")).text
    assert amina.get("/fr/meetings/rencontre-de-fes").text.count(NOTE) == 1
    assert "1 traduction à mettre à jour" in amina.get("/fr/workspace/desk").text

    answer = amina.post(page, data=_sent(amina, page) | {"titles.fr": "Accompagner aussi les coopératives"})

    assert answer.status_code == 303, answer.text
    assert NOTE not in amina.get(public).text
    assert "Accompagner aussi les coopératives" in amina.get(public).text
    assert "à mettre à jour" not in amina.get("/fr/workspace/desk").text


def test_still_right_is_a_tick_for_one_language(house: House, amina: TestClient, page: str) -> None:
    _reword(house)
    assert amina.post(page, data=_sent(amina, page, right="fr")).status_code == 303
    assert _item(house).made_of == {}
    assert NOTE not in amina.get(f"/fr/recommendations/{_item(house).ref}").text
    assert "Traductions modifiées" in amina.get(f"/fr/workspace/recommendations/{_item(house).ref}").text


def test_what_was_typed_over_another_version_stands_beside_what_stands_now(
    house: House, amina: TestClient, page: str
) -> None:
    sent = _sent(amina, page) | {"titles.fr": "Mon titre"}
    _reword(house)
    answer = amina.post(page, data=sent)
    assert answer.status_code == 409
    assert "Mon titre" in answer.text
    assert OTHER in answer.text
    assert _item(house).titles["fr"] == "Aider les entreprises à se certifier"
    again = form(answer.text, page).fields
    assert again["titles.fr"] == "Mon titre"
    assert amina.post(page, data=again | {"titles.ar": OTHER}).status_code == 303


def test_what_is_refused_is_said_at_its_field_with_what_was_typed(amina: TestClient, page: str) -> None:
    answer = amina.post(page, data=_sent(amina, page) | {"titles.fr": "Autre", "titles.ar": "", "original": "en"})
    assert answer.status_code == 422
    assert 'id="e-original"' in answer.text
    assert form(answer.text, page).fields["titles.fr"] == "Autre"
    emptied = amina.post(page, data=_sent(amina, page) | {"titles.fr": "", "titles.ar": " "})
    assert 'id="e-titles.ar"' in emptied.text
    assert amina.post(page, data=_sent(amina, page) | {"unit.fr": "?"}).status_code == 422


def test_another_original_is_named(house: House, amina: TestClient, page: str) -> None:
    assert amina.post(page, data=_sent(amina, page, original="fr")).status_code == 303
    assert _item(house).original_lang == "fr"
    assert "L’original, en français" in amina.get(page).text


def test_what_several_programmes_use_is_shown_to_each_and_changed_by_administrators(
    house: House, amina: TestClient
) -> None:
    shared = f"{LIST}/organisation/{house.made.organisations['agency']}"
    text = amina.get(shared).text
    assert "un administrateur" in text
    assert 'name="titles.fr"' not in text
    assert amina.post(shared, data={"titles.fr": "?"}).status_code == 403


def test_an_administrator_finds_bodies_posts_and_programmes(database: Database, application: ASGIApp) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        scenes.administrator(session, made)
        cookies = scenes.signed_in(made, "sara")
        kinds = set(session.scalars(sa.select(col(TranslationDue.kind)).distinct()))
        body = made.organisations["agency"]
    assert {TextKind.PROGRAMME, TextKind.ORGANISATION, TextKind.RECOMMENDATION} <= kinds
    sara = TestClient(application, base_url="http://127.0.0.1", follow_redirects=False)
    sara.cookies.update(cookies)
    sara.headers.update({"Sec-Fetch-Site": "same-origin"})
    assert "/organisation/" in sara.get(LIST).text
    assert "/recommendation/" not in sara.get(LIST).text
    page = f"{LIST}/organisation/{body}"
    assert sara.post(page, data=_sent(sara, page) | {"titles.en": "Agency"}).status_code == 303
    with database.read() as session:
        assert session.get_one(Organisation, body).titles["en"] == "Agency"


def test_a_form_of_the_thing_itself_says_which_language_is_the_original(house: House, amina: TestClient) -> None:
    _reword(house)
    text = amina.get(f"/fr/workspace/recommendations/{_item(house).ref}/edit").text
    assert re.search(r'>العربية · <bdi lang="fr">original</bdi></span>', text)
    assert re.search(r'>Français · <bdi lang="fr">à mettre à jour</bdi></span>', text)


@pytest.mark.parametrize("kind", TextKind)
def test_every_kind_has_its_page(house: House, amina: TestClient, kind: TextKind) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        action = scenes.action(made)
        scenes.support(made, action)
        actor = made.actor("amina")
        milestones.add(session, actor, action, titles={"fr": "Première maquette"})
        themes.create(session, actor, titles={"fr": "Exportation"})
        indicators.create(
            session, actor, made.programme.id, titles={"fr": "Ventes"}, target=Decimal(3), target_on=scenes.in_days(900)
        )
        session.flush()
        row = _any(session, made, kind, action)
        path = f"{LIST}/{kind}/{found.key_of(row)}"
    assert amina.get(path).status_code == 200


def _any(session: Any, made: Any, kind: TextKind, action: Any) -> Any:
    from_scene = {
        TextKind.PROGRAMME: made.programme,
        TextKind.MEETING: made.meeting,
        TextKind.RECOMMENDATION: made.recommendation,
        TextKind.ACTION: action,
    }
    if kind in from_scene:
        return from_scene[kind]
    model = MODELS[kind]
    table = table_of(model)
    return session.scalars(sa.select(model).order_by(*table.primary_key.columns).limit(1)).one()
