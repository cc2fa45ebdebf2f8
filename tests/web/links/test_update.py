"""The update from a mail: nothing happens by looking, one press is one act, a dead key says nothing."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, col

from app.db import Database
from app.domain import permissions
from app.domain.permissions import Role
from app.domain.workflow import Evidence, Part, State, Verb
from app.models.access import FormOnce
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import Envelope, Purpose
from app.models.people import Holding
from app.models.updates import Update, Via
from app.queries.followup import update_keys
from app.queries.followup.actions import facts
from app.services.followup import actions
from tests import scenes
from tests.fixtures.pages import TestClient
from tests.scenes import Scene

pytestmark = pytest.mark.sqlite_only
FOREIGN = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
NOW = dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Mail:
    """An action of Karim's post in some state, and the key that his mail carried."""

    def __init__(self, database: Database, state: State = State.IN_PROGRESS, **changes: object) -> None:
        self.database = database
        with database.write() as session:
            made = scenes.scene(session, published=True)
            action = scenes.action(made, state, **changes)
            scenes.publish(made, action)
            self.token, self.ref, self.title = scenes.link(made, action), action.ref, action.titles["fr"]
            self.made: Scene = made
        self.path = f"/fr/u/{self.token}"

    def action(self, session: Session) -> Action:
        return session.scalars(sa.select(Action).where(col(Action.ref) == self.ref)).one()

    def last(self) -> tuple[Action, Update]:
        with self.database.read() as session:
            action = self.action(session)
            query = sa.select(Update).where(col(Update.action_id) == action.id).order_by(col(Update.id).desc())
            update = session.scalars(query).first()
            assert update
            return action, update


def everything(database: Database) -> list[int]:
    tables = (Action, Update, AuditEvent, Envelope, FormOnce)
    with database.read() as session:
        counts = [session.scalars(sa.select(sa.func.count()).select_from(table)).one() for table in tables]
        versions = session.scalars(sa.select(sa.func.sum(col(Action.version)))).one()
    return [*counts, versions]


def test_looking_two_hundred_times_changes_nothing(database: Database, client: TestClient) -> None:
    mail = Mail(database, State.ASSIGNED)
    before = everything(database)

    for turn in range(100):
        choice = ("on_track", "blocked", "done", "acknowledge", "nonsense")[turn % 5]
        expected = 400 if choice == "nonsense" else 200
        assert client.get(mail.path, params={"s": choice}).status_code == expected
        assert client.head(mail.path, params={"s": choice}, headers=FOREIGN).status_code == expected

    assert everything(database) == before


def test_the_page_is_small_kept_by_nobody_and_tells_no_other_site(database: Database, client: TestClient) -> None:
    mail = Mail(database, State.ASSIGNED, is_priority=True)

    for lang in ("ar", "fr", "en"):
        answer = client.get(f"/{lang}/u/{mail.token}")

        assert len(answer.content) <= 12_000
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in answer.text
        assert "Karim" not in answer.text


@pytest.mark.parametrize("choice", ["on_track", "blocked", "done"])
def test_the_mail_only_chooses_beforehand(database: Database, client: TestClient, choice: str) -> None:
    page = client.get(Mail(database).path, params={"s": choice}).text

    assert page.count(" checked") == 1
    assert f'value="{choice}" checked' in page


@pytest.mark.parametrize("state", [State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED])
@pytest.mark.parametrize(
    ("choice", "after", "verb"),
    [
        ("on_track", State.IN_PROGRESS, Verb.ON_TRACK),
        ("blocked", State.BLOCKED, Verb.BLOCK),
        ("done", State.SUBMITTED, Verb.SUBMIT),
    ],
)
def test_each_answer_is_taken_from_each_state(
    database: Database, client: TestClient, state: State, choice: str, after: State, verb: Verb
) -> None:
    mail = Mail(database, state)
    typed = {"s": choice, "note": "نعمل عليه", "block_reason": "budget", "who_can_unblock": "الوزارة"}

    sent = client.post(mail.path, data=typed, headers=FOREIGN)

    assert sent.status_code == 303
    assert client.get(sent.headers["location"]).status_code == 200
    action, update = mail.last()
    still_blocked = state == State.BLOCKED and choice == "blocked"
    assert (action.state, update.verb) == (after, Verb.REPORT if still_blocked else verb)
    assert (update.via, update.public_summary, update.lang) == (Via.MAIL_LINK, "نعمل عليه", "fr")
    assert update.released_at is None
    assert update.person_id == mail.made.people["karim"]


