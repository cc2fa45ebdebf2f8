"""A milestone by mail: its own key, its own page, its own answer; the action it belongs to stays where it is."""

import datetime as dt
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col

from app import clock, jobs
from app.db import Database
from app.domain.keys import hashed
from app.domain.workflow import MilestoneWord, State, Verb
from app.models.actions import Action, Milestone
from app.models.audit import AuditEvent
from app.models.notifications import UpdateLink
from app.models.updates import Update, Via
from app.services.followup import milestones
from tests import scenes
from tests.fixtures.mail import SmtpServer
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

pytestmark = pytest.mark.sqlite_only
NOW = dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
NAME = "Marché attribué"


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class House:
    """An action of Karim's post, due in eight days as its milestone is, and the key of a mail about the milestone."""

    def __init__(self, database: Database, state: State = State.IN_PROGRESS) -> None:
        self.database = database
        with database.write() as session:
            self.made = scenes.scene(session, published=True)
            with clock.at(NOW - dt.timedelta(days=40)):
                action = scenes.action(self.made, state, due_on=dt.date(2026, 12, 1))
                due_on = dt.date(2026, 12, 1)
                amina = self.made.actor("amina")
                stone = milestones.add(session, amina, action, titles={"fr": NAME}, due_on=due_on)
            scenes.publish(self.made, action)
            self.action_id, self.stone_id, self.ref = action.id, stone.id, action.ref
            self.title = action.titles["fr"]
            self.token = scenes.link(self.made, action, milestone_id=stone.id)
        self.path = f"/fr/u/{self.token}/milestone"

    def now(self) -> tuple[Action, Milestone, Update]:
        with self.database.read() as session:
            action, stone = session.get_one(Action, self.action_id), session.get_one(Milestone, self.stone_id)
            of_action = sa.select(Update).where(col(Update.action_id) == action.id).order_by(col(Update.id).desc())
            update = session.scalars(of_action).first()
            assert update
            return action, stone, update

    def act(self, session: Session) -> Action:
        self.made.within(session)
        return session.get_one(Action, self.action_id)


def test_looking_changes_nothing_and_shows_which_milestone_of_which_action(
    database: Database, client: TestClient
) -> None:
    house = House(database)
    before = house.now()

    for lang in ("ar", "fr", "en"):
        for choice in ("", *MilestoneWord):
            page = client.get(f"/{lang}/u/{house.token}/milestone", params={"s": choice})
            assert page.status_code == client.head(f"/{lang}/u/{house.token}/milestone").status_code == 200
            assert page.text.count(" checked") == bool(choice)
            assert len(page.content) <= 12_000
            assert page.headers["Referrer-Policy"] == "no-referrer"
    text = client.get(house.path).text

    assert f"{NAME}</" in text
    assert house.title in text
    assert house.ref in text
    assert "1er décembre 2026" in text
    assert client.get(house.path, params={"s": "done"}).status_code == 400
    assert house.now() == before


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED])
@pytest.mark.parametrize("word", MilestoneWord)
def test_each_answer_is_of_the_milestone_and_leaves_the_action_undeclared(
    database: Database, client: TestClient, state: State, word: MilestoneWord
) -> None:
    house = House(database, state)

    sent = client.post(house.path, data={"s": word, "note": "Le marché est passé."})

    assert sent.status_code == 303
    action, stone, update = house.now()
    assert action.state == (State.BLOCKED if state is State.BLOCKED else State.IN_PROGRESS)
    assert action.submitted_at is None
    assert stone.done_on == (NOW.date() if word is MilestoneWord.REACHED else None)
    assert (update.verb, update.milestone_id, update.milestone_word) == (Verb.REPORT, stone.id, word)
    assert (update.via, update.public_summary, update.released_at) == (Via.MAIL_LINK, "Le marché est passé.", None)
    receipt = client.get(sent.headers["location"]).text
    assert NAME in receipt
    assert house.title in receipt
    public = client.get(f"/fr/actions/{house.ref}")
    assert public.status_code == 200
    assert NAME not in public.text  # the plan is the house's own


