"""An invitation from the form to the mail and in: opened as often as one likes, accepted once; shown nowhere."""

import re

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import jobs
from app.config import settings
from app.db import Database
from app.models.access import Invitation
from app.models.notifications import Envelope
from app.queries.mailing import recipients
from tests import scenes
from tests.builders import instant
from tests.fixtures.mail import SmtpServer
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure
from tests.house import House

pytestmark = pytest.mark.sqlite_only
ROOM = "/fr/workspace/setup/invitations"
WISH = {"name": "Hanae", "email": "hanae@exemple.ma", "locale": "fr"}
NIGHT, MORNING = instant("2026-12-01T23:00"), instant("2026-12-02T09:00")


@pytest.fixture
def house(database: Database, application: ASGIApp, configure: Configure, smtp_server: SmtpServer) -> House:
    configure(smtp_url=smtp_server.url)
    return House(database, application)


def test_a_stranger_finds_neither_the_list_nor_what_stands_in_it(house: House) -> None:
    _invite(house)

    assert house.browser("karim").get(ROOM).status_code == 404
    assert "hanae@" not in house.browser("omar").get(ROOM).text
    for act in ("sendings", "withdrawal"):
        assert house.browser("omar").post(f"{ROOM}/1/{act}", data={}).status_code == 404


def test_from_the_form_to_the_mail_and_in(house: House, client: TestClient, smtp_server: SmtpServer) -> None:
    assert _invite(house).headers["location"].startswith(ROOM)
    assert "hanae@exemple.ma" in house.browser("amina").get(ROOM).text

    link = _link(house, smtp_server)
    for _ in range(50):
        client.head(link)
        assert client.get(link).status_code == 200
    assert _holder(house) == house.made.people["karim"]

    accepted = client.post(link, headers={"Origin": "http://127.0.0.1"})
    assert accepted.status_code == 303
    assert client.get("/fr/workspace/profile").status_code == 200
    assert _holder(house) not in (None, house.made.people["karim"])
    assert client.get(link).status_code == 410
    assert client.post(link, headers={"Origin": "http://127.0.0.1"}).status_code == 410
    _sign_in_again(house)
    page = house.browser("amina").get(ROOM)
    assert page.status_code == 200
    assert "hanae@exemple.ma" not in page.text


def test_withdrawn_before_it_left_no_mail_leaves_and_afterwards_the_link_is_dead(
    house: House, client: TestClient, smtp_server: SmtpServer
) -> None:
    _invite(house)
    link = _link(house, smtp_server)
    _sign_in_again(house)
    assert house.browser("amina").post(f"{ROOM}/1/sendings", data={}).status_code == 303
    assert client.get(link).status_code == 410

    house.browser("amina").post(f"{ROOM}/1/withdrawal", data={})
    smtp_server.received.clear()
    jobs.run_pass(MORNING)

    assert [one for one in smtp_server.messages if "hanae@" in one["To"]] == []


def test_it_leaves_by_day_and_its_key_stands_in_no_column(house: House, smtp_server: SmtpServer) -> None:
    _invite(house)
    jobs.run_pass(NIGHT)
    assert smtp_server.messages == [] or all("hanae@" not in one["To"] for one in smtp_server.messages)

    token = _link(house, smtp_server).rpartition("/")[2]

    with house.database.read() as session:
        kept = session.scalars(sa.select(col(Envelope.shown)).where(col(Envelope.kind) == "invitation")).one()
        assert "sign-in/invitation/…" in kept
        assert token not in kept
        assert session.scalars(sa.select(col(Invitation.token_hash))).one() != token


def test_what_is_missing_is_said_in_its_place_and_what_was_typed_stays(house: House) -> None:
    answer = house.browser("amina").post(ROOM, data=WISH)

    assert answer.status_code == 422
    assert "Choisissez le rôle ou le poste proposé" in answer.text
    assert "hanae@exemple.ma" in answer.text


def _invite(house: House) -> TestClient:
    post = {"post_id": str(house.made.posts["karim"])}
    return house.browser("amina").post(ROOM, data=WISH | post)  # type: ignore[no-any-return]


def _link(house: House, smtp_server: SmtpServer) -> str:
    jobs.run_pass(MORNING)
    [mail] = [one for one in smtp_server.messages if "hanae@" in one["To"]]
    text = mail.get_body(("plain",))
    assert text
    found = re.search(r"\S+/sign-in/invitation/\S+", text.get_content())
    assert found
    return found.group().removeprefix(settings().base)


def _sign_in_again(house: House) -> None:
    """The pass ran some days ahead, and has ended every session."""
    with house.database.write() as session:
        scenes.signed_in(house.made.within(session), "amina")


def _holder(house: House) -> int | None:
    with house.database.read() as session:
        return recipients.holder(session, house.made.posts["karim"])