def test_the_receipt_says_when_and_what_is_public(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    quiet = client.post(mail.path, data={"s": "on_track"}).headers["location"]
    said = client.post(mail.path, data={"s": "on_track", "note": "Tout va bien."}).headers["location"]

    assert "10 h 42" in client.get(quiet).text.replace("\u00a0", " ")
    assert "La page publique l’affiche dès maintenant." in client.get(quiet).text
    assert "attend" in client.get(said).text


def test_a_double_tap_is_one_act_and_the_same_receipt(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    typed = {"s": "done", "note": "C'est fait.", "once": "the-very-same-form"}

    first, second = client.post(mail.path, data=typed), client.post(mail.path, data=typed)

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    with database.read() as session:
        done = sa.select(sa.func.count()).select_from(Update).where(col(Update.verb) == Verb.SUBMIT)
        assert session.scalars(done).one() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"note": "Sans réponse"}, "f-s"),
        ({"s": "done"}, "f-note"),
        ({"s": "blocked", "note": "Gardé"}, "f-block_reason"),
        ({"s": "blocked", "block_reason": "budget"}, "f-who_can_unblock"),
        ({"s": "perhaps"}, "f-s"),
        ({"s": "on_track", "note": "x" * 4001}, "f-note"),
    ],
)
def test_what_is_missing_is_named_and_the_rest_kept(
    database: Database, client: TestClient, typed: dict[str, str], field: str
) -> None:
    mail = Mail(database)
    before = everything(database)

    page = client.post(mail.path, data=typed)

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text
    assert typed.get("note", "")[:50] in page.text
    assert everything(database) == before


def test_done_needs_a_document_where_the_action_has_priority(database: Database, client: TestClient) -> None:
    mail = Mail(database, is_priority=True)

    refused = client.post(mail.path, data={"s": "done", "note": "Fait."})
    taken = client.post(
        mail.path, data={"s": "done", "note": "Fait.", "evidence_title": "Le guide", "evidence_location": "2026/17"}
    )

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "f-evidence_title" in refused.text
    assert mail.last()[0].evidence == Evidence.DOCUMENTED


def test_receipt_is_confirmed_and_declined_by_the_same_key(database: Database, client: TestClient) -> None:
    mail = Mail(database, State.ASSIGNED)
    assert 'action="' + mail.path + '/refusal"' in client.get(mail.path).text

    assert client.post(f"{mail.path}/acknowledgement").status_code == 303
    assert mail.last()[0].state == State.ACKNOWLEDGED
    again = client.post(f"{mail.path}/acknowledgement")

    assert again.status_code == 422


def test_declining_takes_a_reason(database: Database, client: TestClient) -> None:
    mail = Mail(database, State.ASSIGNED)

    empty = client.post(f"{mail.path}/refusal", data={"reason": " "})
    given = client.post(f"{mail.path}/refusal", data={"reason": "C'est l'office."})

    assert (empty.status_code, given.status_code) == (422, 303)
    assert mail.last()[0].state == State.DECLINED
    assert client.get(mail.path).status_code == 200
    assert client.get(given.headers["location"]).status_code == 200


@pytest.mark.parametrize("state", [State.SUBMITTED, State.DECLINED])
def test_where_nothing_is_expected_the_page_says_so_and_a_post_changes_nothing(
    database: Database, client: TestClient, state: State
) -> None:
    mail = Mail(database, state)

    assert 'name="s"' not in client.get(mail.path).text
    before = everything(database)
    assert client.post(mail.path, data={"s": "on_track"}).status_code == 422
    assert everything(database) == before


def test_a_key_that_never_was_is_nothing(client: TestClient) -> None:
    assert client.get("/fr/u/no-such-key").status_code == 404
    assert client.post("/fr/u/no-such-key", data={"s": "on_track"}).status_code == 404


