"""The weekly mail stopped from its own foot or in one click, and sent again; looking at the page changes nothing."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.db import Database
from app.models.audit import AuditEvent
from app.models.people import Person
from app.models.updates import Via
from app.queries.mailing import off_keys
from app.services.kernel.audit import SERVICE
from app.services.setup import people
from tests import scenes
from tests.fixtures.pages import TestClient

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
NAME = "Karim"


class House:
    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            made = scenes.scene(session)
            self.person_id = made.people["karim"]
        self.path = "/fr" + off_keys.address("fr", self.person_id).rpartition("/fr")[2]

    def karim(self) -> Person:
        with self.database.read() as session:
            return session.get_one(Person, self.person_id)

    def events(self) -> list[AuditEvent]:
        with self.database.read() as session:
            query = sa.select(AuditEvent).where(
                col(AuditEvent.subject_kind) == "person", col(AuditEvent.via) == Via.MAIL_LINK
            )
            return list(session.scalars(query.order_by(col(AuditEvent.id))))


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_a_mail_program_stops_it_in_one_click_and_is_led_nowhere(house: House, client: TestClient) -> None:
    answer = client.post(house.path, data=ONE_CLICK, headers={"Origin": "https://mail.example"})

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert not house.karim().has_digest
    [event] = house.events()
    assert (event.verb, event.actor_id, event.data) == ("choose", house.person_id, {"has_digest": False})


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
        ),
        ("application/x-www-form-urlencoded", b""),
        ("text/plain; charset=nonsense", b"\xff\x00"),
        ("multipart/form-data; boundary=b", b"no parts at all"),
    ],
)
def test_the_press_of_the_button_does_the_same_and_so_does_whatever_comes_with_the_press(
    house: House, client: TestClient, kind: str, body: bytes
) -> None:
    answer = client.post(house.path, content=body, headers={"Content-Type": kind})

    assert (answer.status_code, house.karim().has_digest) == (200, False)
    assert "est arrêtée" in answer.text


def test_twice_is_once(house: House, client: TestClient) -> None:
    before = house.karim().version
    for _ in range(3):
        assert client.post(house.path, data=ONE_CLICK).status_code == 200

    assert (len(house.events()), house.karim().version) == (1, before + 1)


def test_many_at_once_stop_it_once(house: House, client: TestClient) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: client.post(house.path, data=ONE_CLICK).status_code, range(24)))

    assert set(answers) == {200}
    assert (len(house.events()), house.karim().has_digest) == (1, False)


@pytest.mark.sqlite_only
def test_a_thousand_looks_change_nothing(house: House, client: TestClient) -> None:
    before = house.karim().model_dump()
    for number in range(500):
        lang = ("ar", "fr", "en")[number % 3]
        path = f"/{lang}{house.path.removeprefix('/fr')}"
        assert client.get(path).status_code == client.head(path).status_code == 200
    assert client.get(f"{house.path}/return").status_code == 405

    assert (house.karim().model_dump(), house.events()) == (before, [])


@pytest.mark.sqlite_only
def test_the_page_says_what_it_stops_and_what_goes_on_and_names_nobody(house: House, client: TestClient) -> None:
    page = client.get(house.path)

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "vos fonctions" in page.text, "duties can't be switched off"
    assert NAME not in page.text
    assert "karim@" not in page.text


@pytest.mark.sqlite_only
def test_the_way_back_leads_to_the_page_and_tells_from_that_moment_on(house: House, client: TestClient) -> None:
    client.post(house.path)
    later = clock.now() + dt.timedelta(days=3)

    with clock.at(later):
        back = client.post(f"{house.path}/return")

    assert (back.status_code, back.headers["location"]) == (303, house.path)
    karim = house.karim()
    assert (karim.has_digest, karim.digest_since_at) == (True, later)
    client.post(f"{house.path}/return")
    assert [event.data["has_digest"] for event in house.events()] == [False, True]


@pytest.mark.sqlite_only
def test_the_key_of_nobody_is_nowhere_and_that_of_somebody_who_left_is_gone(house: House, client: TestClient) -> None:
    for token in ("x" * 48, "x" * 5, "%D9%85" * 8):
        assert client.get(f"/fr/off/{token}").status_code == 404
        assert client.post(f"/fr/off/{token}", data=ONE_CLICK).status_code == 404
    with house.database.write() as session:
        people.disable(session, SERVICE, session.get_one(Person, house.person_id))

    for answer in (client.get(house.path), client.post(house.path), client.post(f"{house.path}/return")):
        assert (answer.status_code, NAME in answer.text) == (410, False)
    assert house.events() == []
