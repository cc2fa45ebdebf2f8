"""Behind the key of a mail a reply is read again; one tap records it, another throws it away, a GET does neither."""

import pytest
from sqlmodel import select

from app import clock
from app.db import Database
from app.domain.replies import ReplyState
from app.mail.inbound.outcomes import TakenAs
from app.models.replies import PendingReply
from app.models.updates import Update
from app.services.kernel import update_links
from app.services.kernel.update_links import Bound
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure
from tests.services.mailing.test_replies import OURS, WORDS, Desk, written

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def key(database: Database, configure: Configure) -> str:
    """Of the mail that asks Karim to confirm his reply."""
    configure(reply_address="suivi@example.ma", authserv_id=OURS)
    with database.write() as session:
        desk, now = Desk(session), clock.now()
        desk.line.expires_at = now + update_links.LONGEST
        session.flush()
        assert desk.take(written(f"{WORDS}<b>"), at=now) is TakenAs.WAITING
        bound = Bound(desk.karim.id, desk.post.id, desk.action.id)
        token, row = update_links.drawn(next(update_links.secret_bytes()), bound, now + update_links.LONGEST)
        update_links.keep(session, [row])
    return token


def state(database: Database) -> tuple[ReplyState, list[str]]:
    with database.read() as session:
        notes = [update.note for update in session.scalars(select(Update)) if update.note]
        return session.scalars(select(PendingReply)).one().state, notes


def test_reading_it_changes_nothing(client: TestClient, database: Database, key: str) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/fr/u/{key}/reply")
        assert answer.status_code == 200
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"

    assert "Le guide est imprimé." in client.get(f"/fr/u/{key}/reply").text
    assert "&lt;b&gt;" in client.get(f"/fr/u/{key}/reply").text
    assert state(database) == (ReplyState.WAITING, [])


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_one_tap_records_it(client: TestClient, database: Database, key: str, lang: str) -> None:
    answer = client.post(f"/{lang}/u/{key}/reply", data={"reply_id": "1", "choice": "confirm"})

    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200
    found, notes = state(database)
    assert found is ReplyState.CONFIRMED
    assert len(notes) == 1
    assert client.post(f"/{lang}/u/{key}/reply", data={"reply_id": "1", "choice": "confirm"}).status_code == 422


def test_another_throws_it_away(client: TestClient, database: Database, key: str) -> None:
    answer = client.post(f"/fr/u/{key}/reply", data={"reply_id": "1", "choice": "discard"})

    assert answer.status_code == 303
    assert "Rien n’a été enregistré" in client.get(answer.headers["location"]).text
    assert state(database) == (ReplyState.DISCARDED, [])


@pytest.mark.parametrize(
    "sent",
    [{}, {"reply_id": "x", "choice": "confirm"}, {"reply_id": "1", "choice": "publish"}, {"reply_id": "9999999999"}],
)
def test_nonsense_is_a_clear_answer(client: TestClient, database: Database, key: str, sent: dict[str, str]) -> None:
    assert client.post(f"/fr/u/{key}/reply", data=sent).status_code == 422
    assert state(database) == (ReplyState.WAITING, [])


def test_an_unknown_key_opens_nothing(client: TestClient, key: str) -> None:
    assert client.get(f"/fr/u/{'k' * 43}/reply").status_code == 404
