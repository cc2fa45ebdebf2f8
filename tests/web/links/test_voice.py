"""The proposer's page behind a mailed key: shows only, answers once, names nobody in public."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.db import Database
from app.domain.workflow import Evidence, State
from app.models.actions import Action
from app.models.proposers import Voice
from app.models.updates import Update
from app.services.followup import closures
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
WORDS = "Le guichet est fermé depuis mars."
NAME = "Zarqa Coopérative"


class House:
    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            made = self.made = scenes.scene(session, published=True)
            one = scenes.proposer(session, made.recommendation.id)
            action = scenes.action(made, State.VERIFIED)
            scenes.publish(made, action)
            self.token, self.ref, self.action_id = scenes.voice_link(session, one, action), action.ref, action.id
        self.path = f"/fr/voice/{self.token}"

    def now(self) -> tuple[Evidence, int]:
        with self.database.read() as session:
            count = session.scalars(sa.select(sa.func.count()).select_from(Voice)).one()
            return session.get_one(Action, self.action_id).evidence, count


def test_looking_changes_nothing_and_a_stranger_finds_nothing(database: Database, client: TestClient) -> None:
    house = House(database)

    for lang in ("ar", "fr", "en"):
        shown = client.get(f"/{lang}/voice/{house.token}")
        assert shown.status_code == client.head(f"/{lang}/voice/{house.token}").status_code == 200
        assert shown.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in shown.headers["Cache-Control"]
        assert NAME not in shown.text
    assert client.get("/fr/voice/" + "x" * 43).status_code == 404
    assert client.post("/fr/voice/" + "x" * 43, data={"is_so": "yes"}).status_code == 404
    assert house.now() == (Evidence.VERIFIED, 0)


def test_without_words_it_is_asked_again_and_with_them_recorded_once(database: Database, client: TestClient) -> None:
    house = House(database)

    assert client.post(house.path, data={"is_so": "no"}).status_code == 422
    sent = client.post(house.path, data={"is_so": "no", "text": WORDS})

    assert (sent.status_code, sent.headers["location"]) == (303, f"{house.path}/receipt")
    assert WORDS in client.get(f"{house.path}/receipt").text
    used = client.get(house.path)
    assert (used.status_code, house.ref in used.text) == (410, False)
    again = client.post(house.path, data={"is_so": "yes"})
    assert (again.status_code, again.headers["location"]) == (303, f"{house.path}/receipt")
    assert house.now() == (Evidence.DISPUTED, 1)


def test_nobody_in_public_learns_the_name_or_the_words_before_their_release(
    database: Database, client: TestClient
) -> None:
    house = House(database)
    client.post(house.path, data={"is_so": "no", "text": WORDS})

    for page in (f"/fr/actions/{house.ref}", f"/fr/recommendations/{house.ref.rsplit('.', 1)[0]}", "/fr/"):
        text = client.get(page).text
        assert ("Contestée" in text and "Auteur de la proposition" in text) or page == "/fr/"
        for canary in (NAME, "coop.invalid", WORDS):
            assert canary not in text


def test_whose_question_is_over_is_told_so_kindly_and_changes_nothing(database: Database, client: TestClient) -> None:
    house = House(database)
    with database.write() as session:
        made = house.made.within(session)
        closures.reopen(session, made.actor("amina"), session.get_one(Action, house.action_id), reason="À refaire.")

    for lang, said in (("fr", "n’est plus posée"), ("ar", "لم يعد هذا السؤال مطروحا"), ("en", "no longer asked")):
        shown = client.get(f"/{lang}/voice/{house.token}")
        assert (shown.status_code, said in shown.text, house.ref in shown.text) == (410, True, False)
    sent = client.post(house.path, data={"is_so": "no", "text": WORDS})
    assert (sent.status_code, sent.headers["location"]) == (303, house.path)
    assert house.now()[1] == 0


def test_of_two_hundred_presses_one_answers_and_the_others_are_led_to_it(
    database: Database, client: TestClient
) -> None:
    house = House(database)

    def press(number: int) -> tuple[int, str]:
        sent = client.post(house.path, data={"is_so": "no", "text": f"{WORDS} {number}"})
        return sent.status_code, sent.headers.get("location", "")

    with ThreadPoolExecutor(24) as pool:
        answers = set(pool.map(press, range(200)))

    assert answers == {(303, f"{house.path}/receipt")}
    assert house.now() == (Evidence.DISPUTED, 1)
    with database.read() as session:
        said = sa.select(sa.func.count()).select_from(Update).where(col(Update.public_summary).startswith(WORDS))
        assert session.scalars(said).one() == 1
