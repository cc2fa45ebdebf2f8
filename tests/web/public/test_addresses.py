"""Addresses of the public pages: one for each thing, former ones lead there, the first one asks for the language."""

import pytest

from app.db import Database
from app.models.meetings import SlugAlias
from tests.fixtures.pages import TestClient
from tests.published import Record

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("wish", "lang"), [("fr-MA,fr;q=0.9", "fr"), ("en", "en"), ("ar-MA", "ar"), ("de", "ar"), ("", "ar")]
)
def test_the_first_address_leads_to_the_readers_language(client: TestClient, wish: str, lang: str) -> None:
    answer = client.get("/", headers={"Accept-Language": wish})

    assert (answer.status_code, answer.headers["location"]) == (307, f"/{lang}/")
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("kind", ["recommendations/FM-2024-03", "actions/FM-2024-03.1", "actions/FM-2024-99.1"])
def test_any_letter_case_leads_to_the_one_spelling(client: TestClient, record: Record, kind: str) -> None:
    noun, _, ref = kind.partition("/")

    answer = client.get(f"/fr/{noun}/{ref.lower()}?before=x")

    assert (answer.status_code, answer.headers["location"]) == (308, f"/fr/{kind}?before=x")


@pytest.mark.parametrize(
    "path",
    ["recommendations/FM-2024-03.1", "actions/FM-2024-03", "recommendations/fm", "actions/%2e%2e", "recommendations/3"],
)
def test_a_reference_of_another_kind_is_not_there(client: TestClient, record: Record, path: str) -> None:
    assert client.get(f"/fr/{path}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "noun", "slug"),
    [
        ("programme", "programmes", "exports"),
        ("meeting", "meetings", "fez"),
        ("organisation", "organisations", "centre"),
    ],
)
def test_a_former_slug_leads_to_the_present_one(
    client: TestClient, record: Record, database: Database, kind: str, noun: str, slug: str
) -> None:
    targets = {"programme": record.programme.id, "meeting": record.meeting.id, "organisation": record.lead.id}
    with database.write() as session:
        session.add(SlugAlias(kind=kind, slug="formerly", target_id=targets[kind] or 0))

    answer = client.get(f"/ar/{noun}/formerly")

    assert (answer.status_code, answer.headers["location"]) == (308, f"/ar/{noun}/{slug}")


def test_a_former_slug_of_what_is_private_is_not_there(client: TestClient, record: Record, database: Database) -> None:
    with database.write() as session:
        session.add(SlugAlias(kind="meeting", slug="formerly", target_id=record.meeting.id + 1))

    assert client.get("/fr/meetings/formerly").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_public_pages_are_only_read(client: TestClient, record: Record, method: str) -> None:
    assert client.request(method, "/fr/").status_code == 405
