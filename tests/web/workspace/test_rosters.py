"""A list on its page: shown first, then entered; by administrators alone."""

import pytest
import sqlalchemy as sa
from httpx import Response
from sqlmodel import col
from starlette.types import ASGIApp

from app.db import Database
from app.domain.permissions import Role
from app.models.people import Organisation
from tests import scenes
from tests.house import House

pytestmark = pytest.mark.sqlite_only
ROOM = "/fr/workspace/setup/roster"
FILE = "organisation_fr;post_fr;name;email\nOffice;Suivi;Hanae;hanae@exemple.ma\n"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    house = House(database, application)
    with database.write() as session:
        made = house.made.within(session)
        scenes.grant(session, made.people["youssef"], Role.ADMINISTRATOR)
    return house


def test_to_strangers_it_is_not_there_and_a_secretariat_may_not(house: House) -> None:
    for name, status in (("karim", 404), ("nadia", 404), ("amina", 403), ("omar", 403)):
        assert house.browser(name).get(ROOM).status_code == status
        assert _send(house, "take", name=name).status_code == status
    assert _bodies(house) == 0


def test_shown_first_and_entered_by_the_next_press(house: House) -> None:
    shown = _send(house, "try")
    assert shown.status_code == 200
    assert "Nouvelle institution" in shown.text
    assert 'value="take"' in shown.text
    assert FILE in shown.text
    assert _bodies(house) == 0

    entered = house.browser("youssef").post(ROOM, data={"text": FILE, "act": "take"})
    assert entered.status_code == 303
    assert _bodies(house) == 1
    assert "Rien ne change" in _send(house, "try").text


def test_a_file_with_a_wrong_line_enters_nothing_and_says_which(house: House) -> None:
    answer = _send(house, "take", FILE + ";Seul;;\n=1+1;;;\n")

    assert answer.status_code == 422
    for said in ("Ligne 3", "Ligne 4", "2 lignes sont refusées"):
        assert said in answer.text.replace("\xa0", " ")
    assert 'value="take"' not in answer.text
    assert _bodies(house) == 0


@pytest.mark.parametrize(("data", "status"), [(b"PK\x03\x04", 422), (b"a" * 300_000, 413), (b"", 422)])
def test_what_is_no_list_is_said_in_place(house: House, data: bytes, status: int) -> None:
    answer = house.browser("youssef").post(ROOM, data={"act": "take"}, files={"file": ("liste.csv", data)})

    assert answer.status_code == status
    assert _bodies(house) == 0


def _send(house: House, act: str, text: str = FILE, name: str = "youssef") -> Response:
    sent: Response = house.browser(name).post(ROOM, data={"act": act}, files={"file": ("liste.csv", text.encode())})
    return sent


def _bodies(house: House) -> int:
    with house.database.read() as session:
        named = sa.select(sa.func.count()).select_from(Organisation).where(col(Organisation.slug) == "office")
        return session.scalars(named).one()
