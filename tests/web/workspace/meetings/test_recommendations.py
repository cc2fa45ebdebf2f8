"""A recommendation in the workspace: planning and assigning, its words, its response, publishing and closing."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from httpx import Response as Answer
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.progress import Closure, Response
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport
from app.models.notifications import Envelope
from app.models.recommendations import Recommendation
from tests import builders, scenes
from tests.builders import instant
from tests.fixtures.markup import form, forms
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure
from tests.house import House

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


@pytest.fixture
def amina(house: House) -> TestClient:
    return house.browser("amina")


@pytest.fixture
def home(house: House) -> str:
    return f"/fr/workspace/recommendations/{house.made.recommendation.ref}"


def test_the_outsider_finds_nothing_of_what_is_not_public(house: House) -> None:
    with house.database.write() as session:
        hidden = scenes.recommendation(house.made.within(session)).ref
    home = f"/fr/workspace/recommendations/{hidden}"
    assert house.browser("omar").get(home).status_code == 404
    assert house.browser("karim").get(home).status_code == 404
    assert house.browser("nadia").get(home).status_code == 200


def test_who_may_read_may_not_change(house: House, home: str) -> None:
    for name in ("omar", "karim", "nadia", "youssef"):
        client = house.browser(name)
        assert home not in {sent.action.rsplit("/", 1)[0] for sent in forms(client.get(home).text)}
        for act in ("edit", "response", "withdrawal", "closure"):
            assert client.get(f"{home}/{act}").status_code == 404
        for act in ("actions", "edit", "response", "publication", "withdrawal", "closure"):
            assert client.post(f"{home}/{act}", data={"once": name + act}).status_code == 404


def test_only_the_house_reads_the_history(house: House, amina: TestClient, home: str) -> None:
    assert 'class="plain deeds"' in amina.get(home).text
    assert 'class="plain deeds"' in house.browser("youssef").get(home).text
    assert 'class="plain deeds"' not in house.browser("nadia").get(home).text


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Pacific/Auckland", "2026-11-23T20:00", "24 novembre 2026"),
        ("America/New_York", "2026-11-24T02:00", "23 novembre 2026"),
    ],
)
def test_the_day_of_the_response_is_the_local_one(
    house: House, amina: TestClient, home: str, configure: Configure, zone: str, at: str, day: str
) -> None:
    configure(timezone=zone)
    with house.database.write() as session:
        session.get_one(Recommendation, house.made.ids["recommendation"]).responded_at = instant(at)
    side = amina.get(home).text.partition('<aside class="side">')[2]
    assert day in side.replace("\xa0", " ").partition("</section>")[0]


def test_any_letter_case_leads_to_the_one_address(amina: TestClient, home: str) -> None:
    answer = amina.get(home.lower())
    assert (answer.status_code, answer.headers["location"]) == (308, home)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("path", ["", "/edit", "/response", "/withdrawal", "/closure"])
def test_every_page_stands_in_three_languages(amina: TestClient, home: str, lang: str, path: str) -> None:
    page = amina.get(f"/{lang}{home.removeprefix('/fr')}{path}")
    assert page.status_code == 200
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in page.text


def test_an_action_is_planned_as_a_draft_which_no_one_hears_of(house: House, amina: TestClient, home: str) -> None:
    assert _plan(amina, home).status_code == 303
    action = _only_action(house)
    assert (action.state, action.titles) == (State.DRAFT, {"fr": "Ouvrir un guichet"})
    assert _messages(house) == []


def test_an_action_is_planned_and_assigned_in_one_press(house: House, amina: TestClient, home: str) -> None:
    post, body = house.made.posts["karim"], house.made.organisations["agency"]
    answer = _plan(amina, home, owner_post_id=str(post), due_on="2031-03-31", supporting=[str(body)], assign="1")
    assert answer.headers["location"].endswith("said=assigned")
    action = _only_action(house)
    assert (action.state, action.baseline_on) == (State.ASSIGNED, dt.date(2031, 3, 31))
    assert _messages(house) == ["action_assigned"]
    with house.database.read() as session:
        assert session.scalars(sa.select(col(ActionSupport.organisation_id))).all() == [body]
        recommendation = session.scalars(sa.select(Recommendation)).one()
        assert recommendation.response == Response.ACCEPTED


def test_looking_for_a_post_writes_nothing_and_keeps_what_was_typed(house: House, amina: TestClient, home: str) -> None:
    with house.database.write() as session:
        bodies = [builders.organisation(session, slug=f"body-{number:03}") for number in range(40)]
        posts = [builders.post(session, body, titles={"fr": f"Chef {body.slug}"}) for body in bodies]
        wanted, body = posts[37].id, bodies[5].id
    page = amina.get(home).text
    assert 'name="post_words"' in page
    assert "Chef body-037" not in page

    found = _plan(amina, home, find="1", post_words="chef BODY-037", supporting=[str(body)], due_on="2031-03-31")

    assert found.status_code == 200
    assert re.search(rf'<option value="{wanted}"[^>]*>[^<]*Chef body-037', found.text)
    assert "Chef body-036" not in found.text
    assert re.search(rf'name="supporting" value="{body}" checked', found.text)
    assert all(kept in found.text for kept in ("Ouvrir un guichet", "2031-03-31", "chef BODY-037"))
    with house.database.read() as session:
        assert session.scalars(sa.select(Action)).all() == []

    chosen = _plan(amina, home, post_words="chef", owner_post_id=str(wanted), due_on="2031-03-31", assign="1")
    assert chosen.status_code == 303
    assert _only_action(house).owner_post_id == wanted


def test_assigning_without_post_or_date_makes_nothing_and_keeps_the_words(
    house: House, amina: TestClient, home: str
) -> None:
    answer = _plan(amina, home, assign="1", description="Détails")
    assert answer.status_code == 422
    assert 'value="Ouvrir un guichet"' in answer.text
    assert "Détails" in answer.text
    with house.database.read() as session:
        assert session.scalars(sa.select(Action)).all() == []
        assert session.scalars(sa.select(col(Recommendation.last_action_number))).one() == 0


def test_two_presses_of_assign_make_one_action(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(home).text, "/actions").fields | {"titles.fr": "Ouvrir un guichet"}
    assert [amina.post(f"{home}/actions", data=sent).status_code for _ in range(2)] == [303, 303]
    assert _only_action(house)


def test_an_edit_of_the_original_marks_the_translation_as_outdated(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(f"{home}/edit").text, "/edit").fields
    assert amina.post(f"{home}/edit", data={**sent, "titles.ar": "عنوان جديد", "is_priority": "1"}).status_code == 303
    item = _item(house)
    assert item.titles["ar"] == "عنوان جديد"
    assert list(item.made_of["titles"]) == ["fr"]
    assert item.is_priority


def test_an_edit_that_touches_nothing_unticks_nothing(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(f"{home}/edit").text, "/edit").fields
    amina.post(f"{home}/edit", data={**sent, "is_priority": "1"})
    sent = form(amina.get(f"{home}/edit").text, "/edit").fields
    amina.post(f"{home}/edit", data=sent)
    assert _item(house).is_priority


def test_a_stale_edit_shows_both_versions(amina: TestClient, home: str) -> None:
    first, second = (form(amina.get(f"{home}/edit").text, "/edit").fields for _ in range(2))
    amina.post(f"{home}/edit", data={**first, "titles.fr": "La première main"})
    answer = amina.post(f"{home}/edit", data={**second, "titles.fr": "La seconde main"})
    assert answer.status_code == 409
    assert "La première main" in answer.text
    assert "La seconde main" in answer.text


@pytest.mark.parametrize(
    ("response", "needed"),
    [
        ("not_accepted", {"reason": "Hors du domaine"}),
        ("accepted_in_part", {"reason": "Une partie"}),
        ("referred", {"referred_to": "Le conseil régional"}),
    ],
)
def test_a_response_that_ends_something_needs_its_reason(
    house: House, amina: TestClient, home: str, response: str, needed: dict[str, str]
) -> None:
    sent = form(amina.get(f"{home}/response").text, "/response").fields | {"response": response}
    assert amina.post(f"{home}/response", data=sent).status_code == 422
    assert _item(house).response == Response.PENDING
    assert amina.post(f"{home}/response", data=sent | needed).status_code == 303
    assert _item(house).response == response


def test_it_is_merged_into_another_one_by_its_reference(house: House, amina: TestClient, home: str) -> None:
    with house.database.write() as session:
        other = scenes.recommendation(house.made.within(session))
        ref, other_id = other.ref, other.id
    sent = form(amina.get(f"{home}/response").text, "/response").fields | {"response": "merged"}
    assert amina.post(f"{home}/response", data=sent | {"merged_into": "FM-1999-01"}).status_code == 422
    assert amina.post(f"{home}/response", data=sent | {"merged_into": ref.lower()}).status_code == 303
    assert _item(house).merged_into_id == other_id


def test_it_is_withdrawn_with_a_private_reason_and_published_again(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(f"{home}/withdrawal").text, "/withdrawal").fields
    assert amina.post(f"{home}/withdrawal", data=sent).status_code == 422
    assert amina.post(f"{home}/withdrawal", data=sent | {"reason": "Trop tôt"}).status_code == 303
    assert not _item(house).is_public
    amina.post(f"{home}/publication", data=form(amina.get(home).text, "/publication").fields)
    assert _item(house).is_public


def test_it_is_closed_with_a_public_reason(house: House, amina: TestClient, home: str) -> None:
    sent = form(amina.get(f"{home}/closure").text, "/closure").fields | {"closure": "no_longer_applicable"}
    assert amina.post(f"{home}/closure", data=sent).status_code == 422
    assert amina.post(f"{home}/closure", data=sent | {"reason": "La loi a changé"}).status_code == 303
    assert _item(house).closure == Closure.NO_LONGER_APPLICABLE
    assert "La loi a changé" in amina.get(home).text


def _plan(client: TestClient, home: str, **typed: str | list[str]) -> Answer:
    sent = form(client.get(home).text, "/actions").fields
    words = {"titles.fr": "Ouvrir un guichet", "titles.ar": ""}
    answer: Answer = client.post(f"{home}/actions", data={**sent, **words, **typed})
    return answer


def _only_action(house: House) -> Action:
    with house.database.read() as session:
        return session.scalars(sa.select(Action)).one()


def _messages(house: House) -> list[str]:
    with house.database.read() as session:
        return [str(kind) for kind in session.scalars(sa.select(col(Envelope.kind)))]


def _item(house: House) -> Recommendation:
    with house.database.read() as session:
        ref = house.made.recommendation.ref
        return session.scalars(sa.select(Recommendation).where(col(Recommendation.ref) == ref)).one()


def test_an_assigned_action_is_published_from_its_row_and_a_draft_is_not(house: House, amina: TestClient) -> None:
    home = f"/fr/workspace/recommendations/{house.made.recommendation.ref}"
    draft, ready = house.action(State.DRAFT), house.action(State.ASSIGNED)
    page = amina.get(home).text
    assert f"/{draft}/publication" not in page
    assert "/publication" not in amina.get(f"/fr/workspace/actions/{draft}").text
    sent = form(page, f"/{ready}/publication")
    assert amina.post(sent.action, data=sent.fields).headers["location"] == f"{home}?said=published"
    assert house.row(ready).is_public
