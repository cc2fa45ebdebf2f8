"""A printed page leads back to itself; the code is drawn for our own public addresses alone."""

import pytest

from app.formats import qr
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(("path", "own"), [("", ""), ("meetings/?x=1", "meetings/"), ("about", "about")])
def test_the_code_below_a_page_is_of_its_own_address(client: TestClient, path: str, own: str) -> None:
    page = client.get(f"/fr/{path}").text
    address = page.partition('class="printed" src="')[2].partition('"')[0]

    answer = client.get(address)

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content == qr.svg(f"http://127.0.0.1:8000/fr/{own}")


@pytest.mark.parametrize(
    "page", ["workspace/desk", "u/abc", "recommendations/a/b", "//evil.example", "x", "meetings/" + "m" * 300]
)
def test_nothing_else_is_drawn(client: TestClient, page: str) -> None:
    assert client.get("/fr/qr.svg", params={"page": page}).status_code == 404
