"""A supporting post is late while its lead is on time: seen by its holder, on the desk and on the public page."""

import pytest

from app.db import Database
from app.domain.workflow import PartState
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only


def shared(database: Database) -> tuple[str, dict[str, dict[str, str]]]:
    with database.write() as session:
        made = scenes.scene(session)
        action = scenes.action(made, due_on=scenes.in_days(20))
        scenes.support(made, action, scenes.in_days(-3), PartState.ACKNOWLEDGED)
        amina = made.actor("amina")
        programmes.publish(session, amina, made.programme)
        meetings.publish(session, amina, made.meeting)
        recommendations.publish(session, amina, made.recommendation)
        scenes.publish(made, action)
        return action.ref, {name: scenes.signed_in(made, name) for name in ("amina", "salma", "youssef", "omar")}


def page(client: TestClient, path: str, cookies: dict[str, str]) -> str:
    client.cookies.clear()
    client.cookies.update(cookies)
    text: str = client.get(path).text
    return text


def test_a_late_part_is_told_to_its_holder_the_desk_and_the_public(database: Database, client: TestClient) -> None:
    ref, cookies = shared(database)

    mine = page(client, "/fr/workspace/mine", cookies["salma"])
    desk = page(client, "/fr/workspace/desk", cookies["amina"])
    public = page(client, f"/fr/actions/{ref}", {})
    above = page(client, f"/fr/recommendations/{ref.rpartition('.')[0]}", {})
    verifier = page(client, f"/fr/workspace/actions/{ref}", cookies["youssef"])

    late = "Sa part est en retard de 3 jours"
    assert late in mine
    assert "1 action dont une part est en retard ou non confirmée" in desk
    assert late in desk
    for told in (public, above, verifier):
        assert "La seule institution d’appui est en retard." in told
    assert late in public
    assert "Salma" not in public


def test_the_secretariat_asks_moves_and_ends_and_what_is_wrong_is_told(database: Database, client: TestClient) -> None:
    ref, cookies = shared(database)
    client.cookies.clear()
    client.cookies.update(cookies["amina"])
    at, origin = f"/fr/workspace/actions/{ref}/parts", {"Origin": "http://127.0.0.1"}
    body = client.get(f"/fr/workspace/actions/{ref}").text.split("/parts/")[1].split("/")[0]

    assert client.post(at, data={"post_id": ""}, headers=origin).status_code == 422
    moved = {"due_on": scenes.in_days(5).isoformat(), "reason": "La foire est reportée."}
    assert client.post(f"{at}/{body}/deadline", data={**moved, "reason": ""}, headers=origin).status_code == 422
    assert client.post(f"{at}/{body}/deadline", data=moved, headers=origin).status_code == 303
    assert client.post(f"{at}/{body}/removal", data={"reason": "Plus utile."}, headers=origin).status_code == 303
    assert client.post(f"{at}/{body}/removal", data={"reason": "Plus utile."}, headers=origin).status_code == 404
    assert page(client, f"/fr/workspace/actions/{ref}", cookies["omar"]).count("Plus utile") == 0
