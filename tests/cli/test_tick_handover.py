"""A post changes hands by `python -m app tick` alone: before the day and after it, and with two passes at once."""

import datetime as dt
import os
import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.config import ROOT, settings
from app.db import Database
from app.domain.workflow import State
from app.models.actions import Action
from app.models.handovers import HandoverLine, HandoverNote
from app.models.notifications import Envelope
from app.models.people import Holding, Person, PlannedSeat, Post
from app.services.followup import updates
from app.services.followup.transitions import Words
from app.services.setup import seats, substitutes
from tests import scenes
from tests.fixtures.mail import SmtpServer
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure
from tests.scenes import Scene

DAY = dt.timedelta(days=1)
WORDS = "Le devis de l'imprimeur est arrivé, il reste à le signer."
NAMES = ("karim", "salma", "nadia")


@pytest.fixture
def monday() -> dt.datetime:
    """At nine on a Monday that is over by three weeks: a pass of those days runs ahead of nothing."""
    today = dt.datetime.now(dt.UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return today - (21 + today.weekday()) * DAY


@pytest.fixture
def house(database: Database, monday: dt.datetime, configure: Configure, smtp_server: SmtpServer) -> Scene:
    configure(smtp_url=smtp_server.url)
    return _lay(database, monday)


def _lay(database: Database, monday: dt.datetime) -> Scene:
    """Karim's post owes an action, due on Friday, and has said a word; another waits for verification."""
    with database.write() as session, clock.at(monday):
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS, due_on=(monday + 4 * DAY).date())
        scenes.action(made, State.SUBMITTED, due_on=(monday + 40 * DAY).date())  # with a document
        updates.report(session, made.actor("karim"), action, words=Words(note=WORDS))
        made.ids["action"] = action.id
    return made


def test_the_old_link_dies_kindly_and_the_new_holder_has_the_actions_and_the_note(
    database: Database, house: Scene, monday: dt.datetime, client: TestClient, smtp_server: SmtpServer
) -> None:
    with database.write() as session, clock.at(monday):
        made = house.within(session)
        old = _link(made, "karim")
        salma = session.get_one(Person, house.people["salma"])
        seats.plan_change(session, made.actor("amina"), _post(made), salma, since_on=(monday + 2 * DAY).date())

    _tick(monday + DAY)
    assert client.get(f"/fr/u/{old}").status_code == 200
    assert _count(database, HandoverNote) == 0
    smtp_server.received.clear()

    _tick(monday + 2 * DAY)
    gone = client.get(f"/fr/u/{old}")
    assert gone.status_code == 410
    assert "a changé de mains" in gone.text

    with database.write() as session:
        client.cookies.update(scenes.signed_in(house.within(session), "salma"))
    assert "FM-2026-01.1" in client.get("/fr/workspace/mine").text
    [mail] = [one for one in smtp_server.messages if "salma@" in one["To"] and "/handovers/" in _text(one)]
    for said in (WORDS, "Le guide", "FM-2026-01.1", "FM-2026-01.2"):
        assert said in _text(mail).replace("\u2019", "'")
    note = client.get(next(line for line in _text(mail).split() if "/handovers/" in line).removeprefix(settings().base))
    assert note.status_code == 200
    for said in ("imprimeur est arrivé", "Le guide", "FM-2026-01.1", "FM-2026-01.2", "Karim"):
        assert said in note.text


def test_an_acting_holder_gets_the_reminders_of_exactly_those_days(
    database: Database, configure: Configure, smtp_server: SmtpServer
) -> None:
    """Reminded are the day before (Thursday), the day itself (Friday) and three days after; Nadia acts on Friday.

    A week of its own without a holiday, which would move the reminders.
    """
    configure(smtp_url=smtp_server.url)
    monday = dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC)
    house, friday = _lay(database, monday), (monday + 4 * DAY).date()
    with database.write() as session, clock.at(monday):
        made = house.within(session)
        nadia = session.get_one(Person, house.people["nadia"])
        substitutes.name(session, made.actor("amina"), _post(made), nadia, from_on=friday, until_on=friday)

    told: dict[int, set[str]] = {}
    for day in range(1, 8):
        _tick(monday + day * DAY)
        told[day] = _reminded(database, monday + day * DAY)

    assert {day: who for day, who in told.items() if who} == {3: {"karim"}, 4: {"nadia"}, 7: {"karim"}}


def test_two_passes_at_once_hand_over_once(database: Database, house: Scene, monday: dt.datetime) -> None:
    with database.write() as session, clock.at(monday):
        made = house.within(session)
        salma = session.get_one(Person, house.people["salma"])
        seats.plan_change(session, made.actor("amina"), _post(made), salma, since_on=(monday + 2 * DAY).date())

    running = [_start(monday + 2 * DAY) for _ in range(2)]

    assert [process.wait(90) for process in running] == [0, 0]
    assert (_count(database, HandoverNote), _count(database, HandoverLine)) == (1, 2)
    with database.read() as session:
        told = session.scalars(sa.select(col(Envelope.person_id)).where(col(Envelope.kind) == "handover")).all()
        assert told == [house.people["salma"]]
        present = sa.select(col(Holding.person_id)).where(col(Holding.post_id) == house.posts["karim"])
        assert session.scalars(present.where(col(Holding.until_on).is_(None))).all() == [house.people["salma"]]
        assert session.scalars(sa.select(PlannedSeat).where(col(PlannedSeat.ended_at).is_(None))).first() is None


def _tick(at: dt.datetime) -> None:
    assert _start(at).wait(90) == 0


def _start(at: dt.datetime) -> subprocess.Popen[bytes]:
    """With the settings of the test, as somebody would start it beside the service."""
    command = [sys.executable, "-m", "app", "tick", "--at", at.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL)


def _reminded(database: Database, at: dt.datetime) -> set[str]:
    """Who was sent a reminder of that morning, of those who might be seated."""
    with database.read() as session:
        mails = sa.select(col(Envelope.person_id)).where(
            col(Envelope.kind) == "reminder", col(Envelope.period) == at.date().isoformat(),
            col(Envelope.sent_at).is_not(None),
        )  # fmt: skip
        heard = set(session.scalars(mails))
        names = sa.select(col(Person.id), col(Person.name)).where(col(Person.id).in_(heard))
        return {name.lower() for _, name in session.execute(names)} & set(NAMES)


def _link(made: Scene, name: str) -> str:
    action = made.session.get_one(Action, made.ids["action"])
    return scenes.link(made, action, name, days=44)


def _post(made: Scene) -> Post:
    return made.session.get_one(Post, made.posts["karim"])


def _count(database: Database, table: type[HandoverNote] | type[HandoverLine]) -> int:
    with database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def _text(message: object) -> str:
    part = message.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content())
