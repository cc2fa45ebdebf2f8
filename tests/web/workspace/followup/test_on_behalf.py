"""The form that records what a post said elsewhere: who finds it, what it marks, and what the public reads of it."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col
from starlette.types import ASGIApp

from app import clock
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.i18n import dates
from app.models.actions import Action
from app.models.updates import Update, Via
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.house import House

pytestmark = pytest.mark.sqlite_only
BASE = "/fr/workspace/actions"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    return House(database, application)


def _asked_a_month_ago(house: House) -> str:
    with clock.at(clock.now() - dt.timedelta(30)):
        ref = house.action()
        with house.database.write() as session:
            scenes.publish(house.made.within(session), _row(session, ref))
    return ref


def _row(session: Session, ref: str) -> Action:
    return session.scalars(sa.select(Action).where(col(Action.ref) == ref)).one()


def _day() -> dt.date:
    return clock.today(settings().zone) - dt.timedelta(12)


def _letter(house: House, **changes: str) -> dict[str, str]:
    typed = {
        "post_id": str(house.made.posts["karim"]), "said": "report", "came_by": "letter", "came_on": _day().isoformat(),
        "note": "Chez l’imprimeur.", "public_summary": "Le guide est imprimé.", "evidence_title": "Lettre n° 412",
    }  # fmt: skip
    return typed | changes


@pytest.mark.parametrize("name", ["karim", "salma", "leila", "youssef", "nadia", "omar"])
def test_only_the_secretariat_has_the_form_and_its_address(house: House, name: str) -> None:
    ref = house.action()

    assert house.browser("amina").get(f"{BASE}/{ref}").text.count(f'action="{BASE}/{ref}/on-behalf"') == 1
    browser = house.browser(name)
    assert "on-behalf" not in browser.get(f"{BASE}/{ref}").text
    assert browser.post(f"{BASE}/{ref}/on-behalf", data=_letter(house)).status_code == (404 if name == "omar" else 403)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_the_public_reads_how_it_came_and_on_which_day_and_no_name(house: House, client: TestClient, lang: str) -> None:
    ref = _asked_a_month_ago(house)
    answer = house.browser("amina").post(f"{BASE}/{ref}/on-behalf", data=_letter(house))
    assert answer.status_code == 303

    page = client.get(f"/{lang}/actions/{ref}").text

    said = {"ar": "برسالة بتاريخ", "fr": "par lettre du", "en": "by letter of"}[lang]
    assert said in page
    assert dates.day(_day(), lang) in page
    assert "Le guide est imprimé." in page
    assert "Amina" not in page
    assert "Chez l’imprimeur." not in page
    assert said in house.browser("karim").get(f"/{lang}/workspace/actions/{ref}").text


def test_what_is_missing_is_marked_and_what_was_typed_stays(house: House) -> None:
    ref = house.action()
    typed = _letter(house, evidence_title="", came_on="2031-01-01")

    page = house.browser("amina").post(f"{BASE}/{ref}/on-behalf", data=typed)

    assert page.status_code == 422
    assert 'href="#f-behalf-evidence_title"' in page.text
    assert 'href="#f-behalf-came_on"' in page.text
    assert "Chez l’imprimeur." in page.text


def test_pressed_twice_it_is_recorded_once(house: House) -> None:
    ref = _asked_a_month_ago(house)
    typed = _letter(house, once="n" * 22)

    answers = [house.browser("amina").post(f"{BASE}/{ref}/on-behalf", data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    with house.database.read() as session:
        assert len(session.scalars(sa.select(Update).where(col(Update.via) == Via.ON_BEHALF)).all()) == 1


def test_who_recorded_it_is_refused_as_its_verifier_who_reads_that_it_was(house: House) -> None:
    ref = _asked_a_month_ago(house)
    with house.database.write() as session:
        made = house.made.within(session)
        scenes.grant(session, made.people["amina"], Role.VERIFIER, made.programme)
    amina, youssef = house.browser("amina"), house.browser("youssef")
    assert amina.post(f"{BASE}/{ref}/on-behalf", data=_letter(house, said="submit")).status_code == 303

    assert amina.post(f"{BASE}/{ref}/verification", data={}).status_code == 403
    assert f"{BASE}/{ref}/verification" not in amina.get(f"{BASE}/{ref}").text
    assert house.state(ref) == State.SUBMITTED
    assert "par lettre du" in youssef.get("/fr/workspace/desk").text
    assert youssef.post(f"{BASE}/{ref}/verification", data={}).status_code == 303
