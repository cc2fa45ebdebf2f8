"""One's replies that came by mail, on the page of what one owes: the writer alone settles them, once."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock
from app.db import Database
from app.domain.replies import ReplyState
from app.domain.workflow import State
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.notifications import Envelope
from app.models.replies import PendingReply
from app.models.updates import Update, Via
from tests.fixtures.settings import Configure
from tests.house import House

pytestmark = pytest.mark.sqlite_only
MINE, WORDS = "/fr/workspace/mine", "Le guide est imprimé, kanari."


class Desk(House):
    """Karim owes an action, and has answered its mail by a reply."""

    def __init__(self, database: Database, application: ASGIApp) -> None:
        super().__init__(database, application)
        self.ref = self.action()
        with database.write() as session:
            action = session.scalars(sa.select(Action).where(col(Action.ref) == self.ref)).one()
            karim, now = self.made.people["karim"], clock.now()
            mail = Envelope(
                key="k",
                person_id=karim,
                kind="reminder",
                period="2026-12-07",
                message_id="<x@y>",
                due_at=now,
                created_at=now,
            )
            session.add(mail)
            session.flush()
            reply = PendingReply(
                message_id=mail.id, person_id=karim, post_id=action.owner_post_id or 0, action_id=action.id, digest="d",
                text=WORDS, lang="fr", received_at=now, expires_at=now + dt.timedelta(days=14),
            )  # fmt: skip
            session.add(reply)
            session.flush()
            self.reply = reply.id

    def settle(self, name: str, choice: str, **changes: object) -> int:
        form = {"reply_id": str(self.reply), "choice": choice} | changes
        status: int = self.browser(name).post(f"{MINE}/{self.ref}/reply", data=form).status_code
        return status

    @property
    def kept(self) -> PendingReply:
        with self.database.read() as session:
            return session.get_one(PendingReply, self.reply)


@pytest.fixture
def desk(database: Database, application: ASGIApp, configure: Configure) -> Desk:
    configure(reply_address="suivi@example.ma", authserv_id="mx.example.ma")
    return Desk(database, application)


def test_its_writer_alone_reads_it_there(desk: Desk) -> None:
    assert WORDS in desk.browser("karim").get(MINE).text
    for name in ("amina", "leila", "salma", "omar", "youssef"):
        assert "kanari" not in desk.browser(name).get(MINE).text, name


@pytest.mark.parametrize(
    ("lang", "said"),
    [("fr", "Votre réponse attend"), ("ar", "جوابكم ينتظر التأكيد"), ("en", "Your reply is waiting")],
)
def test_it_stands_above_the_list_in_three_languages(desk: Desk, lang: str, said: str) -> None:
    page = desk.browser("karim").get(f"/{lang}/workspace/mine").text
    assert said in page
    assert page.index(said) < page.index('id="a-')


def test_confirmed_it_is_a_note_and_no_state(desk: Desk) -> None:
    assert desk.settle("karim", "confirm") == 303

    with desk.database.read() as session:
        [note] = session.scalars(sa.select(Update).where(col(Update.note) == WORDS)).all()
        assert (note.via, note.released_at) == (Via.MAIL_LINK, None)  # it came by mail: its words wait
        verbs = session.scalars(sa.select(col(AuditEvent.verb)).where(col(AuditEvent.subject_kind) == "reply")).all()
    assert (desk.kept.state, desk.kept.text, desk.kept.update_id) == (ReplyState.CONFIRMED, "", note.id)
    assert verbs == ["confirm"]
    assert desk.state(desk.ref) is State.IN_PROGRESS
    assert "Confirmer" not in desk.browser("karim").get(MINE).text
    assert desk.settle("karim", "confirm") == 422  # it waits no more


def test_thrown_away_nothing_is_left_of_it(desk: Desk) -> None:
    assert desk.settle("karim", "discard") == 303

    assert (desk.kept.state, desk.kept.text) == (ReplyState.DISCARDED, "")
    with desk.database.read() as session:
        assert session.scalars(sa.select(Update).where(col(Update.note) == WORDS)).all() == []


def test_nobody_settles_anothers_and_nonsense_is_told(desk: Desk) -> None:
    assert desk.settle("omar", "confirm") == 404
    for name in ("salma", "leila", "amina"):
        assert desk.settle(name, "confirm") in {403, 422}, name
    assert desk.settle("karim", "burn") == 422
    assert desk.settle("karim", "confirm", reply_id="٣x") == 422
    assert desk.kept.state is ReplyState.WAITING


def test_a_house_that_takes_no_replies_shows_none(desk: Desk, configure: Configure) -> None:
    configure(reply_address="")
    assert "kanari" not in desk.browser("karim").get(MINE).text
