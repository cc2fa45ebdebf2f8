"""Changes planned for a day and who acts for a holder, by pages and by passes: before, on, and after the days."""

import datetime as dt

import pytest
import sqlalchemy as sa
from httpx import Response
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.jobs.table import run_pass
from app.models.people import Person, PlannedSeat, Post
from app.queries.mailing import recipients
from app.services.kernel.audit import SERVICE
from app.services.kernel.update_links import Bound
from app.services.setup import access
from tests import builders, scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HOME = {"Origin": "http://127.0.0.1"}
POST = "/fr/workspace/setup/posts/suivi"
OWN = "/fr/workspace/profile/substitutes"


@pytest.fixture
def house(database: Database) -> Database:
    """A post that Karim holds, and an action that it owes; Salma beside him, Sara who administers."""
    with database.write() as session:
        builders.person(session, "Sara", Role.ADMINISTRATOR, email="sara@exemple.ma", locale="fr")
        centre = builders.organisation(session, slug="centre")
        post = builders.post(session, centre, slug="suivi")
        other = builders.post(session, centre, slug="autre")
        builders.person(session, "Karim", holds=post, email="karim@exemple.ma", locale="fr")
        builders.person(session, "Salma", holds=other, email="salma@exemple.ma", locale="fr")
        builders.action(session, owner=post)
    return database


def test_the_outsider_finds_nobody_else_s_plans(client: TestClient, house: Database) -> None:
    _sign_in(client, house, "karim")
    assert client.get(f"{POST}/acting").status_code == 404
    assert _choose(client, "autre", "Salma", house).status_code == 404

    assert _choose(client, "suivi", "Salma", house).status_code == 303
    _sign_in(client, house, "salma")
    assert client.post(f"{OWN}/{_plan(house)}/removal", data={}, headers=HOME).status_code == 404


def test_a_holder_chooses_a_colleague_and_takes_it_back(client: TestClient, house: Database) -> None:
    _sign_in(client, house, "karim")
    assert "Salma" in client.get(OWN).text

    _choose(client, "suivi", "Salma", house)
    assert f"{OWN}/{_plan(house)}/removal" in client.get(OWN).text

    client.post(f"{OWN}/{_plan(house)}/removal", data={}, headers=HOME)
    assert "/removal" not in client.get(OWN).text


def test_an_address_that_nobody_has_is_refused_in_its_place(client: TestClient, house: Database) -> None:
    _sign_in(client, house, "karim")

    answer = _choose(client, "suivi", "", house, email="rachid@exemple.ma")

    assert answer.status_code == 422
    assert "Personne ici n’a cette adresse" in answer.text


def test_what_a_holder_chose_stands_on_the_post_s_page(client: TestClient, house: Database) -> None:
    _sign_in(client, house, "karim")
    _choose(client, "suivi", "Salma", house)

    _sign_in(client, house, "sara")
    page = client.get(POST).text

    assert f"{POST}/planned/{_plan(house)}/removal" in page
    client.post(f"{POST}/planned/{_plan(house)}/removal", data={}, headers=HOME)
    assert "/removal" not in client.get(POST).text


def test_a_handover_on_a_day_is_seen_before_and_after_the_pass(client: TestClient, house: Database) -> None:
    """The old holder's link opens until then, and says kindly afterwards that it is over."""
    day = clock.today(settings().zone) + dt.timedelta(days=3)
    with house.write() as session:
        bound = Bound(_person(session, "Karim").id, _post(session).id, 1)
        token = scenes.issue(session, bound, clock.now() + dt.timedelta(days=30))
        salma = _person(session, "Salma").id
    _sign_in(client, house, "sara")
    typed = {"person_id": str(salma), "since_on": day.isoformat()}
    assert client.post(f"{POST}/holder", data=typed, headers=HOME).headers["location"].startswith(POST)
    assert "/planned/" in client.get(POST).text

    run_pass(_morning(day - dt.timedelta(days=1)))
    assert client.get(f"/fr/u/{token}").status_code == 200

    run_pass(_morning(day))
    gone = client.get(f"/fr/u/{token}")
    assert gone.status_code == 410
    assert "a changé de mains" in gone.text
    with house.read() as session:
        assert recipients.holder(session, _post(session).id) == salma


def test_a_secretariat_names_who_acts(client: TestClient, house: Database) -> None:
    _sign_in(client, house, "sara")
    with house.read() as session:
        salma = _person(session, "Salma").id
    today = clock.today(settings().zone).isoformat()

    typed = {"person_id": str(salma), "from_on": today, "until_on": today}
    assert client.post(f"{POST}/acting", data=typed, headers=HOME).status_code == 303

    with house.read() as session:
        assert recipients.holder(session, _post(session).id) == salma
    assert client.post(f"{POST}/acting", data=typed, headers=HOME).status_code == 422


def _choose(client: TestClient, post: str, name: str, house: Database, **more: str) -> Response:
    with house.read() as session:
        someone = str(_person(session, name).id) if name else ""
    day = (clock.today(settings().zone) + dt.timedelta(days=2)).isoformat()
    typed = {"post": post, "person_id": someone, "from_on": day, "until_on": day} | more
    answer: Response = client.post(OWN, data=typed, headers=HOME)
    return answer


def _plan(house: Database) -> int:
    with house.read() as session:
        return session.scalars(sa.select(col(PlannedSeat.id))).one() or 0


def _person(session: Session, name: str) -> Person:
    return session.scalars(sa.select(Person).where(col(Person.name) == name)).one()


def _post(session: Session) -> Post:
    return session.scalars(sa.select(Post).where(col(Post.slug) == "suivi")).one()


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), settings().zone)


def _sign_in(client: TestClient, database: Database, name: str) -> TestClient:
    with database.write() as session:
        address = access.issue_link(session, SERVICE, f"{name}@exemple.ma")
    client.post(address.removeprefix(settings().base), headers=HOME)
    return client
