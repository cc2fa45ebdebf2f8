"""The page on which a programme's ladder is edited: shown first, then kept; refused in place; given back."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from app.db import Database
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.models.ladders import ProgrammeLadder
from app.models.notifications import Envelope
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
PROGRAMME = "/en/workspace/setup/programmes/programme-de-fes"
PAGE = f"{PROGRAMME}/ladder/ordinary"
TYPED = {
    "before": "21, 4, 1", "on_day": "1", "after": "2", "is_weekly": "1", "manager": "5", "secretariat": "14",
    "confirm": "5", "confirm_manager": "5", "confirm_secretariat": "10", "blocked": "7", "verifiers": "5, 10",
    "verify_secretariat": "15", "deciders": "3, 7", "milestones": "7", "values_manager": "14", "version": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_friday() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def cookies(database: Database) -> dict[str, dict[str, str]]:
    with database.write() as session:
        made = scenes.scene(session)
        scenes.action(made, State.IN_PROGRESS, due_on=dt.date(2026, 12, 22))
        return {name: scenes.signed_in(made, name) for name in ("omar", "karim", "amina")}


def enter(client: TestClient, cookies: dict[str, dict[str, str]], name: str = "amina") -> TestClient:
    client.cookies.clear()
    for key, value in cookies[name].items():
        client.cookies.set(key, value)
    return client


def rows(database: Database) -> list[ProgrammeLadder]:
    with database.read() as session:
        return list(session.scalars(sa.select(ProgrammeLadder)))


@pytest.mark.parametrize("name", ["omar", "karim"])
def test_a_stranger_finds_nothing_and_edits_nothing(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]], name: str
) -> None:
    stranger = enter(client, cookies, name)

    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(PAGE, data=TYPED, headers=HOME).status_code == 404
    assert stranger.post(f"{PAGE}/ours", data={"version": "0"}, headers=HOME).status_code == 404
    assert not rows(database)


def test_there_are_two_ladders_and_no_third(client: TestClient, cookies: dict[str, dict[str, str]]) -> None:
    amina = enter(client, cookies)

    assert f'href="{PAGE}"' in amina.get(PROGRAMME).text
    assert f'href="{PROGRAMME}/ladder/priority"' in amina.get(PAGE).text
    assert amina.get(f"{PROGRAMME}/ladder/priority").status_code == 200
    assert amina.get(f"{PROGRAMME}/ladder/third").status_code in {404, 422}


def test_the_fields_hold_the_usual_days_until_somebody_edits_them(
    client: TestClient, cookies: dict[str, dict[str, str]]
) -> None:
    page = enter(client, cookies).get(PAGE).text

    assert 'value="30, 14, 7, 1"' in page
    assert "These are the usual days." in page
    assert "Back to the usual days" not in page


def test_what_would_change_is_shown_and_nothing_is_written(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    amina = enter(client, cookies)
    answer = amina.post(PAGE, data=TYPED | {"act": "try"}, headers=HOME)

    assert answer.status_code == 200
    assert 'value="21, 4, 1"' in answer.text, "what was typed stays"
    report = answer.text.partition('id="report"')[2].partition('<form class="form"')[0]
    text = " ".join(report.split())
    assert "<b>new</b> · <bdi>Karim" in text
    assert "<b>no longer</b> · <bdi>Karim" in text
    assert "21 days before" in text
    assert "14 days before" in text
    assert not rows(database)
    with database.read() as session:
        assert not session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "reminder")).all()
        assert not session.scalars(sa.select(AuditEvent).where(col(AuditEvent.subject_kind) == "ladder")).all()


def test_it_is_saved_shown_and_given_back(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    amina = enter(client, cookies)

    saved = amina.post(PAGE, data=TYPED, headers=HOME)
    assert (saved.status_code, saved.headers["location"].partition("?")[0]) == (303, PAGE)
    page = amina.get(PAGE).text
    assert 'value="21, 4, 1"' in page
    assert "Edited, the last time on" in page
    assert 'value="30, 14, 7, 1"' in amina.get(f"{PROGRAMME}/ladder/priority").text

    assert amina.post(f"{PAGE}/ours", data={"version": "1"}, headers=HOME).status_code == 303
    assert 'value="30, 14, 7, 1"' in amina.get(PAGE).text
    assert [(row.is_priority, row.version) for row in rows(database)] == [(False, 2)]


@pytest.mark.parametrize("act", ["try", "save"])
def test_what_breaks_a_rule_is_marked_at_its_field_and_what_was_typed_is_kept(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]], act: str
) -> None:
    wrong = TYPED | {"act": act, "manager": "0", "after": "2, 2", "before": "soon"}
    answer = enter(client, cookies).post(PAGE, data=wrong, headers=HOME)

    assert answer.status_code == 422
    for field, typed in (("manager", "0"), ("after", "2, 2"), ("before", "soon")):
        marked = answer.text.partition(f'id="f-{field}"')[2].partition(">")[0]
        assert 'aria-invalid="true"' in marked
        assert f'value="{typed}"' in marked
    assert not rows(database)


def test_whoever_saw_another_version_compares_both(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    amina = enter(client, cookies)
    amina.post(PAGE, data=TYPED, headers=HOME)

    answer = amina.post(PAGE, data=TYPED | {"before": "9"}, headers=HOME)

    assert answer.status_code == 409
    assert "What stands now" in answer.text
    assert ">21, 4, 1<" in answer.text
    assert 'name="version" value="1"' in answer.text
    assert [row.days["before"] for row in rows(database)] == [[1, 4, 21]]
    stale = amina.post(f"{PAGE}/ours", data={"version": "7"}, headers=HOME)
    assert stale.status_code == 409
