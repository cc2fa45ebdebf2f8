"""The receipt leads on to what else the post owes, a second visit shows what was answered, and no key is kept."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.db import Database
from app.domain import keys
from app.domain.workflow import State, Verb
from app.models.access import FormOnce
from app.models.actions import Action
from app.models.notifications import UpdateLink
from app.models.updates import Update
from app.queries.followup import receipts
from app.services.followup import actions, closures, updates, verifications
from app.services.followup.transitions import Words
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
NOW = dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class House:
    """Several actions of Karim's post, the key of a mail about the first; one more is declared done, one a draft."""

    def __init__(self, database: Database, actions: int = 3) -> None:
        self.database = database
        with clock.at(NOW - dt.timedelta(days=1)), database.write() as session:
            self.made = scenes.scene(session)
            owed = [
                scenes.action(self.made, titles={"fr": f"Action n° {number}"}, due_on=scenes.in_days(10 + number))
                for number in range(actions)
            ]
            scenes.action(self.made, State.SUBMITTED, titles={"fr": "Déjà déclarée"})
            scenes.draft(self.made, titles={"fr": "Brouillon"})
            self.ids, self.refs = [item.id for item in owed], [item.ref for item in owed]
            self.token = scenes.link(self.made, owed[0])
        self.path = f"/fr/u/{self.token}"

    def links(self) -> list[UpdateLink]:
        with self.database.read() as session:
            return list(session.scalars(sa.select(UpdateLink).order_by(col(UpdateLink.id))))

    def act(self, session: Session, number: int = 0) -> Action:
        self.made.within(session)
        return session.get_one(Action, self.ids[number])


def answered(client: TestClient, path: str, **typed: str) -> str:
    """The way to the receipt."""
    way: str = client.post(path, data=typed or {"s": "on_track"}).headers["location"]
    return way


def others(page: str) -> list[str]:
    return re.findall(r'<li><a href="([^"]+)"', page)


@pytest.mark.parametrize(
    ("way", "typed"), [("", {"s": "on_track"}), ("/acknowledgement", {}), ("/refusal", {"reason": "Non."})]
)
def test_the_receipt_leads_to_each_other_action_which_is_answered_there(
    database: Database, client: TestClient, way: str, typed: dict[str, str]
) -> None:
    house = House(database)
    with database.write() as session:
        first = scenes.action(house.made.within(session), State.ASSIGNED)
        path = f"/fr/u/{scenes.link(house.made, first)}"

    receipt = client.post(path + way, data=typed).headers["location"]
    found = others(client.get(receipt).text)

    for number, other in enumerate(found):
        assert house.refs[number] in client.get(other).text
        assert client.post(other, data={"s": "done", "note": "Fait."}).status_code == 303
        with database.read() as session:
            assert session.get_one(Action, house.ids[number]).state is State.SUBMITTED
    assert len(found) == 3


def test_looking_at_the_receipt_makes_no_key(database: Database, client: TestClient) -> None:
    house = House(database)
    way = answered(client, house.path)
    before = house.links()

    pages = {re.sub(r'name="once" value="[^"]+"', "", client.get(way).text) for _ in range(20)}

    assert len(pages) == 1
    assert len(house.links()) == len(before) == 3


def test_such_a_key_lives_a_day_and_no_longer_than_the_one_that_led_to_it(
    database: Database, client: TestClient
) -> None:
    house = House(database)
    with database.write() as session:
        short = scenes.link(house.made.within(session), house.act(session), days=0)
        session.execute(
            sa.update(UpdateLink)
            .where(col(UpdateLink.token_hash) == keys.hashed(short))
            .values(expires_at=NOW + dt.timedelta(hours=1))
        )
    way = answered(client, house.path)
    answered(client, f"/fr/u/{short}")
    lives = [link.expires_at - NOW for link in house.links()[2:]]
    [first, *_] = others(client.get(way).text)

    with time_machine.travel(NOW + dt.timedelta(hours=25), tick=False):
        page = client.get(way).text
        assert client.get(first).status_code == 410

    assert lives == [dt.timedelta(days=1)] * 2 + [dt.timedelta(hours=1)] * 2
    assert others(page) == [f"/fr/workspace/actions/{ref}" for ref in house.refs[1:]]


def test_no_more_than_five_are_opened(database: Database, client: TestClient) -> None:
    house = House(database, actions=9)

    page = client.get(answered(client, house.path)).text

    assert len(others(page)) == receipts.OTHERS == len(house.links()) - 1 == 5
    assert not re.findall("Brouillon|Déjà déclarée", page)


