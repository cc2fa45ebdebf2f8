"""More time from a mail, endorsed and decided on the page of the action: by the doors alone, whoever knocks."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.db import Database
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HERE = {"Origin": "http://127.0.0.1"}


class Ground:
    """An action in the open, the key of its owner's mail, and everybody's session."""

    def __init__(self, session: Session) -> None:
        made = scenes.scene(session, published=True)
        action = scenes.action(made)
        scenes.publish(made, action)
        self.key, self.ref, self.baseline = f"/fr/u/{scenes.link(made, action)}", action.ref, action.baseline_on
        self.cookies = {name: scenes.signed_in(made, name) for name in ("amina", "karim", "leila", "omar")}
        self.asked = {"due_on": str(scenes.in_days(60)), "more_time_reason": "L'imprimeur est fermé."}
        self.page = f"/fr/workspace/actions/{action.ref}"

    def press(self, client: TestClient, name: str, what: str, **fields: str) -> int:
        client.cookies.clear()
        client.cookies.update(self.cookies[name])
        answer: int = client.post(f"{self.page}/extension-requests{what}", data=fields, headers=HERE).status_code
        return answer


@pytest.fixture
def ground(database: Database) -> Ground:
    with database.write() as session:
        return Ground(session)


def request_of(database: Database) -> ExtensionRequest:
    with database.read() as session:
        return session.scalars(sa.select(ExtensionRequest)).one()


def action_of(database: Database, ground: Ground) -> Action:
    with database.read() as session:
        return session.scalars(sa.select(Action).where(col(Action.ref) == ground.ref)).one()


def test_a_stranger_finds_nothing(client: TestClient, ground: Ground, database: Database) -> None:
    client.post(f"{ground.key}/extension-requests", data=ground.asked)
    number = request_of(database).id
    for what in ("", f"/{number}/grant", f"/{number}/refusal", f"/{number}/endorsement", "/999/grant"):
        assert ground.press(client, "omar", what, reason="Non.") in {403, 404}
    assert ground.press(client, "amina", "/999/grant", reason="Oui.") == 404
    assert ground.press(client, "amina", "/abc/grant", reason="Oui.") == 404


def test_looking_asks_nothing_and_the_link_only_brings_it_forward(
    client: TestClient, ground: Ground, database: Database
) -> None:
    page = client.get(f"{ground.key}?s=more_time").text
    assert '<details class="items" open>' in page
    with database.read() as session:
        assert session.scalars(sa.select(ExtensionRequest)).all() == []


def test_what_was_typed_is_kept_where_a_date_does_not_do(client: TestClient, ground: Ground) -> None:
    wrong = client.post(f"{ground.key}/extension-requests", data=ground.asked | {"due_on": str(scenes.in_days(1))})
    assert wrong.status_code == 422
    assert "L&#39;imprimeur est fermé." in wrong.text
    assert '<details class="items" open>' in wrong.text


def test_asked_from_the_mail_endorsed_granted_and_told_in_public(
    client: TestClient, ground: Ground, database: Database
) -> None:
    client.post(f"{ground.key}/extension-requests", data=ground.asked)
    number = request_of(database).id
    assert "Vous avez demandé un report" in client.get(ground.key).text

    assert ground.press(client, "karim", f"/{number}/grant", reason="Moi.") == 403
    assert ground.press(client, "leila", f"/{number}/grant", reason="Moi.") == 403, "the programme does not allow it"
    assert ground.press(client, "leila", f"/{number}/endorsement") == 303
    client.cookies.update(ground.cookies["amina"])
    desk = client.get("/fr/workspace/desk?only=requests").text
    assert "appuyée par le responsable" in desk
    assert ground.press(client, "amina", f"/{number}/grant", reason="Le marché est relancé.") == 303

    action = action_of(database, ground)
    assert (action.due_on, action.baseline_on, action.extensions) == (scenes.in_days(60), ground.baseline, 1)
    client.cookies.clear()
    story = client.get(f"/fr/recommendations/{ground.ref.rpartition('.')[0]}").text
    assert "Le marché est relancé." in story
    assert "imprimeur" not in story, "why it was asked stays in the house"
    assert "Vous avez demandé un report" not in client.get(ground.key).text


def test_a_page_from_before_is_told_what_stands_now_with_what_was_typed(
    client: TestClient, ground: Ground, database: Database
) -> None:
    client.post(f"{ground.key}/extension-requests", data=ground.asked)
    number = request_of(database).id
    client.cookies.update(ground.cookies["amina"])
    late = {"version": "1", "reason": "Le marché est relancé."}
    told = client.post(f"{ground.page}/extension-requests/{number}/grant", data=late, headers=HERE)
    assert told.status_code == 409
    assert "Le marché est relancé." in told.text


def test_it_is_withdrawn_from_the_mail(client: TestClient, ground: Ground, database: Database) -> None:
    client.post(f"{ground.key}/extension-requests", data=ground.asked)
    for _ in range(2):
        assert client.post(f"{ground.key}/extension-requests/withdrawal").status_code == 303
    assert request_of(database).outcome == "withdrawn"
    client.cookies.update(ground.cookies["karim"])
    assert "Demander un report" in client.get(ground.page).text


def test_my_actions_say_that_more_time_is_asked_for(client: TestClient, ground: Ground) -> None:
    client.post(f"{ground.key}/extension-requests", data=ground.asked)
    client.cookies.update(ground.cookies["karim"])
    assert "Report demandé" in client.get("/fr/workspace/mine").text
