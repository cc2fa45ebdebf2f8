"""Public pages from memory: never older than the last change, the same for everybody, bounded."""

import datetime as dt
import re

import pytest
import time_machine
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.updates import Update
from app.web import cacheable, public
from app.web.public import cache
from tests import published
from tests.fixtures.pages import TestClient
from tests.published import Record
from tests.web.public.conftest import Counting

pytestmark = pytest.mark.sqlite_only
STORY = "/fr/recommendations/FM-2024-03"


def test_a_page_asked_for_again_reads_nothing(client: TestClient, record: Record, statements: Counting) -> None:
    first = client.get(STORY)

    with statements() as seen:
        second = client.get(STORY)

    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert not seen


def test_caches_are_told_what_they_may_do(client: TestClient, record: Record) -> None:
    answer = client.get(STORY)

    assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    assert answer.headers["etag"].startswith('"')
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_next_request_shows_what_was_just_committed(client: TestClient, record: Record, database: Database) -> None:
    before = client.get(STORY)

    with database.write() as session:
        meeting = session.get_one(Meeting, record.meeting.id)
        meeting.titles = meeting.titles | {"fr": "Une autre ville"}
    after = client.get(STORY, headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert "Une autre ville" in after.text
    assert after.headers["etag"] != before.headers["etag"]


def test_what_is_withdrawn_is_gone_at_once(client: TestClient, record: Record, database: Database) -> None:
    assert client.get("/fr/actions/FM-2024-03.1").status_code == 200

    with database.write() as session:
        session.get_one(Action, record.done.id).is_public = False

    assert client.get("/fr/actions/FM-2024-03.1").status_code == 404


def test_words_are_there_once_they_are_released(client: TestClient, record: Record, database: Database) -> None:
    with database.write() as session:
        row = published.act(session, record.late, *_REPORT, "2026-11-20", "Trois réunions tenues", released=False)
        update_id = row.id
    assert "Trois réunions tenues" not in client.get(STORY).text

    with database.write() as session:
        session.get_one(Update, update_id).released_at = published.NOW

    assert "Trois réunions tenues" in client.get(STORY).text


def test_an_unfinished_change_is_not_shown(client: TestClient, record: Record, database: Database) -> None:
    before = client.get(STORY)

    with database.write() as session:
        session.get_one(Meeting, record.meeting.id).titles = {"fr": "Pas encore"}
        session.flush()
        during = client.get(STORY)
        session.rollback()

    assert during.content == before.content == client.get(STORY).content


def test_who_has_the_page_is_not_sent_it_again(client: TestClient, record: Record) -> None:
    etag = client.get(STORY).headers["etag"]

    for wanted in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = client.get(STORY, headers={"If-None-Match": wanted})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
    assert client.get(STORY, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_head_is_that_of_the_page_without_its_body(client: TestClient, record: Record) -> None:
    unasked = client.head(STORY)
    page = client.get(STORY)
    known = client.head(STORY)

    for head in (unasked, known):
        assert head.headers["content-encoding"] == page.headers["content-encoding"] == "gzip"
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == page.headers["content-length"]
        assert head.headers["etag"] == page.headers["etag"]


def test_a_new_day_makes_a_new_page_without_any_change(client: TestClient, record: Record) -> None:
    today = client.get("/en/actions/FM-2024-03.2").text

    with time_machine.travel(published.NOW + dt.timedelta(days=1), tick=False):
        tomorrow = client.get("/en/actions/FM-2024-03.2").text

    assert "12 days overdue" in today
    assert "13 days overdue" in tomorrow


def test_the_bytes_are_the_same_signed_in_or_out(client: TestClient, record: Record) -> None:
    out = client.get(STORY)
    signed_in = client.get(STORY, headers={"Cookie": "tatbiq=anything; __Host-tatbiq=other"})

    assert signed_in.content == out.content
    assert out.headers["vary"] == signed_in.headers["vary"] == "Accept-Encoding"


def test_what_a_page_does_not_know_costs_nothing_and_stands_nowhere(
    client: TestClient, record: Record, statements: Counting
) -> None:
    page = client.get(STORY)

    with statements() as seen:
        answers = [client.get(f"{STORY}?{query}") for query in ("x=1", "utm=1&after=2", "before=", "said=saved")]

    assert {answer.content for answer in answers} == {page.content}
    assert not seen


def test_a_place_in_a_list_is_known_in_every_spelling(
    client: TestClient, record: Record, database: Database, statements: Counting
) -> None:
    with database.write() as session:
        published.lengthen(session, record)
    before = re.findall(r'href="[^"]+[?](before=[^"]+)"', client.get(STORY).text)[-1]
    second = client.get(f"{STORY}?{before}")

    with statements() as seen:
        again = client.get(f"{STORY}?x=2&{before}")

    assert again.content == second.content != client.get(STORY).content
    assert f'href="/ar/recommendations/FM-2024-03?{before}"' in second.text
    assert not seen


def test_every_public_page_is_in_the_table_of_what_its_query_means() -> None:
    found = {}
    for route in public.router.routes:
        assert isinstance(route, APIRoute)
        if route.path != "/":
            place = re.sub(r"{\w+}(\.ics)?", "*", route.path.removeprefix("/{lang}/")).replace(
                "/calendars/*", "calendars"
            )
            found[place] = frozenset(parameter.name for parameter in route.dependant.query_params)

    assert found.pop("actions/*/evidence/*") == frozenset()  # a file: whether it is public still is asked each time
    assert found.pop("record") == frozenset()  # follows the clock, not what people change: asked for each time
    assert found == cacheable.PAGES


@pytest.mark.parametrize("path", ["/fr/workspace/actions?x=1", "/fr/meetings?x=1", "/xx/?x=1", "/fr/about/more?x=1"])
def test_the_query_of_other_pages_is_left_as_it_is(path: str) -> None:
    bare, _, query = path.partition("?")

    assert cacheable.known_query(bare, query.encode()) is None


@pytest.mark.parametrize(("limit", "most"), [("MOST_PAGES", 2), ("MOST_BYTES", 60_000)])
def test_the_memory_has_an_end(
    application: ASGIApp, client: TestClient, record: Record, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(cache, limit, most)
    memory = _memory(application)
    for lang in ("ar", "fr", "en"):
        for coding in ("gzip", "identity"):
            for path in ("about", "privacy", "meetings/", "", "recommendations/FM-2024-03"):
                answer = client.get(f"/{lang}/{path}", headers={"Accept-Encoding": coding})
                assert answer.status_code == 200
                assert memory.size == sum(len(page.body) for page in memory.pages.values()) <= cache.MOST_BYTES
                assert 1 <= len(memory.pages) <= cache.MOST_PAGES


def test_pages_are_packed_for_whoever_takes_them_so(client: TestClient, record: Record) -> None:
    plain = client.get(STORY, headers={"Accept-Encoding": "identity"})
    packed = client.get(STORY, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    again = client.get(STORY, headers={"Accept-Encoding": "gzip;q=0"})

    assert "content-encoding" not in {*plain.headers, *again.headers}
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content == again.content
    assert int(packed.headers["content-length"]) * 3 < int(plain.headers["content-length"])
    assert plain.headers["etag"] == again.headers["etag"] != packed.headers["etag"]
    for answer in (plain, packed):
        assert answer.headers["vary"] == "Accept-Encoding"


def test_the_name_of_one_coding_is_not_that_of_the_other(client: TestClient, record: Record) -> None:
    plain, packed = ({"Accept-Encoding": coding} for coding in ("identity", "gzip"))
    names = [client.get(STORY, headers=coding).headers["etag"] for coding in (plain, packed)]

    for own, (name, other) in ((plain, names), (packed, names[::-1])):
        known = client.get(STORY, headers=own | {"If-None-Match": name})
        assert (known.status_code, known.headers["etag"], known.headers["vary"]) == (304, name, "Accept-Encoding")
        assert client.get(STORY, headers=own | {"If-None-Match": other}).status_code == 200


def test_what_holds_a_secret_is_never_packed(client: TestClient, record: Record) -> None:
    for path in ("/fr/sign-in", "/fr/u/no-such-key", "/fr/workspace/"):
        assert "content-encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


def _memory(application: ASGIApp) -> cache.Cached:
    layer = application
    while not isinstance(layer, cache.Cached):
        layer = layer.app  # type: ignore[attr-defined]
    return layer


def test_errors_and_redirects_are_not_kept(client: TestClient, record: Record, statements: Counting) -> None:
    client.get("/fr/meetings/nowhere")

    with statements() as seen:
        assert client.get("/fr/meetings/nowhere").status_code == 404

    assert seen


_REPORT = (Verb.REPORT, State.IN_PROGRESS)
