"""The pages of indicators: a stranger's 404, made by the secretariat, values in place, the public line."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from app.db import Database
from app.models.indicators import Indicator, IndicatorValue
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
ROOM = "/fr/workspace/indicators"
Cookies = dict[str, dict[str, str]]
AIM = {
    "programme": "programme-de-fes",
    "titles.fr": "Exportations de la région",
    "unit.fr": "milliards de dirhams",
    "baseline": "2,6",
    "baseline_on": "2024-11-28",
    "target": "3.5",
    "target_on": "2027-12-31",
    "word_every": "quarter",
}
VALUE = {"of_on": "2026-09-30", "value": "2,71", "source": "Office des changes", "link": "https://www.oc.gov.ma/"}


@pytest.fixture(autouse=True)
def on_a_friday() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def cookies(database: Database) -> Cookies:
    with database.write() as session:
        made = scenes.scene(session, published=True)
        AIM["post_id"] = str(made.posts["karim"])
        AIM["recommendation"] = ""
        return {name: scenes.signed_in(made, name) for name in ("omar", "karim", "amina", "nadia", "salma")}


def enter(client: TestClient, cookies: Cookies, name: str) -> TestClient:
    client.cookies.clear()
    for key, value in cookies[name].items():
        client.cookies.set(key, value)
    return client


def made(client: TestClient, cookies: Cookies, **changes: str) -> str:
    answer = enter(client, cookies, "amina").post(ROOM, data=AIM | changes, headers=HOME)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("?")[0])


def test_a_stranger_finds_no_indicator_and_enters_no_value(
    client: TestClient, database: Database, cookies: Cookies
) -> None:
    page = made(client, cookies)
    for name in ("omar", "salma"):
        stranger = enter(client, cookies, name)
        assert stranger.get(page).status_code == 404
        assert stranger.post(f"{page}/values", data=VALUE, headers=HOME).status_code == 404
        assert "Exportations" not in stranger.get(ROOM).text
    with database.read() as session:
        assert not session.scalars(sa.select(IndicatorValue)).all()


def test_an_observer_reads_it_and_changes_nothing(client: TestClient, cookies: Cookies) -> None:
    page = made(client, cookies)
    nadia = enter(client, cookies, "nadia")

    shown = nadia.get(page).text
    assert "Exportations de la région" in shown
    assert f'action="{page}' not in shown
    assert nadia.post(f"{page}/values", data=VALUE, headers=HOME).status_code == 403
    assert nadia.post(page, data=AIM, headers=HOME).status_code in {403, 422}


def test_its_keeper_enters_a_value_and_the_public_sees_the_line_once_it_is_published(
    client: TestClient, database: Database, cookies: Cookies
) -> None:
    page = made(client, cookies)
    karim = enter(client, cookies, "karim")
    assert f'action="{page}/values"' in karim.get(page).text
    assert karim.post(f"{page}/values", data=VALUE, headers=HOME).status_code == 303

    assert "Exportations" not in client.get("/fr/programmes/programme-de-fes").text
    enter(client, cookies, "amina").post(f"{page}/publication", headers=HOME)
    public = client.get("/fr/programmes/programme-de-fes").text
    assert "Exportations de la région" in public
    assert "2,71" in public
    assert 'class="chart trend"' in public
    assert "Office des changes" in public
    assert "Karim" not in public
    assert client.get("/ar/programmes/programme-de-fes").text.count('<svg class="chart trend"') == 1

    enter(client, cookies, "amina").post(f"{page}/withdrawal", data={"reason": "À revoir."}, headers=HOME)
    assert "Exportations" not in client.get("/fr/programmes/programme-de-fes").text


def test_one_of_a_recommendation_stands_on_its_page_alone(client: TestClient, cookies: Cookies) -> None:
    page = made(client, cookies, recommendation="fm-2026-01")
    amina = enter(client, cookies, "amina")
    amina.post(f"{page}/values", data=VALUE, headers=HOME)
    amina.post(f"{page}/publication", headers=HOME)

    assert "Exportations de la région" in client.get("/fr/recommendations/FM-2026-01").text
    assert "Exportations de la région" not in client.get("/fr/programmes/programme-de-fes").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "2,600"}, "value"),
        ({"value": "beaucoup"}, "value"),
        ({"value": "1e9"}, "value"),
        ({"of_on": "2026-12-01"}, "of_on"),
        ({"of_on": "hier"}, "of_on"),
        ({"source": " "}, "source"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_bad_input_is_answered_in_place_with_what_was_typed(
    client: TestClient, database: Database, cookies: Cookies, changes: dict[str, str], field: str
) -> None:
    page = made(client, cookies)

    answer = enter(client, cookies, "karim").post(f"{page}/values", data=VALUE | changes, headers=HOME)

    assert answer.status_code == 422
    assert f'href="#f-value-{field}"' in answer.text
    assert 'value="https://www.oc.gov.ma/"' in answer.text or field == "link"
    with database.read() as session:
        assert not session.scalars(sa.select(IndicatorValue)).all()


@pytest.mark.parametrize(
    ("changes", "field"), [({"target": "2.600"}, "target"), ({"target": ""}, "target"), ({"post_id": ""}, "post_id")]
)
def test_an_aim_that_makes_no_sense_is_answered_in_place(
    client: TestClient, database: Database, cookies: Cookies, changes: dict[str, str], field: str
) -> None:
    answer = enter(client, cookies, "amina").post(ROOM, data=AIM | changes, headers=HOME)

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    with database.read() as session:
        assert not session.scalars(sa.select(Indicator)).all()


def test_a_correction_keeps_the_value_before_for_the_house_and_says_corrected_in_public(
    client: TestClient, database: Database, cookies: Cookies
) -> None:
    page = made(client, cookies)
    karim = enter(client, cookies, "karim")
    karim.post(f"{page}/values", data=VALUE | {"value": "27,1"}, headers=HOME)
    with database.read() as session:
        [value_id] = session.scalars(sa.select(col(IndicatorValue.id))).all()

    way = f"{page}/values/{value_id}/correction"
    assert karim.post(way, data=VALUE, headers=HOME).status_code == 422
    assert karim.post(way, data=VALUE | {"reason": "Une virgule."}, headers=HOME).status_code == 303

    assert "<s>" in karim.get(page).text
    enter(client, cookies, "amina").post(f"{page}/publication", headers=HOME)
    public = client.get("/fr/programmes/programme-de-fes").text
    assert "corrigée le" in public
    assert "27,1" not in public
    assert "Une virgule" not in public


def test_saving_the_form_as_it_stands_changes_no_figure(
    client: TestClient, database: Database, cookies: Cookies
) -> None:
    page = made(client, cookies, target="3,6250")
    shown = enter(client, cookies, "amina").get(page).text
    assert 'value="3.6250"' in shown

    answer = client.post(page, data={k: v for k, v in AIM.items() if k not in {"programme", "recommendation"}} | {
        "target": "3.6250", "version": "1"}, headers=HOME)  # fmt: skip
    assert answer.status_code == 303
    with database.read() as session:
        [own] = session.scalars(sa.select(Indicator)).all()
    assert (str(own.target), own.version) == ("3.625", 2)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_the_pages_open_in_three_languages(client: TestClient, cookies: Cookies, lang: str) -> None:
    page = made(client, cookies).replace("/fr/", f"/{lang}/")
    enter(client, cookies, "karim").post(f"{page}/values", data=VALUE, headers=HOME)
    amina = enter(client, cookies, "amina")

    for address in (page, f"/{lang}/workspace/indicators", f"/{lang}/workspace/indicators/new"):
        answer = amina.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"


def test_a_search_leads_its_readers_to_its_page_and_others_to_its_public_line(
    client: TestClient, cookies: Cookies
) -> None:
    where = made(client, cookies)
    line = f"/fr/programmes/programme-de-fes#indicator-{where.rpartition('/')[2]}"
    search = "/fr/workspace/search?q=dirham&kind=indicator"

    assert f'href="{where}"' in enter(client, cookies, "amina").get(search).text
    assert f'href="{where}"' in enter(client, cookies, "karim").get(search).text
    assert "milliards de <mark>dirhams</mark>" in client.get(search).text
    assert '<span class="reason">Indicateur</span>' in client.get(search).text
    for name in ("omar", "salma"):
        assert "Exportations" not in enter(client, cookies, name).get(search).text

    enter(client, cookies, "amina").post(f"{where}/publication", headers=HOME)
    shown = enter(client, cookies, "omar").get(search).text
    assert (f'href="{line}"' in shown, where in shown) == (True, False)
    assert f'id="{line.partition("#")[2]}"' in client.get(line.partition("#")[0]).text

    enter(client, cookies, "amina").post(f"{where}/withdrawal", data={"reason": "Erreur."}, headers=HOME)
    assert line not in enter(client, cookies, "omar").get(search).text
