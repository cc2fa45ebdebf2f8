"""Questions in the workspace: on the page of the action, on the desk, in my actions; for those who see its notes."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.domain.questions import Side
from app.domain.workflow import State
from app.models.actions import Action
from app.models.questions import QuestionNote
from app.services.followup import questions
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only
HERE = {"Origin": "http://127.0.0.1"}
WHEN, SOON = "Quand le guide sera-t-il kanari ?", "Le 15 décembre, kanari."
INSIDE, OUTSIDE = ("amina", "karim", "salma", "leila", "youssef"), ("nadia", "omar")


class Ground:
    def __init__(self, session: Session) -> None:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS)
        scenes.support(made, action)
        scenes.publish(made, action)
        with clock.at(clock.now() - dt.timedelta(days=4)):
            self.question = questions.ask(session, made.actor("amina"), action, text=WHEN).id
            self.other = questions.ask(session, made.actor("karim"), action, text=f"{WHEN} (2)").id
        self.cookies = {name: scenes.signed_in(made, name) for name in (*INSIDE, *OUTSIDE)}
        self.ref, self.page = action.ref, f"/fr/workspace/actions/{action.ref}"

    def read(self, client: TestClient, name: str, path: str) -> str:
        client.cookies.clear()
        client.cookies.update(self.cookies[name])
        answer: str = client.get(path).text
        return answer

    def press(self, client: TestClient, name: str, question: int, **fields: str) -> int:
        client.cookies.clear()
        client.cookies.update(self.cookies[name])
        path = f"{self.page}/questions/{question}/answers" if question else f"{self.page}/questions"
        status: int = client.post(path, data=fields, headers=HERE).status_code
        return status


@pytest.fixture
def ground(database: Database) -> Ground:
    with database.write() as session:
        return Ground(session)


def test_a_stranger_finds_nothing_and_an_observer_no_word(client: TestClient, ground: Ground) -> None:
    for name in OUTSIDE:
        assert "kanari" not in ground.read(client, name, ground.page)
        assert "kanari" not in ground.read(client, name, f"{ground.page}/questions")
        assert client.get(f"{ground.page}/questions").status_code == 404
        assert "Quand le guide" not in ground.read(client, name, "/fr/workspace/search?q=kanari")
        assert ground.press(client, name, ground.question, text=SOON) in {403, 404}
    assert ground.press(client, "karim", 999, text=SOON) == 404


def test_who_sees_the_notes_sees_the_questions_and_finds_them(client: TestClient, ground: Ground) -> None:
    for name in INSIDE:
        assert WHEN in ground.read(client, name, ground.page)
        assert WHEN in ground.read(client, name, f"{ground.page}/questions")
        found = ground.read(client, name, "/fr/workspace/search?q=kanari&kind=question")
        assert found.count('<li class="line">') == 2


def test_no_word_of_it_is_public(client: TestClient, ground: Ground) -> None:
    ground.press(client, "karim", ground.question, text=SOON)
    client.cookies.clear()
    above = ground.ref.rpartition(".")[0]
    for path in ("/fr/", f"/fr/actions/{ground.ref}", f"/fr/recommendations/{above}", "/fr/organisations/centre"):
        page = client.get(path)
        assert page.status_code == 200
        assert "kanari" not in page.text
        assert "question" not in page.text.lower()


def test_it_waits_on_the_desk_and_in_my_actions_until_it_is_answered(client: TestClient, ground: Ground) -> None:
    desk = ground.read(client, "amina", "/fr/workspace/desk?only=questions")
    assert "2 questions sans réponse" in desk
    assert desk.count("Sans réponse depuis 4 jours") == 2
    assert desk.count("Posée par le secrétariat") == 1
    mine = ground.read(client, "karim", "/fr/workspace/mine")
    assert "1 question à laquelle répondre, 1 question sans réponse" in mine
    assert mine.count("Sans réponse depuis 4 jours") == 2

    assert ground.press(client, "karim", ground.question, text=SOON, back="mine") == 303
    assert ground.press(client, "amina", ground.other, text=SOON, back=f"desk:questions:q{ground.other}") == 303

    assert "sans réponse" not in ground.read(client, "amina", "/fr/workspace/desk")
    assert "sans réponse" not in ground.read(client, "karim", "/fr/workspace/mine")
    assert ground.read(client, "amina", ground.page).count(SOON) == 2


def test_only_the_side_that_was_asked_answers(client: TestClient, ground: Ground) -> None:
    for name in ("amina", "salma", "leila", "youssef"):
        assert ground.press(client, name, ground.question, text=SOON) == 403
    for name in ("salma", "leila", "youssef"):
        assert ground.press(client, name, 0, text=WHEN) == 403


def test_a_form_about_the_action_from_before_a_question_is_no_stale_one(
    client: TestClient, ground: Ground, database: Database
) -> None:
    with database.read() as session:
        version = session.scalars(sa.select(col(Action.version))).one()
    assert ground.press(client, "amina", 0, text=WHEN) == 303
    assert ground.press(client, "karim", ground.question, text=SOON) == 303

    client.cookies.clear()
    client.cookies.update(ground.cookies["amina"])
    form = {"titles.fr": "Guide", "version": str(version)}
    assert client.post(f"{ground.page}/edit", data=form, headers=HERE).status_code == 303


def test_what_was_typed_is_kept_where_nobody_waits_for_it_any_more(
    client: TestClient, ground: Ground, database: Database
) -> None:
    assert ground.press(client, "karim", ground.question, text=" ") == 422
    with database.write() as session:
        session.execute(sa.update(QuestionNote).values(lapsed_at=clock.now()))
    client.cookies.update(ground.cookies["karim"])
    late = client.post(f"{ground.page}/questions/{ground.question}/answers", data={"text": SOON}, headers=HERE)
    assert late.status_code == 422
    assert SOON in late.text


def test_all_of_a_long_talk_is_there_page_by_page(client: TestClient, ground: Ground, database: Database) -> None:
    with database.write() as session:
        action = session.scalars(sa.select(Action)).one()
        made = session.get_one(QuestionNote, ground.question)
        session.add_all(
            QuestionNote(
                action_id=action.id, programme_id=action.programme_id, post_id=made.post_id, side=Side.OWNER,
                person_id=made.person_id, at=clock.now(), text=f"N{number:03}"
            )
            for number in range(45)
        )  # fmt: skip
    assert f"{ground.page}/questions" in ground.read(client, "amina", ground.page)
    found, path = "", f"{ground.page}/questions"
    for _ in range(3):
        page = ground.read(client, "amina", path)
        found += page
        following = page.partition('rel="next" href="')[2].partition('"')[0]
        path = following or path
    assert all(f"N{number:03}" in found for number in range(45))
    assert WHEN in found
    assert client.get(f"{ground.page}/questions?after=nonsense").status_code == 400
