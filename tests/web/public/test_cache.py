"""Public pages from memory: never older than the last change, the same for everybody, bounded."""

import datetime as dt

import pytest
import time_machine

from app.db import Database
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.updates import Update
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
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(page.content))
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
    assert "vary" not in {name.lower() for name in out.headers}


def test_other_query_values_do_not_fill_the_memory(client: TestClient, record: Record, statements: Counting) -> None:
    client.get(f"{STORY}?utm=1")

    with statements() as seen:
        client.get(f"{STORY}?utm=1")

    assert seen


def test_the_memory_has_an_end(client: TestClient, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_PAGES", 2)
    for path in ("about", "privacy", "meetings/", "about"):
        assert client.get(f"/fr/{path}").status_code == 200


def test_errors_and_redirects_are_not_kept(client: TestClient, record: Record, statements: Counting) -> None:
    client.get("/fr/meetings/nowhere")

    with statements() as seen:
        assert client.get("/fr/meetings/nowhere").status_code == 404

    assert seen


_REPORT = (Verb.REPORT, State.IN_PROGRESS)
