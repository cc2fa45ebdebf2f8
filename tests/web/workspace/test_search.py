"""The page of the search, and its field in the header bar: what it finds, for whom, and what it says else."""

import pytest
from playwright.sync_api import Page, expect
from starlette.types import ASGIApp

from app.db import Database
from tests.fixtures.pages import TestClient
from tests.house import House

pytestmark = pytest.mark.sqlite_only
BASE = "/fr/workspace/search"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def test_nobody_finds_without_signing_in_and_an_outsider_finds_nothing(house: House, client: TestClient) -> None:
    ref = house.action()

    assert client.get(f"{BASE}?q=guide").headers["location"].startswith("/fr/sign-in?next=")
    assert ref not in house.browser("omar").get(f"{BASE}?q=guide").text
    assert ref in house.browser("amina").get(f"{BASE}?q=guide").text


def test_the_words_are_marked_where_they_stand_in_their_own_spelling(house: House) -> None:
    house.action()

    assert "Guide des <mark>certificats</mark> exigés" in house.browser("amina").get(f"{BASE}?q=CERTIFICAT").text
    assert "<mark>الشهادات</mark>" in house.browser("amina").get("/ar/workspace/search?q=شهادة").text


def test_a_title_is_shown_in_the_language_of_the_page_whatever_the_readers_own_is(house: House) -> None:
    """Amina reads French by default, and has opened the English page."""
    house.action()
    amina = house.browser("amina")

    assert "Guide to <mark>certificates</mark>" in amina.get("/en/workspace/search?q=certificates").text
    assert "certificats <mark>exigés</mark>" in amina.get("/en/workspace/search?q=exigés").text


def test_what_was_typed_is_text_and_nothing_else(house: House) -> None:
    page = house.browser("amina").get(BASE, params={"q": '<b>"x" OR kan*'}).text

    assert "<b>" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("query", ["", "?q=zzz", "?q=zzz&year=2024&state=verified&kind=action", "?q=guide"])
def test_every_situation_has_its_page_in_every_language(house: House, lang: str, query: str) -> None:
    house.action()

    assert house.browser("nadia").get(f"/{lang}/workspace/search{query}").status_code == 200


def test_a_bad_value_is_told_and_the_other_filters_stay(house: House) -> None:
    for bad in ("year=99", "kind=brief", "state=gone", "organisation=nobody", f"q={'x' * 101}"):
        page = house.browser("amina").get(f"{BASE}?kind=action&{bad}" if "kind" not in bad else f"{BASE}?{bad}")
        assert page.status_code == 400, bad
    kept = house.browser("amina").get(f"{BASE}?q=guide&kind=action&year=99")
    assert f"{BASE}?q=guide&amp;kind=action" in kept.text
    assert house.browser("amina").get(f"{BASE}?q=guide&after=nonsense").status_code == 400


def test_the_field_stands_on_every_page_of_the_workspace_and_needs_no_script(house: House) -> None:
    page = house.browser("karim").get("/fr/workspace/mine").text

    assert f'action="{BASE}"' in page
    assert 'name="q"' in page


@pytest.mark.browser
def test_the_slash_leads_to_the_field_and_enter_to_the_results(page: Page) -> None:
    page.goto("/fr/sign-in")
    page.locator("#cast button", has_text="أمينة برادة").click()
    page.wait_for_url("**/workspace/**")

    page.keyboard.press("/")
    page.keyboard.type("certificats")
    page.keyboard.press("Enter")

    expect(page.locator("mark").first).to_be_visible()
