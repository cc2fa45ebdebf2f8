"""How often word is asked for, on the page of a programme: turned on, changed, turned off, and refused in place."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from app.db import Database
from app.domain.periods import Rhythm
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.meetings import Programme
from tests import scenes
from tests.builders import LONG_AGO
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
PAGE = "/fr/workspace/setup/programmes/programme-de-fes"
TYPED = {"titles.fr": "Programme de Fès", "release_policy": "by_hand", "release_days": "3"}


@pytest.fixture(autouse=True)
def on_a_friday() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def cookies(database: Database) -> dict[str, dict[str, str]]:
    with database.write() as session:
        made = scenes.scene(session)
        scenes.action(made)
        return {name: scenes.signed_in(made, name) for name in ("omar", "karim", "amina")}


def enter(client: TestClient, cookies: dict[str, dict[str, str]], name: str) -> TestClient:
    client.cookies.clear()
    for key, value in cookies[name].items():
        client.cookies.set(key, value)
    return client


def programme(database: Database) -> Programme:
    with database.read() as session:
        return session.scalars(sa.select(Programme).where(col(Programme.slug) == "programme-de-fes")).one()


@pytest.mark.parametrize("name", ["omar", "karim"])
def test_a_stranger_finds_nothing_and_turns_nothing_on(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]], name: str
) -> None:
    stranger = enter(client, cookies, name)

    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(PAGE, data=TYPED | {"word_every": "month"}, headers=HOME).status_code == 404
    assert programme(database).word_every is None


def test_the_secretariat_turns_it_on_and_the_page_says_what_is_asked_first(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    amina = enter(client, cookies, "amina")

    assert amina.post(PAGE, data=TYPED | {"word_every": "month"}, headers=HOME).status_code == 303

    found = programme(database)
    assert (found.word_every, found.word_since) == (Rhythm.MONTH, dt.date(2026, 11, 27))
    page = amina.get(PAGE).text
    assert "le premier est demandé pour le" in page
    assert 'datetime="2026-12-31"' in page
    with database.read() as session:
        event = session.scalars(sa.select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event
    assert event.data["word_every"] == "month"


def test_the_page_counts_who_gave_no_word(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    with database.write() as session:
        found = session.scalars(sa.select(Programme).where(col(Programme.slug) == "programme-de-fes")).one()
        found.word_every, found.word_since = Rhythm.MONTH, dt.date(2026, 9, 20)
        session.execute(sa.update(Action).values(assigned_at=LONG_AGO, last_word_at=LONG_AGO))

    page = enter(client, cookies, "amina").get(PAGE).text

    assert "action n’a donné aucune nouvelle pendant la dernière période complète." in page


def test_turned_off_nothing_is_left_of_it(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    amina = enter(client, cookies, "amina")
    amina.post(PAGE, data=TYPED | {"word_every": "year"}, headers=HOME)

    assert amina.post(PAGE, data=TYPED | {"word_every": ""}, headers=HOME).status_code == 303

    found = programme(database)
    assert (found.word_every, found.word_since) == (None, None)
    assert "le premier est demandé" not in amina.get(PAGE).text


def test_another_rhythm_than_these_is_refused_in_place(
    client: TestClient, database: Database, cookies: dict[str, dict[str, str]]
) -> None:
    answer = enter(client, cookies, "amina").post(PAGE, data=TYPED | {"word_every": "week"}, headers=HOME)

    assert answer.status_code == 422
    assert 'href="#f-word_every"' in answer.text
    assert programme(database).word_every is None
