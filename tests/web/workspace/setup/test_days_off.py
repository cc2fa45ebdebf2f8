"""The page of the days off: each verb of an administrator, refused in place as it was typed, or asked back first."""

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from app.db import Database
from app.domain.workflow import State
from app.models.audit import AuditEvent
from app.models.notifications import DayOff
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
PAGE = "/fr/workspace/setup/days-off"
EID, SECOND, MOVED, WORKED = "2027-03-09", "2027-03-10", "2027-03-12", "2027-03-17"
ESTIMATE, CONFIRMED = "Estimation", "Confirmé"


@pytest.fixture(autouse=True)
def on_a_working_day() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def sara(client: TestClient, database: Database) -> TestClient:
    """An administrator; a reminder of Karim's falls on the Wednesday that is worked as yet."""
    with database.write() as session:
        made = scenes.scene(session)
        scenes.administrator(session, made)
        scenes.action(made, State.IN_PROGRESS, due_on=dt.date(2027, 3, 24))
        client.cookies.update(scenes.signed_in(made, "sara"))
    return client


def press(sara: TestClient, verb: str, lang: str = "fr", **typed: str) -> tuple[int, str]:
    """The status, and the page that the reader sees in the end."""
    answer = sara.post(f"/{lang}/workspace/setup/days-off{verb}", data=typed, headers=HOME)
    if answer.status_code == 303:
        return 303, html.unescape(sara.get(answer.headers["location"]).text)
    return answer.status_code, html.unescape(answer.text)


def standing(page: str, on: str) -> str:
    """What the list says of a date."""
    found = re.search(rf'on={on}#day">.*?class="meta">([^<]*)<', page)
    return found[1] if found else ""


def decided(database: Database) -> tuple[dict[str, bool], list[str]]:
    """By date whether it is off, and the verbs in the record."""
    with database.read() as session:
        days = {str(row.on): row.is_off for row in session.scalars(sa.select(DayOff))}
        verbs = sa.select(col(AuditEvent.verb)).where(col(AuditEvent.subject_kind) == "day_off")
        return days, list(session.scalars(verbs.order_by(col(AuditEvent.id))))


@pytest.mark.parametrize(
    ("lang", "title", "estimate"),
    [
        ("ar", "العطل", "تقدير"),
        ("fr", "Jours chômés en 2027", ESTIMATE),
        ("en", "Days off in 2027", "Estimate"),
    ],
)
def test_the_list_says_of_each_day_how_it_stands(sara: TestClient, lang: str, title: str, estimate: str) -> None:
    page = html.unescape(sara.get(f"/{lang}/workspace/setup/days-off?year=2027").text)

    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in page
    assert title in page
    assert standing(page, EID).startswith(estimate)
    assert not standing(page, "2027-01-01").startswith(estimate)


def test_an_estimate_is_confirmed_and_taken_back(sara: TestClient, database: Database) -> None:
    status, page = press(sara, "/confirmations", on=EID, version="0")
    assert (status, standing(page, EID)) == (303, CONFIRMED)

    status, page = press(sara, "/withdrawals", on=EID, version="1")

    assert (status, standing(page, EID)[:10]) == (303, ESTIMATE)
    assert decided(database) == ({}, ["confirm", "take_back"])


def test_a_feast_moves_and_back_from_where_it_moved_to(sara: TestClient, database: Database) -> None:
    status, page = press(sara, "/moves", on=EID, to=MOVED, version="0")
    assert status == 303
    assert re.search(rf'on={EID}#day"><s>', page)
    assert not re.search(rf'on={MOVED}#day"><s>', page)
    assert decided(database)[0] == {EID: False, MOVED: True}

    status, page = press(sara, "/withdrawals", on=MOVED, version="1")

    assert (status, standing(page, EID)[:10], standing(page, MOVED)) == (303, ESTIMATE, "")


def test_a_day_is_struck_and_says_so(sara: TestClient, database: Database) -> None:
    status, page = press(sara, "/strikes", on=EID, version="0")

    assert (status, standing(page, EID)) == (303, "Rayé\u202f: jour ouvrable")
    assert decided(database) == ({EID: False}, ["strike"])


@pytest.mark.parametrize(
    ("lang", "asked", "tick"),
    [
        ("ar", "تذكير", "نعم"),
        ("fr", "1 rappel change de jour", "Oui, ces rappels peuvent changer de jour"),
        ("en", "1 reminder moves, from", "Yes, these reminders may move"),
    ],
)
def test_how_many_reminders_move_is_asked_back_and_what_was_typed_is_kept(
    sara: TestClient, database: Database, lang: str, asked: str, tick: str
) -> None:
    typed = {"on": WORKED, "name": "Deuil <b>national"}
    status, page = press(sara, "", lang, **typed)
    assert (status, decided(database)) == (422, ({}, []))
    assert asked in page
    assert tick in page
    assert f'value="{WORKED}"' in page
    assert 'value="Deuil <b>national"' in page
    assert 'name="is_meant"' in page

    status, page = press(sara, "", lang, **typed, is_meant="true")

    assert (status, decided(database)) == (303, ({WORKED: True}, ["add"]))
    assert "<b>national" in page


@pytest.mark.parametrize(
    ("verb", "typed", "field"),
    [
        ("", {"on": "", "name": "Pont"}, "add-on"),
        ("", {"on": "le 17 mars", "name": "Pont"}, "add-on"),
        ("", {"on": "2031-01-01", "name": "Pont"}, "add-on"),
        ("", {"on": EID, "name": "Pont"}, "add-on"),
        ("", {"on": WORKED, "name": " "}, "add-name"),
        ("", {"on": WORKED, "name": "x" * 121}, "add-name"),
        ("/moves", {"on": EID, "to": "", "version": "0"}, "move-to"),
        ("/moves", {"on": EID, "to": EID, "version": "0"}, "move-to"),
        ("/moves", {"on": EID, "to": SECOND, "version": "0"}, "move-to"),
    ],
)
def test_what_makes_no_sense_is_marked_where_it_stands_and_nothing_is_written(
    sara: TestClient, database: Database, verb: str, typed: dict[str, str], field: str
) -> None:
    status, page = press(sara, verb, **typed)

    assert (status, decided(database)) == (422, ({}, []))
    marked = re.search(rf'<[^>]*id="f-{field}"[^>]*>', page)
    assert marked
    assert 'aria-invalid="true"' in marked[0]
    assert f'href="#f-{field}"' in page
    kept = typed["to" if verb else "on" if field == "add-on" else "name"]
    assert not kept.strip() or f'value="{kept}"' in page


@pytest.mark.parametrize("verb", ["/confirmations", "/moves", "/strikes"])
def test_who_saw_it_undecided_is_told_what_stands_now(sara: TestClient, database: Database, verb: str) -> None:
    press(sara, "/confirmations", on=EID, version="0")

    status, page = press(sara, verb, on=EID, version="0", **({"to": MOVED} if verb == "/moves" else {}))

    assert (status, decided(database)) == (409, ({EID: True}, ["confirm"]))
    assert standing(page, EID) == CONFIRMED


@pytest.mark.parametrize("address", ["?year=2031", "?on=x", "?year=2026&on=2027-03-09"])
def test_a_year_or_a_day_that_is_not_in_the_list_is_a_clear_answer(sara: TestClient, address: str) -> None:
    assert sara.get(f"{PAGE}{address}").status_code == 400
