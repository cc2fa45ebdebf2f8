"""A question from a mail: its page shows it, takes one answer in a line, and opens nothing else."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.notifications import UpdateLink
from app.models.questions import QuestionNote
from app.models.updates import Update
from app.services.followup import closures, questions
from app.services.kernel.update_links import Bound
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
WHEN, SOON = "Quand le guide sera-t-il imprimé ?", "Le 15 décembre."


class Ground:
    """One question to Karim's post and one of Karim to the secretariat, each with the key of its mail."""

    def __init__(self, session: Session) -> None:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS)
        scenes.publish(made, action)
        self.people, self.ref, self.session = made.people, action.ref, session
        self.to_karim = self._key(made, action, "amina", "karim")
        self.to_amina = self._key(made, action, "karim", "amina")
        self.update = f"/fr/u/{scenes.link(made, action)}"

    def _key(self, made: Scene, action: Action, asker: str, answerer: str) -> str:
        question = questions.ask(made.session, made.actor(asker), action, text=WHEN)
        bound = Bound(made.people[answerer], question.post_id, action.id, question_id=question.id)
        return f"/fr/u/{scenes.issue(made.session, bound, clock.now() + dt.timedelta(days=45))}"


@pytest.fixture
def ground(database: Database) -> Ground:
    with database.write() as session:
        return Ground(session)


def state(database: Database) -> tuple[object, ...]:
    """All that a look must leave as it is."""
    with database.read() as session:
        action = session.scalars(sa.select(Action)).one()
        counted = [
            session.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in (Update, UpdateLink)
        ]
        notes = session.scalars(sa.select(QuestionNote).order_by(col(QuestionNote.id))).all()
        return (*counted, action.model_dump(), [note.model_dump() for note in notes])


def test_looking_changes_nothing_however_often(client: TestClient, ground: Ground, database: Database) -> None:
    before = state(database)
    for _ in range(3):
        for key in (ground.to_karim, ground.to_amina):
            page = client.get(f"{key}/question")
            assert page.status_code == 200
            assert client.head(f"{key}/question").status_code == 200
            assert "Quand le guide sera-t-il imprimé" in page.text
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert "no-store" in page.headers["Cache-Control"]
            assert len(page.content) <= 12_000
    assert state(database) == before


@pytest.mark.parametrize("way", ["to_karim", "to_amina"])
def test_it_is_answered_from_the_mail_and_nothing_of_the_action_moves(
    client: TestClient, ground: Ground, database: Database, way: str
) -> None:
    key = getattr(ground, way)
    before = state(database)[:3]

    sent = client.post(f"{key}/question", data={"text": SOON})

    assert sent.status_code == 303
    assert state(database)[:3] == before
    page = client.get(sent.headers["location"]).text
    assert SOON in page
    assert "Compléter la réponse" in page
    with database.read() as session:
        answer = session.scalars(sa.select(QuestionNote).where(col(QuestionNote.question_id).is_not(None))).one()
    assert (answer.text, answer.via, answer.person_id) == (
        SOON, "mail_link", ground.people[way.removeprefix("to_")]
    )  # fmt: skip


def test_a_form_sent_twice_is_one_answer(client: TestClient, ground: Ground, database: Database) -> None:
    form = {"text": SOON, "once": "x" * 24}
    first, second = (client.post(f"{ground.to_karim}/question", data=form) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    with database.read() as session:
        assert len(session.scalars(sa.select(QuestionNote)).all()) == 3


def test_an_empty_answer_says_what_is_missing(client: TestClient, ground: Ground) -> None:
    wrong = client.post(f"{ground.to_karim}/question", data={"text": " "})
    assert wrong.status_code == 422
    assert "Écrivez la réponse" in wrong.text


def test_a_key_to_a_question_opens_nothing_else_and_no_other_key_opens_a_question(
    client: TestClient, ground: Ground
) -> None:
    assert client.get(ground.to_karim).status_code == 410
    assert client.post(ground.to_karim, data={"s": "done", "note": "Fait."}).status_code == 410
    assert client.get(f"{ground.to_karim}/milestone").status_code == 410
    assert client.get(f"{ground.update}/question").status_code == 404
    assert client.post(f"{ground.update}/question", data={"text": SOON}).status_code == 404
    assert client.get("/fr/u/unknown/question").status_code == 404


def test_it_dies_with_the_end_of_the_action_and_with_who_answers(
    client: TestClient, ground: Ground, database: Database
) -> None:
    with database.write() as session:
        session.execute(sa.text("DELETE FROM role_grant WHERE person_id = :amina"), {"amina": ground.people["amina"]})
    assert client.get(f"{ground.to_amina}/question").status_code == 410
    with database.write() as session:
        session.execute(sa.text("UPDATE holding SET until_on = '2026-01-01' WHERE person_id = :karim"),
                        {"karim": ground.people["karim"]})  # fmt: skip
    gone = client.get(f"{ground.to_karim}/question")
    assert gone.status_code == 410
    assert "guide" not in gone.text
    assert client.post(f"{ground.to_karim}/question", data={"text": SOON}).status_code == 410


def test_nobody_is_asked_about_what_has_ended(client: TestClient, ground: Ground, database: Database) -> None:
    with database.write() as session:
        action = session.scalars(sa.select(Action)).one()
        made = scenes.Scene(session, dict(ground.people))
        closures.cancel(session, made.actor("amina"), action, reason="Abandonné.")
    assert client.get(f"{ground.to_karim}/question").status_code == 410


def test_an_expired_key_is_renewed_for_who_had_it(client: TestClient, ground: Ground, database: Database) -> None:
    with database.write() as session:
        session.execute(sa.update(UpdateLink).values(expires_at=clock.now() - dt.timedelta(days=1)))
    for key, name in ((ground.to_karim, "karim"), (ground.to_amina, "amina")):
        old = client.get(f"{key}/question")
        assert old.status_code == 410
        assert "/renewal" in old.text
        client.post(f"{key}/renewal")
        with database.read() as session:
            asked = sa.text("SELECT person_id FROM message WHERE kind = 'question_asked' ORDER BY id DESC LIMIT 1")
            assert session.scalars(asked).one() == ground.people[name]
