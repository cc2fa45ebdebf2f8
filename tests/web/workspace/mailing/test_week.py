"""One's own week as a page: what the mail would tell now, in three languages, and it records nothing."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from starlette.types import ASGIApp

from app.db import Database
from app.domain.workflow import State
from app.models.notifications import DigestWindow, Envelope, UpdateLink
from tests.house import CAST, House

pytestmark = pytest.mark.sqlite_only
WEEK = "/fr/workspace/digest"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def kept(session: Session) -> list[int]:
    tables = (DigestWindow, Envelope, UpdateLink)
    return [session.scalars(sa.select(sa.func.count()).select_from(one)).one() for one in tables]


def test_each_reads_their_own_and_nothing_is_recorded(house: House) -> None:
    ref = house.action(State.BLOCKED)
    with house.database.read() as session:
        before = kept(session)
    pages = {name: house.browser(name).get(WEEK) for name in CAST}

    assert {page.status_code for page in pages.values()} == {200}
    assert {name for name, page in pages.items() if f"/actions/{ref}" in page.text} == {"leila", "nadia"}
    assert all("/u/" not in page.text for page in pages.values())
    with house.database.read() as session:
        assert kept(session) == before


@pytest.mark.parametrize(
    ("lang", "said"),
    [("fr", "1 action bloquée chez vous"), ("ar", "إجراء واحد متعثر بمصالحكم"), ("en", "1 blocked in your services")],
)
def test_it_begins_with_what_is_asked_of_the_reader(house: House, lang: str, said: str) -> None:
    house.action(State.BLOCKED)

    assert said in house.browser("leila").get(f"/{lang}/workspace/digest").text


def test_whoever_reads_nothing_is_told_so(house: House) -> None:
    assert "Rien ne vous attend cette semaine." in house.browser("youssef").get(WEEK).text


def test_the_profile_leads_to_it(house: House) -> None:
    assert f'href="{WEEK}"' in house.browser("karim").get("/fr/workspace/profile").text
