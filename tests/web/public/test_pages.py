"""What holds for every public page: drafts don't exist, three languages, no cookie, few bytes, few statements."""

import re

import pytest

from app import assets
from app.config import STATIC
from app.db import Database
from tests import published
from tests.fixtures.pages import TestClient
from tests.published import CANARY, Record
from tests.web.public.conftest import Counting

pytestmark = pytest.mark.sqlite_only

# Every page, and how many statements it takes whatever it holds.
PAGES = {
    "": 7,
    "meetings/": 3,
    "meetings/fez": 4,
    "programmes/exports": 5,
    "recommendations/FM-2024-03": 7,
    "recommendations/FM-2024-04": 6,
    "actions/FM-2024-03.1": 6,
    "actions/FM-2024-03.2": 6,
    "organisations/centre": 5,
    "about": 0,
    "privacy": 0,
    "record": 1,
}
HIDDEN = [
    "programmes/canary-programme",
    "meetings/canary-meeting",
    "meetings/canary-draft",
    "recommendations/FM-2024-05",
    "recommendations/RSK-2024-01",
    "actions/FM-2024-03.8",
    "actions/FM-2024-03.9",
    "actions/FM-2024-05.1",
    "actions/RSK-2024-01.1",
    "organisations/canary-body",
]
MOST = 60_000


@pytest.mark.parametrize("path", HIDDEN)
def test_what_is_not_public_is_not_there(client: TestClient, record: Record, path: str) -> None:
    hidden, never = client.get(f"/fr/{path}"), client.get("/fr/meetings/never-existed")

    assert hidden.status_code == never.status_code == 404
    assert re.sub(r"/(ar|fr|en)/[^\"]*", "", hidden.text) == re.sub(r"/(ar|fr|en)/[^\"]*", "", never.text)


@pytest.mark.parametrize("is_report_public", [False, True])
def test_no_private_word_is_in_any_public_byte(client: TestClient, database: Database, is_report_public: bool) -> None:
    with database.write() as session:
        published.write(session, is_report_public=is_report_public)

    found = [
        f"{lang} {path}: {match.group()}"
        for lang in ("ar", "fr", "en")
        for path in (*PAGES, *HIDDEN)
        for match in re.finditer(rf".{{20}}{CANARY}.{{20}}", client.get(f"/{lang}/{path}").text, re.IGNORECASE)
        if "canary" not in match.group()  # the address that was asked for
    ]

    assert not found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_every_page_speaks_three_languages(client: TestClient, record: Record, path: str, lang: str) -> None:
    answer = client.get(f"/{lang}/{path}")

    assert answer.status_code == 200
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_what_is_not_there_says_so_in_the_readers_language(client: TestClient, lang: str) -> None:
    answer = client.get(f"/{lang}/recommendations/FM-2024-99")

    assert answer.status_code == 404
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_an_unknown_language_is_nothing(client: TestClient) -> None:
    assert client.get("/de/").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_light_and_set_no_cookie(client: TestClient, record: Record, path: str) -> None:
    answer = client.get(f"/ar/{path}")
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', answer.text)

    assert len(answer.content) + sum((assets.find(name) or STATIC).stat().st_size for name in sheets) <= MOST
    assert len(sheets) == 1
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_a_fixed_number_of_statements(
    client: TestClient, record: Record, statements: Counting, path: str
) -> None:
    with statements() as seen:
        client.get(f"/fr/{path}")

    assert len(seen) == PAGES[path], "\n\n".join(seen)


def test_a_longer_list_takes_no_more_statements(
    client: TestClient, record: Record, database: Database, statements: Counting
) -> None:
    with database.write() as session:
        published.lengthen(session, record)

    for path in ("", "meetings/", "meetings/fez", "recommendations/FM-2024-03", "organisations/centre"):
        with statements() as seen:
            answer = client.get(f"/ar/{path}")
        assert len(seen) == PAGES[path], "\n\n".join(seen)
        assert len(answer.content) + (STATIC / "app.css").stat().st_size <= MOST, path


@pytest.mark.parametrize(
    "path", ["meetings/", "programmes/exports", "recommendations/FM-2024-03", "actions/FM-2024-03.1"]
)
@pytest.mark.parametrize("cursor", ["x", "!!", "WzFd", "WyIyMDI2LTEzLTQwIiwxXQ", "é", "A" * 5000])
def test_a_senseless_place_in_a_list_is_said_to_be_one(
    client: TestClient, record: Record, path: str, cursor: str
) -> None:
    answer = client.get(f"/fr/{path}", params={"before": cursor})

    assert answer.status_code == 400
    assert f'href="/fr/{path}"' in answer.text