def test_reached_needs_no_words_takes_a_day_and_is_in_story_and_record(database: Database, client: TestClient) -> None:
    house = House(database)

    client.post(house.path, data={"s": "reached", "done_on": "2026-11-20"})

    _, stone, update = house.now()
    assert (stone.done_on, update.milestone_word) == (dt.date(2026, 11, 20), MilestoneWord.REACHED)
    with database.read() as session:
        about = sa.select(col(AuditEvent.verb), col(AuditEvent.data)).order_by(col(AuditEvent.id).desc()).limit(2)
        (reached, told), (report, data) = session.execute(about).all()
    assert (reached, told) == ("reach_milestone", {"milestone_id": house.stone_id})
    assert (report, data["milestone_id"], data["of_milestone"]) == ("report", house.stone_id, "reached")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"note": "Sans réponse"}, "f-s"),
        ({"s": "done"}, "f-s"),
        ({"s": "blocked"}, "f-note"),
        ({"s": "reached", "done_on": "2026-11-24", "note": "Gardé"}, "f-done_on"),
        ({"s": "reached", "done_on": "hier"}, "f-done_on"),
    ],
)
def test_what_is_missing_is_named_and_the_rest_kept(
    database: Database, client: TestClient, typed: dict[str, str], field: str
) -> None:
    house = House(database)
    before = house.now()

    page = client.post(house.path, data=typed)

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text
    assert typed.get("note", "") in page.text
    assert house.now() == before


def test_a_double_tap_is_one_act_and_the_same_receipt(database: Database, client: TestClient) -> None:
    house = House(database)
    typed = {"s": "reached", "once": "the-very-same-form"}

    first, second = client.post(house.path, data=typed), client.post(house.path, data=typed)

    assert first.headers["location"] == second.headers["location"]
    assert client.get(second.headers["location"]).status_code == 200


def test_what_was_reached_is_said_and_asked_no_more(database: Database, client: TestClient) -> None:
    house = House(database)
    client.post(house.path, data={"s": "reached", "done_on": "2026-11-20"})
    before = house.now()

    page = client.get(house.path).text

    assert 'name="s"' not in page
    assert "20 novembre 2026" in page
    assert client.post(house.path, data={"s": "blocked", "note": "Non."}).status_code == 422
    assert house.now() == before


def test_a_key_of_a_milestone_opens_nothing_else_and_no_other_key_opens_it(
    database: Database, client: TestClient
) -> None:
    house = House(database, State.ACKNOWLEDGED)
    with database.write() as session:
        of_action = scenes.link(house.made.within(session), house.act(session))
    before, own = house.now(), f"/fr/u/{house.token}"

    assert client.get(own).status_code == client.get(f"/fr/u/{of_action}/milestone").status_code == 404
    for path, typed in (
        (own, {"s": "done", "note": "Fait."}), (f"{own}/acknowledgement", {}), (f"{own}/refusal", {"reason": "Non."}),
        (f"{own}/evidence", {"evidence_title": "Le guide"}), (f"/fr/u/{of_action}/milestone", {"s": "reached"}),
    ):  # fmt: skip
        assert client.post(path, data=typed).status_code == 404
    assert house.now() == before


@pytest.mark.parametrize("state", [State.SUBMITTED, State.DECLINED])
def test_where_the_action_asks_nothing_its_milestone_asks_nothing(
    database: Database, client: TestClient, state: State
) -> None:
    house = House(database, state)

    assert 'name="s"' not in client.get(house.path).text
    assert client.post(house.path, data={"s": "reached"}).status_code == 422
    assert house.now()[1].done_on is None