def test_no_key_of_the_receipt_is_kept_anywhere(database: Database, client: TestClient) -> None:
    house = House(database)
    way = answered(client, house.path, s="on_track", once="the-very-same-form")
    told = [path.rpartition("/")[2] for path in others(client.get(way).text)]

    again = client.post(house.path, data={"s": "on_track", "once": "the-very-same-form"})

    assert again.headers["location"] == way
    assert len(told) == 2
    assert all(len(token) == 43 for token in told)
    with database.read() as session:
        kept = [
            *session.scalars(sa.select(col(FormOnce.location))),
            *session.scalars(sa.select(col(UpdateLink.token_hash))),
        ]
    assert not [text for text in kept for token in (*told, house.token) if token in text]
    copy = b"".join(path.read_bytes() for path in settings().data_dir.rglob("*") if path.is_file())
    assert not [token for token in (*told, house.token) if token.encode() in copy]


def test_what_has_moved_on_since_is_not_opened_by_it(database: Database, client: TestClient) -> None:
    house = House(database)
    first, second = others(client.get(answered(client, house.path)).text)
    with database.write() as session:
        item = house.act(session, 1)
        closures.cancel(session, house.made.actor("amina"), item, reason="Abandonnée.")
    with database.write() as session:
        item, salma = house.act(session, 2), house.made.posts["salma"]
        actions.reassign(session, house.made.actor("amina"), item, owner_post_id=salma, reason="Transfert.")

    for path, ref in ((first, house.refs[1]), (second, house.refs[2])):
        dead = client.get(path)
        assert dead.status_code == 410
        assert ref not in dead.text


def test_a_second_visit_shows_the_answer_and_takes_another(database: Database, client: TestClient) -> None:
    house = House(database)
    assert "Votre réponse" not in client.get(house.path).text
    answered(client, house.path)

    today = client.get(house.path).text
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        later = client.get(house.path).text
        again = client.post(house.path, data={"s": "done", "note": "Fait."})
        after = client.get(house.path).text

    assert "Votre réponse d’aujourd’hui" in today
    assert "Votre réponse du <time" in later
    assert "23 novembre 2026" in later
    assert "en bonne voie" in later
    assert "répondre de nouveau" in later
    assert 'name="s"' in later
    assert again.status_code == 303
    assert "c’est fait" in after
    assert "répondre de nouveau" not in after


def test_after_the_action_moved_on_the_page_says_what_stands_now(database: Database, client: TestClient) -> None:
    house = House(database)
    answered(client, house.path, s="done", note="Fait.")
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False), database.write() as session:
        item = house.act(session)
        verifications.send_back(session, house.made.actor("youssef"), item, reason="Une pièce manque.")

    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        page = client.get(house.path).text

    assert "c’est fait" in page
    assert re.search(r"Depuis, le <time[^>]*>24 novembre 2026</time>", page)
    assert 'name="s"' in page


def test_late_but_heard_today_is_said_as_it_is(database: Database, client: TestClient) -> None:
    house = House(database)
    with time_machine.travel(NOW + dt.timedelta(days=12), tick=False):
        with database.write() as session:
            item = house.act(session)
            updates.report(session, house.made.actor("karim"), item, words=Words(note="Presque."))
            fresh = scenes.link(house.made, item)
        answered_here, elsewhere = client.get(house.path).text, client.get(f"/fr/u/{fresh}").text

    assert answered_here.count(" is-late") == elsewhere.count(" is-late") == 1
    assert "il y a du nouveau" in answered_here
    assert "La dernière nouvelle date d’aujourd’hui." not in answered_here
    assert "La dernière nouvelle date d’aujourd’hui." in elsewhere


def test_a_receipt_is_of_its_own_act_alone(database: Database, client: TestClient) -> None:
    house = House(database)
    with database.write() as session:
        foreign = updates.report(
            session, house.made.within(session).actor("karim"), house.act(session, 1), words=Words(note="Autre.")
        ).id

    assert client.get(f"{house.path}/receipts/{foreign}").status_code == 404


def test_a_supporting_post_of_a_blocked_action_can_still_tell_news_of_its_part(
    database: Database, client: TestClient
) -> None:
    house = House(database)
    with database.write() as session:
        item = scenes.action(house.made.within(session), State.BLOCKED)
        scenes.support(house.made, item)
        token = scenes.link(house.made, item, "salma")

    page = client.get(f"/fr/u/{token}?s=report").text

    assert re.findall(r'name="s" value="(\w+)"', page) == ["on_track", "report", "done"]
    assert "notre part" in page
    assert client.post(f"/fr/u/{token}", data={"s": "report", "note": "Prêts."}).status_code == 303


def test_a_supporting_post_reads_the_date_of_its_part(database: Database, client: TestClient) -> None:
    house = House(database)
    with database.write() as session:
        item = house.act(session)
        scenes.support(house.made, item, dt.date(2026, 11, 20))
        token = scenes.link(house.made, item, "salma")

    page = client.get(f"/fr/u/{token}").text

    assert "Échéance de votre part" in page
    assert "20 novembre 2026" in page
    assert client.post(f"/fr/u/{token}", data={"s": "on_track"}).status_code == 303
    with database.read() as session:
        said = sa.select(Update).where(col(Update.verb) == Verb.PART_ON_TRACK).order_by(col(Update.id).desc())
        last = session.scalars(said).first()
    assert last
    assert last.post_id == house.made.posts["salma"]
