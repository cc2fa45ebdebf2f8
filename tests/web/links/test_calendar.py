"""A person's own calendar: what they owe and nothing else, behind a key that they make, replace and end."""

import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.db import Database
from app.domain import keys
from app.domain.errors import NotAllowed
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.feeds import CalendarFeed
from app.models.people import Holding, Person, Post
from app.services.followup import closures, milestones
from app.services.kernel.audit import SERVICE
from app.services.setup import feeds, people, posts
from tests import calendars, grounds, scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

ORIGIN = {"Origin": "http://127.0.0.1"}


class House:
    def __init__(self, database: Database, client: TestClient) -> None:
        self.database, self.client = database, client
        with database.write() as session:
            made = self.made = scenes.scene(session)
            self.action = self.ref(scenes.action(made, due_on=scenes.in_days(10)))
            self.ref(scenes.action(made, due_on=scenes.in_days(900)))
            self.ref(scenes.action(made, State.VERIFIED, due_on=scenes.in_days(40)))
            self.paths = {name: f"/calendars/me/{self.key(made, name)}.ics" for name in ("karim", "salma", "leila")}

    def ref(self, action: object) -> str:
        return str(getattr(action, "ref", ""))

    def key(self, made: Scene, name: str) -> str:
        return feeds.make(made.session, made.actor(name), made.session.get_one(Person, made.people[name]))

    def days(self, name: str) -> list[tuple[str, dt.date]]:
        answer = self.client.get(self.paths[name])
        assert answer.status_code == 200
        found = calendars.events(answer.content)
        return [(str(one["SUMMARY"]), one["DTSTART"].dt) for one in found]


@pytest.fixture
def house(database: Database, client: TestClient) -> House:
    return House(database, client)


def test_it_has_what_ones_posts_owe_and_nobody_elses(house: House) -> None:
    title = scenes.TITLES["fr"]
    with house.database.write() as session:
        made = house.made.within(session)
        action = scenes.action(made, due_on=scenes.in_days(40))
        scenes.support(made, action, scenes.in_days(10))
        milestones.add(session, made.actor("amina"), action, titles={"fr": "Maquette"}, due_on=scenes.in_days(10))
        grounds._measured(made, made.posts["karim"])

    own = house.days("karim")

    assert (f"Échéance\u202f: {title}", scenes.in_days(10)) in own
    assert (f"Échéance\u202f: {title}", scenes.in_days(40)) in own
    assert ("Jalon\u202f: Maquette", scenes.in_days(10)) in own
    assert [on for _, on in own] == sorted(on for _, on in own)
    assert len(own) == 3, "neither what is far, verified, nor the target of 2030"
    assert house.days("salma") == [(f"Échéance de votre part\u202f: {title}", scenes.in_days(10))]
    assert house.days("leila") == []


