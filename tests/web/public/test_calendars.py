"""Public calendars: the days of public meetings and of their open public actions, kept and asked for like pages."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from app.db import Database
from app.domain import calendar_days
from app.domain.workflow import State
from app.models.actions import Action
from app.models.meetings import SlugAlias
from app.queries.public import calendar_days as queries
from app.services.followup import actions, closures
from app.services.meetings import meetings
from app.web import page_versions
from tests import builders, calendars, published, scenes
from tests.fixtures.pages import TestClient
from tests.published import CANARY, TODAY, Record
from tests.web.public.conftest import Counting

OF_PROGRAMME, OF_MEETING = "/calendars/{}/programmes/exports.ics", "/calendars/{}/meetings/fez.ics"


def events(client: TestClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    return {str(one["UID"]).partition("@")[0]: one for one in calendars.events(answer.content)}


def test_they_show_the_open_public_deadlines_and_the_meetings_day(client: TestClient, record: Record) -> None:
    late = f"action-{record.late.id}"
    for lang, begins in (("ar", "الأجل: "), ("fr", "Échéance\u202f: "), ("en", "Deadline: ")):
        of_programme, of_meeting = events(client, OF_PROGRAMME.format(lang)), events(client, OF_MEETING.format(lang))
        assert set(of_programme) == {late}, (
            "the meeting of two years ago is out of reach, what is verified is no deadline"
        )
        assert set(of_meeting) == {late, f"meeting-{record.meeting.id}"}
        assert str(of_programme[late]["SUMMARY"]).startswith(begins)
        assert of_programme[late]["DTSTART"].dt == record.late.due_on
        assert str(of_programme[late]["URL"]).endswith(f"/{lang}/actions/FM-2024-03.2")


@pytest.mark.parametrize("path", [OF_PROGRAMME, OF_MEETING])
def test_nothing_private_is_in_any_byte_of_them(
    client: TestClient, record: Record, database: Database, path: str
) -> None:
    with database.write() as session:
        home, soon = session.merge(record.recommendation), TODAY + dt.timedelta(20)
        secret = builders.titled(*[f"{CANARY} {lang}" for lang in ("ar", "fr", "en")])
        hidden: dict[str, Any] = {"titles": secret, "published_at": None, "is_public": False}
        builders.action(session, home, due_on=soon, number=50, ref="FM-2024-03.50", **hidden)
        builders.meeting(session, session.merge(record.programme), slug="canary-soon", held_on=soon, **hidden)
    for lang in ("ar", "fr", "en"):
        assert CANARY.encode() not in client.get(path.format(lang)).content
    for slug in ("programmes/canary-programme", "meetings/canary-meeting", "meetings/canary-draft", "meetings/none"):
        answer = client.get(f"/calendars/fr/{slug}.ics")
        assert (answer.status_code, CANARY in answer.text) == (404, False)


@pytest.mark.parametrize(
    "path", ["xx/programmes/exports.ics", "fr/programmes/exports", "fr/actions/FM-2024-03.2.ics", "fr/exports.ics", ""]
)
def test_other_addresses_are_nowhere(client: TestClient, record: Record, path: str) -> None:
    assert client.get(f"/calendars/{path}").status_code == 404


def test_they_are_kept_and_answered_like_pages(client: TestClient, record: Record, statements: Counting) -> None:
    path = OF_PROGRAMME.format("fr")
    first = client.get(path)

    with statements() as seen:
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        whole = client.get(f"{path}?utm=1")

    assert not seen
    assert (again.status_code, whole.content) == (304, first.content)
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in first.headers


@pytest.mark.parametrize(("path", "most"), [(OF_PROGRAMME, 4), (OF_MEETING, 3)])
def test_one_costs_the_same_statements_however_many_days(
    client: TestClient, record: Record, database: Database, statements: Counting, path: str, most: int
) -> None:
    with database.write() as session:
        for number in range(20, 40):
            builders.action(session, session.merge(record.recommendation), number=number, ref=f"FM-2024-03.{number}",
                            due_on=TODAY + dt.timedelta(number))  # fmt: skip

    with statements() as seen:
        assert len(events(client, path.format("en"))) > 20

    assert len([one for one in seen if "public_change" not in one]) <= most


def test_a_former_address_leads_to_the_present_one(client: TestClient, record: Record, database: Database) -> None:
    with database.write() as session:
        session.add(SlugAlias(kind="meeting", slug="old", target_id=record.meeting.id))

    answer = client.get("/calendars/ar/meetings/old.ics")

    assert (answer.status_code, answer.headers["Location"]) == (308, "/calendars/ar/meetings/fez.ics")


def test_they_reach_ninety_days_back_and_two_years_ahead(client: TestClient, record: Record) -> None:
    due_on = record.late.due_on or TODAY
    for days, is_there in ((90, True), (91, False), (-730, True)):
        with time_machine.travel(dt.datetime.combine(due_on + dt.timedelta(days), dt.time(9), dt.UTC), tick=False):
            assert bool(events(client, OF_PROGRAMME.format("en"))) == is_there, days


def test_of_too_many_the_nearest_are_shown(record: Record, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_days, "MOST", 2)
    with database.write() as session:
        for number in range(20, 24):
            builders.action(session, session.merge(record.recommendation), number=number, ref=f"FM-2024-03.{number}",
                            due_on=TODAY + dt.timedelta(number))  # fmt: skip
        found = queries.of_programme(session, record.programme.id, TODAY)

    assert [one.on for one in found] == [record.late.due_on, TODAY + dt.timedelta(20)]


def test_what_moves_is_shown_at_once_and_what_is_withdrawn_is_gone(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_versions, "_SECOND", 0.0)  # PostgreSQL is asked once a second
    with database.write() as session:
        made = scenes.scene(session, published=True)
        item = scenes.action(made)
        scenes.publish(made, item)
        ref, slug = item.ref, made.meeting.slug
    paths = [f"/calendars/fr/meetings/{slug}.ics", f"/calendars/fr/programmes/{made.programme.slug}.ics"]
    assert all(ref in client.get(path).text for path in paths)

    with database.write() as session:
        again, due_on = made.within(session), scenes.in_days(77)
        moved = session.get_one(Action, item.id)
        closures.move_deadline(
            session, again.actor("amina"), moved, due_on=due_on, reason="Le budget arrive plus tard."
        )
    assert all(f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}" in client.get(path).text for path in paths)

    with database.write() as session:
        again = made.within(session)
        actions.withdraw(session, again.actor("amina"), session.get_one(Action, item.id), reason="Une erreur.")
    assert not any(ref in client.get(path).text for path in paths)

    with database.write() as session:
        again = made.within(session)
        meetings.withdraw(session, again.actor("amina"), again.meeting, reason="Une erreur.")
    assert client.get(paths[0]).status_code == 404


def test_the_pages_lead_to_them_and_say_that_they_remind_nobody(client: TestClient, record: Record) -> None:
    for page, path in (("programmes/exports", OF_PROGRAMME), ("meetings/fez", OF_MEETING)):
        text = client.get(f"/fr/{page}").text
        assert f'href="{path.format("fr")}"' in text
        assert "n’est pas un rappel" in text
    assert State.VERIFIED.value not in client.get(OF_PROGRAMME.format("en")).text
    assert published.NOW.strftime("%Y%m%dT") not in client.get(OF_PROGRAMME.format("en")).text, "no hour of being made"