def test_a_dead_key_says_nothing_and_an_old_one_is_renewed_to_the_same_milestone(
    database: Database, client: TestClient, smtp_server: SmtpServer, configure: Configure
) -> None:
    configure(smtp_url=smtp_server.url)
    house = House(database)
    with time_machine.travel(NOW + dt.timedelta(days=21), tick=False):
        page = client.get(house.path)
        client.post(f"/fr/u/{house.token}/renewal")
        jobs.run_pass(clock.now())
        [mail] = [one for one in smtp_server.messages if NAME in one["subject"]]
        [path, *_] = paths(plain(mail), "reached")
        assert client.get(path).status_code == 200
        with database.write() as session:
            scenes.WAY[State.CANCELLED][1](house.made, house.act(session))
        dead = client.get(house.path)

    assert (page.status_code, dead.status_code) == (410, 410)
    assert NAME not in page.text + dead.text


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    text: str = body.get_content()
    return text


def paths(text: str, answer: str) -> list[str]:
    return re.findall(rf"https?://[^/\s]+(/fr/u/\S+\?s={answer})", text)


def test_an_action_and_its_milestone_due_on_one_morning_are_one_block_with_one_key(
    database: Database, client: TestClient, smtp_server: SmtpServer, configure: Configure
) -> None:
    configure(smtp_url=smtp_server.url)
    house = House(database)
    with time_machine.travel(MORNING, tick=False):
        jobs.run_pass(clock.now())
        [mail] = [one for one in smtp_server.messages if "s=reached" in plain(one)]
        text = plain(mail)
        [done], [reached] = paths(text, "done"), milestone_paths(text, "reached")
        assert reached.partition("/milestone")[0] == done.partition("?")[0], "one key"
        [page] = {path.partition("&s=")[0] for path in milestone_paths(text, "reached")}
        assert client.get(reached).text.count(" checked") == 1

        taken = client.post(page, data={"s": "reached", "note": "Le marché est passé."})
        receipt = client.get(taken.headers["location"])
        action, stone, _ = house.now()
        assert (taken.status_code, action.state, stone.done_on) == (303, State.IN_PROGRESS, MORNING.date())
        assert (receipt.status_code, NAME in receipt.text) == (200, True)

        client.post(done.partition("?")[0], data={"s": "done", "note": "C'est fait."})
        assert house.now()[0].state is State.SUBMITTED

    assert text.count(house.title) == 1
    assert f"Jalon\u202f: \u2068{NAME}\u2069" in text.splitlines()
    with database.read() as session:
        keys = sa.select(col(UpdateLink.milestone_id)).where(
            col(UpdateLink.created_at) == MORNING,
            col(UpdateLink.token_hash) == hashed(done.split("/")[3].partition("?")[0]),
        )
        assert list(session.scalars(keys)) == [None]


def milestone_paths(text: str, answer: str) -> list[str]:
    return re.findall(rf"https?://[^/\s]+(/fr/u/\S+/milestone\?m=\d+&s={answer})", text)


def test_the_key_of_an_action_opens_its_own_milestones_for_its_owner_alone(
    database: Database, client: TestClient
) -> None:
    house = House(database)
    with database.write() as session:
        made = house.made.within(session)
        own = scenes.link(made, house.act(session))
        with clock.at(NOW - dt.timedelta(days=40)):
            other = scenes.action(made, State.IN_PROGRESS, due_on=dt.date(2026, 12, 1))
            foreign = milestones.add(
                session, made.actor("amina"), other, titles={"fr": "D'une autre"}, due_on=dt.date(2026, 12, 1)
            ).id
            scenes.support(made, house.act(session), dt.date(2026, 12, 1))
        of_part = scenes.link(made, house.act(session), "salma")
    page = f"/fr/u/{own}/milestone"

    assert client.get(page, params={"m": house.stone_id}).status_code == 200
    assert client.get(f"/fr/u/{house.token}/milestone", params={"m": house.stone_id}).status_code == 200
    for token, stone in ((own, foreign), (own, 10**6), (house.token, foreign), (of_part, house.stone_id)):
        there = f"/fr/u/{token}/milestone?m={stone}"
        assert client.get(there).status_code == 404
        assert client.post(there, data={"s": "reached"}).status_code == 404
    assert client.get(f"{page}?m=x").status_code in {400, 404, 422}
    assert house.now()[1].done_on is None
