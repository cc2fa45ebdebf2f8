"""Team chats by pages: administrators alone; an address is never shown again, a bad one is refused where it stands."""

import pytest
import sqlalchemy as sa
from sqlmodel import col, select
from starlette.types import ASGIApp

from app.channels import apprise
from app.db import Database
from app.models.audit import AuditEvent
from app.models.channels import ChannelNote, NoteState, TeamChannel
from tests import scenes
from tests.house import House

pytestmark = pytest.mark.sqlite_only
ROOM = "/en/workspace/setup/channels"
ADDRESS = "ntfys://ntfy.example.org/key-of-the-chat"
TYPED = {"name": "Suivi", "address": ADDRESS, "lang": "fr"}


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    house = House(database, application)
    with database.write() as session:
        made = house.made.within(session)
        scenes.administrator(session, made, locale="en")
        house.cookies["sara"] = scenes.signed_in(made, "sara")
    return house


def chats(house: House) -> list[TeamChannel]:
    with house.database.read() as session:
        return list(session.scalars(select(TeamChannel)))


def test_a_chat_is_added_tried_and_removed_and_its_address_is_nowhere(house: House) -> None:
    sara = house.browser("sara")
    assert sara.post(ROOM, data=TYPED).status_code == 303
    [chat] = chats(house)
    assert (chat.name, chat.service, chat.lang) == ("Suivi", "ntfy", "fr")

    assert sara.post(f"{ROOM}/{chat.id}/trials").status_code == 303
    assert "A notice leaves within a minute." in sara.get(ROOM).text
    again = sara.post(f"{ROOM}/{chat.id}/trials")
    assert (again.status_code, "on its way already" in again.text) == (422, True)
    with house.database.write() as session:
        session.execute(sa.update(ChannelNote).values(state=NoteState.DEAD, reason="the chat did not take it"))
    assert "did not arrive: " in sara.get(ROOM).text
    assert "key-of-the-chat" not in sara.get(ROOM).text

    assert sara.post(f"{ROOM}/{chat.id}/withdrawal").status_code == 303
    assert chats(house) == []
    assert sara.post(f"{ROOM}/{chat.id}/withdrawal").status_code == 404
    with house.database.read() as session:
        events = list(session.scalars(select(AuditEvent).where(col(AuditEvent.subject_kind) == "channel")))
    assert [event.verb for event in events] == ["create", "try", "remove"]
    assert "key-of-the-chat" not in str([event.data for event in events])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", "jsons://127.0.0.1/x", "inside network"),
        ("address", "http://example.org", "not among those"),
        ("name", " ", "how the chat is called"),
        ("lang", "de", "one of the languages"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands_and_nothing_is_kept(
    house: House, field: str, value: str, said: str
) -> None:
    page = house.browser("sara").post(ROOM, data=TYPED | {field: value})

    assert page.status_code == 422
    assert said in page.text
    assert "Suivi" in page.text or field == "name"
    assert chats(house) == []


def test_nobody_else_sees_or_touches_them(house: House) -> None:
    house.browser("sara").post(ROOM, data=TYPED)
    [chat] = chats(house)
    for who in ("amina", "karim", "leila", "omar"):
        browser = house.browser(who)
        assert browser.get(ROOM).status_code == 404
        assert browser.post(ROOM, data=TYPED).status_code == 404
        for act in ("trials", "withdrawal"):
            assert browser.post(f"{ROOM}/{chat.id}/{act}").status_code == 404
    assert len(chats(house)) == 1


def test_ten_chats_are_enough(house: House) -> None:
    sara = house.browser("sara")
    for _ in range(11):
        sara.post(ROOM, data=TYPED)

    assert len(chats(house)) == 10


def test_without_the_extra_the_page_says_how_to_get_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tatbiq[channels]" not in house.browser("sara").get(ROOM).text
    monkeypatch.setattr(apprise, "is_installed", lambda: False)
    for lang in ("ar", "fr", "en"):
        assert "tatbiq[channels]" in house.browser("sara").get(ROOM.replace("/en/", f"/{lang}/")).text