def test_the_day_of_a_target_and_the_value_that_is_awaited_stand_in_it(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        grounds._measured(made, made.posts["karim"])
        session.execute(
            sa.text("UPDATE indicator SET target_on = :on, word_every = 'month', word_since = :since"),
            {"on": scenes.in_days(40), "since": scenes.in_days(-70)},
        )

    found = dict(house.days("karim"))

    assert found["Jour de la cible\u202f: Exportations"] == scenes.in_days(40)
    assert any(text.startswith("Valeur attendue") and "Exportations" in text for text in found)


def test_what_is_done_or_in_other_hands_leaves_it(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        post = session.get_one(Post, made.posts["karim"])
        posts.hand_over(
            session, SERVICE, post, session.get_one(Person, made.people["salma"]), since_on=scenes.in_days(0)
        )

    assert house.days("karim") == []
    assert len(house.days("salma")) == 1

    with house.database.write() as session:
        made = house.made.within(session)
        action = session.scalars(sa.select(Action).where(col(Action.ref) == house.action)).one()
        closures.cancel(session, made.actor("amina"), action, reason="Abandonné.")
    assert house.days("salma") == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["karim", "salma"])  # who leads it, and who supports it until the same day
def test_a_moved_deadline_is_the_same_event_with_a_higher_number(house: House, name: str) -> None:
    def event() -> Any:
        [found] = calendars.events(house.client.get(house.paths[name]).content)
        return found

    with house.database.write() as session:
        made = house.made.within(session)
        scenes.support(made, session.scalars(sa.select(Action).where(col(Action.ref) == house.action)).one())
    before, later = event(), scenes.in_days(40)
    with clock.at(clock.now() + dt.timedelta(minutes=2)), house.database.write() as session:
        made = house.made.within(session)
        action = session.scalars(sa.select(Action).where(col(Action.ref) == house.action)).one()
        closures.move_deadline(session, made.actor("amina"), action, due_on=later, reason="Le budget arrive plus tard.")
    after = event()

    assert before["UID"] == after["UID"]
    assert (before["DTSTART"].dt, after["DTSTART"].dt) == (scenes.in_days(10), later)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


@pytest.mark.sqlite_only
def test_unchanged_it_is_not_sent_again_and_no_cache_keeps_it(house: House) -> None:
    first = house.client.get(house.paths["karim"])
    etag = first.headers["ETag"]

    for wanted in (etag, f"W/{etag}", f'"x", {etag}'):
        again = house.client.get(house.paths["karim"], headers={"If-None-Match": wanted})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    head = house.client.head(house.paths["karim"])
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", etag)
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    with house.database.write() as session:
        scenes.action(house.made.within(session), due_on=scenes.in_days(40))
    changed = house.client.get(house.paths["karim"], headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["ETag"] != etag) == (200, True)


@pytest.mark.sqlite_only
def test_a_key_that_was_replaced_ended_or_of_somebody_without_access_is_gone(house: House) -> None:
    first = house.paths["karim"]
    with house.database.write() as session:
        house.paths["karim"] = f"/calendars/me/{house.key(house.made.within(session), 'karim')}.ics"

    assert house.client.get(first).status_code == 410
    assert house.client.get(house.paths["karim"]).status_code == 200
    assert house.client.get("/calendars/me/" + "x" * 43 + ".ics").status_code == 404
    with house.database.write() as session:
        made = house.made.within(session)
        feeds.revoke(session, made.actor("karim"), session.get_one(Person, made.people["karim"]))
        people.disable(session, SERVICE, session.get_one(Person, made.people["salma"]))
    for name in ("karim", "salma"):
        gone = house.client.get(house.paths[name])
        assert (gone.status_code, house.action in gone.text) == (410, False)
    with house.database.write() as session:
        people.enable(session, SERVICE, session.get_one(Person, house.made.people["salma"]))
    assert house.client.get(house.paths["salma"]).status_code == 410, "access given again brings no old key back"


@pytest.mark.sqlite_only
def test_the_key_is_kept_nowhere_and_looking_writes_nothing(house: House) -> None:
    key = house.paths["karim"].rpartition("/")[2].removesuffix(".ics")
    with house.database.read() as session:
        hashes = set(session.scalars(sa.select(col(CalendarFeed.token_hash))))
        everything = " ".join(
            str(row) for table in CalendarFeed.metadata.sorted_tables for row in session.execute(sa.select(table))
        )
        events = session.scalars(sa.select(sa.func.count(col(AuditEvent.id)))).one()
    assert keys.hashed(key) in hashes
    assert key not in everything
    for _ in range(50):
        house.client.get(house.paths["karim"])
    with house.database.read() as session:
        assert session.scalars(sa.select(sa.func.count(col(AuditEvent.id)))).one() == events


@pytest.mark.sqlite_only
def test_it_costs_the_same_statements_whatever_is_owed(house: House) -> None:
    def cost() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(house.database.reader, "before_cursor_execute", note)
        house.client.get(house.paths["karim"])
        sa.event.remove(house.database.reader, "before_cursor_execute", note)
        return len([one for one in seen if one.startswith("SELECT")])

    few = cost()
    with house.database.write() as session:
        for _ in range(12):
            scenes.action(house.made.within(session), due_on=scenes.in_days(40))

    assert (few, cost()) == (5, 5)


@pytest.fixture
def karim(application: ASGIApp, house: House) -> Iterator[TestClient]:
    with house.database.write() as session:
        cookies = scenes.signed_in(house.made.within(session), "karim")
    with TestClient(application, base_url="http://127.0.0.1", follow_redirects=False) as browser:
        browser.cookies.update(cookies)
        yield browser


@pytest.mark.sqlite_only
def test_the_address_is_told_once_on_the_page_that_the_press_leads_to(house: House, karim: TestClient) -> None:
    profile = "/fr/workspace/profile"

    made = karim.post(f"{profile}/calendar", headers=ORIGIN)
    told = karim.get(profile)
    again = karim.get(profile)

    assert (made.status_code, made.headers["Location"]) == (303, f"{profile}?said=calendar_made#calendar")
    [address] = set(re.findall(r"https?://[\w.:]+(/calendars/me/[\w-]{43}\.ics)", told.text))
    assert f"webcal://{urlsplit('http://127.0.0.1:8000').netloc}{address}" in told.text
    assert "/calendars/me/" not in again.text
    assert "L’adresse a été créée" in again.text
    assert karim.get(address).status_code == 200
    assert karim.get(house.paths["karim"]).status_code == 410

    ended = karim.post(f"{profile}/calendar/revocation", headers=ORIGIN)
    assert ended.status_code == 303
    assert karim.get(address).status_code == 410
    assert "Créer l’adresse" in karim.get(profile).text


def test_of_many_presses_at_once_one_key_lives(house: House, karim: TestClient) -> None:
    with ThreadPoolExecutor(8) as crowd:
        profile = "/fr/workspace/profile/calendar"
        presses = list(crowd.map(lambda n: karim.post(profile, data={"once": f"o{n}"}, headers=ORIGIN), range(16)))

    assert {one.status_code for one in presses} == {303}
    with house.database.read() as session:
        mine = sa.select(col(CalendarFeed.revoked_at)).where(col(CalendarFeed.person_id) == house.made.people["karim"])
        ends = list(session.scalars(mine))
    assert (len(ends), ends.count(None)) == (17, 1)


@pytest.mark.sqlite_only
def test_a_cookie_that_somebody_else_left_tells_nothing(house: House, karim: TestClient) -> None:
    other = house.paths["salma"].rpartition("/")[2].removesuffix(".ics")
    for planted in (other, "x" * 43, "<script>"):
        karim.cookies.set("tatbiq-once", planted)
        assert planted not in karim.get("/fr/workspace/profile").text


@pytest.mark.sqlite_only
def test_each_is_recorded_and_only_for_oneself(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        salma = session.get_one(Person, made.people["salma"])
        for verb in (feeds.make, feeds.revoke):
            with pytest.raises(NotAllowed):
                verb(session, made.actor("karim"), salma)
        feeds.revoke(session, made.actor("salma"), salma)
        feeds.revoke(session, made.actor("salma"), salma)
        query = sa.select(col(AuditEvent.verb)).where(
            col(AuditEvent.actor_id) == salma.id, col(AuditEvent.subject_kind) == "person"
        )
        assert list(session.scalars(query.order_by(col(AuditEvent.id)))) == ["make_calendar", "revoke_calendar"]


def test_whoever_acts_for_a_holder_has_the_days_too(house: House) -> None:
    with house.database.write() as session:
        made = house.made.within(session)
        session.add(
            Holding(
                post_id=made.posts["karim"], person_id=made.people["leila"], since_on=scenes.in_days(0), is_acting=True,
                created_at=clock.now(),
            )
        )  # fmt: skip

    assert len(house.days("leila")) == 1
    assert len(house.days("karim")) == 1
