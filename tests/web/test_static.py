"""The static files as they are served: packed where it helps, named by their bytes, kept for ever."""

import pytest

from app import assets
from app.config import STATIC
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only


def test_the_sheet_is_packed_for_whoever_takes_it_so(client: TestClient) -> None:
    address, body = assets.url("app.css"), (STATIC / "app.css").read_bytes()

    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})

    assert packed.content == plain.content == body
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) * 2 < int(plain.headers["content-length"]) == len(body)
    assert packed.headers["etag"] != plain.headers["etag"]
    for answer in (packed, plain):
        assert answer.headers["content-type"].startswith("text/css")
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["cache-control"]


def test_who_has_the_file_is_not_sent_it_again(client: TestClient) -> None:
    address = assets.url("app.css")
    for coding in ("gzip", "identity"):
        own = {"Accept-Encoding": coding}
        etag = client.get(address, headers=own).headers["etag"]
        assert client.get(address, headers=own | {"If-None-Match": etag}).status_code == 304
        assert client.get(address, headers=own | {"If-None-Match": '"other"'}).status_code == 200


def test_the_head_is_that_of_the_file(client: TestClient) -> None:
    page, head = (method(assets.url("icon.svg")) for method in (client.get, client.head))

    own = {"x-request-id"}
    assert {name: head.headers[name] for name in head.headers.keys() - own} == {
        name: page.headers[name] for name in page.headers.keys() - own
    }
    assert head.content == b""
    assert client.get("/static/app.000000000000.css").status_code == 404