@pytest.mark.parametrize("end", ["reassigned", "verified", "cancelled", "left", "extend"])
def test_a_dead_key_says_nothing_of_the_action(database: Database, client: TestClient, end: str) -> None:
    mail = Mail(database)
    with database.write() as session:
        _end(mail, session, end)

    for answer in (client.get(mail.path), client.post(mail.path, data={"s": "on_track"})):
        assert answer.status_code == 410
        assert mail.ref not in answer.text
        assert mail.title not in answer.text
        assert "renewal" not in answer.text


def _end(mail: Mail, session: Session, end: str) -> None:
    mail.made.within(session)
    action = mail.action(session)
    if end == "left":
        session.execute(sa.update(Holding).values(until_on=dt.date(2026, 11, 22)))
    elif end == "extend":
        mail.path = f"/fr/u/{scenes.link(mail.made, action, purpose=Purpose.EXTEND)}"
    elif end == "reassigned":
        post = mail.made.posts["salma"]
        actions.reassign(session, mail.made.actor("amina"), action, owner_post_id=post, reason="Transfert.")
    else:
        for act in scenes.WAY[State.VERIFIED][1:] if end == "verified" else scenes.WAY[State.CANCELLED][1:]:
            act(mail.made, action)


def test_an_old_key_can_be_asked_anew_and_the_mail_goes_to_the_post(database: Database, client: TestClient) -> None:
    mail = Mail(database)
    with time_machine.travel(NOW + dt.timedelta(days=21), tick=False):
        page = client.get(mail.path)
        asked = [client.post(f"{mail.path}/renewal", headers=FOREIGN) for _ in range(5)]
        unknown = client.post("/fr/u/no-such-key/renewal")

    assert page.status_code == 410
    assert mail.ref not in page.text
    assert "/renewal" in page.text
    assert {answer.status_code for answer in [*asked, unknown]} == {303}
    assert client.get(asked[0].headers["location"]).text.replace(mail.token, "") == client.get(
        unknown.headers["location"]
    ).text.replace("no-such-key", "")
    with database.read() as session:
        sent = session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "link_renewed")).all()
    assert sent == [mail.made.people["karim"]]


def test_the_key_opens_its_own_post_alone(database: Database) -> None:
    """Karim is also of the secretariat: behind the link he is only the holder of one post."""
    mail = Mail(database, State.SUBMITTED)
    with database.write() as session:
        made = mail.made.within(session)
        scenes.grant(session, made.people["karim"], Role.VERIFIER, made.programme)
        scenes.grant(session, made.people["karim"], Role.SECRETARIAT, made.programme)
        action = mail.action(session)
        key = update_keys.opened(session, mail.token)
        possible = update_keys.possible(session, key)

    assert possible == frozenset()
    assert permissions.parts(key.viewer, facts(session, action)) == {Part.OWNER}


def test_a_supporting_post_answers_for_its_part(database: Database, client: TestClient) -> None:
    with database.write() as session:
        made = scenes.scene(session)
        action = scenes.action(made)
        scenes.support(made, action)
        token = scenes.link(made, action, "salma")

    page = client.get(f"/fr/u/{token}").text
    sent = client.post(f"/fr/u/{token}", data={"s": "report", "note": "Notre part avance."})

    assert 'value="blocked"' not in page
    assert "Notre part est terminée" in page
    assert 'value="report"' in page
    assert sent.status_code == 303


@pytest.mark.parametrize(
    ("days", "asked", "told"),
    [(0, "En bonne voie", "Signalée en bonne voie"), (-21, "En cours", "Signalée en cours, après l’échéance")],
)
def test_what_is_overdue_is_neither_offered_nor_receipted_as_on_track(
    database: Database, client: TestClient, days: int, asked: str, told: str
) -> None:
    mail = Mail(database, due_on=NOW.date() + dt.timedelta(days))

    page = client.get(mail.path).text
    receipt = client.post(mail.path, data={"s": "on_track"}, follow_redirects=True).text

    assert f"<span>{asked}</span>" in page
    assert f"<b>{told}</b>" in receipt
