"""How the service is: all of it for administrators, mails and their own posts for secretariats, in any state."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.types import ASGIApp

from app import clock, jobs
from app.db import Database
from app.domain.workflow import State
from app.mail.inbound.outcomes import TakenAs
from app.models.notifications import Delivery, Envelope, Heartbeat
from app.models.people import Holding
from app.services.kernel import wording_faults
from app.services.upkeep import heartbeats
from app.web.workspace.setup import health
from tests import scenes
from tests.fixtures.settings import Configure
from tests.house import House

pytestmark = pytest.mark.sqlite_only
ROOM = "/workspace/setup/health"


@pytest.fixture
def house(database: Database, application: ASGIApp) -> House:
    house = House(database, application)
    with database.write() as session:
        made = house.made.within(session)
        scenes.administrator(session, made, locale="en")
        house.cookies["sara"] = scenes.signed_in(made, "sara")
    return house


def read(house: House, who: str = "sara", lang: str = "en") -> str:
    page = house.browser(who).get(f"/{lang}{ROOM}")
    assert page.status_code == 200
    return str(page.text)


def test_a_new_house_says_what_is_missing_in_every_language(house: House) -> None:
    page = read(house)

    for said in ("It has never run.", "No scheduler runs", "No mail relay is set", "This installation has made none."):
        assert said in page
    assert 'dir="rtl"' in read(house, lang="ar")
    assert "n’en a fait aucune" in read(house, lang="fr")


def test_after_a_pass_by_a_leading_scheduler_jobs_are_in_order(house: House, configure: Configure) -> None:
    configure(smtp_url="smtp://karim:secret@127.0.0.1:9")
    jobs.run_pass()
    with house.database.write() as session:
        heartbeats.lead(session, 0, clock.now())

    page = read(house)

    assert "A scheduler runs and leads." in page
    assert "It ran less than a minute ago" in page
    assert "It has never run." not in page.replace("Sending of mails", "")
    assert "127.0.0.1" in page
    assert "secret" not in page


def test_a_job_that_fails_is_shown_with_its_cause(house: House) -> None:
    jobs.run_pass()
    with house.database.write() as session:
        heartbeats.failed(session, "sweep", clock.now(), 2.4, "OSError: <b>no room</b>")

    page = read(house)

    assert "Its last turn failed: " in page
    assert "&lt;b&gt;no room" in page
    assert "It took 2 seconds." in page


def test_who_cannot_be_reached_is_named(house: House) -> None:
    house.action(State.ASSIGNED)
    with house.database.write() as session:
        mail = session.scalars(sa.select(Envelope).where(col(Envelope.kind) == "action_assigned")).one()
        mail.state, mail.ended_at, mail.reason = Delivery.DEAD, clock.now(), "550 no such user"
        session.execute(sa.update(Envelope).where(col(Envelope.id) != mail.id).values(state=Delivery.CANCELLED))

    assert "550 no such user" in read(house)
    assert "550 no such user" in read(house, "amina")
    assert "550 no such user" not in read(house, "omar")

    with house.database.write() as session:
        session.execute(sa.update(Holding).values(until_on=clock.now().date() - dt.timedelta(days=1)))
    assert "1 open action" in read(house)
    assert "1 open action" in read(house, "amina")
    assert "1 open action" not in read(house, "omar")


def test_every_job_has_its_word() -> None:
    assert set(health._WORDS) == {job.name for job in jobs.JOBS}


def test_mails_that_come_in_are_counted_for_administrators(house: House) -> None:
    assert "Mails that come in" not in read(house)
    with house.database.write() as session:
        for outcome, count in (
            (TakenAs.RECORDED, 3),
            (TakenAs.UNSIGNED, 2),
            (TakenAs.FOREIGN, 1),
            (TakenAs.AUTOMATIC, 4),
        ):
            session.add(Heartbeat(name=f"inbound:{outcome}", at=clock.now(), epoch=count))

    assert "3 mails were taken, 3 were not signed or not proven, 4 were set aside." in read(house)
    assert "Mails that come in" not in read(house, "amina")
    assert "قُبلت 3 رسائل" in read(house, lang="ar")


def test_a_wording_that_failed_is_told_to_administrators(house: House) -> None:
    with house.database.write() as session:
        wording_faults.remember(session, "fr", "action_assigned", clock.now())

    page = read(house)

    assert "Your wording failed when this mail was written" in page
    assert 'href="/en/workspace/setup/wordings/fr/action_assigned"' in page
    assert "Something needs you" in page
    assert "Your wording failed" not in read(house, "amina")
    assert house.browser("sara").get("/en/workspace/setup/wordings/fr/action_assigned").status_code == 200


def test_the_machine_is_for_administrators(house: House) -> None:
    assert "Zone tables" in read(house)
    assert "Zone tables" not in read(house, "amina")
    assert "Schedulers" not in read(house, "amina")
    assert house.browser("karim").get(f"/en{ROOM}").status_code == 404


def test_it_costs_a_fixed_number_of_statements(house: House) -> None:
    def cost() -> int:
        before = len(seen)
        read(house)
        return len(seen) - before

    seen: list[str] = []
    sa.event.listen(house.database.reader, "before_cursor_execute", lambda *given: seen.append(given[2]))

    few = min(cost() for _ in range(3))  # the banner is asked for anew after some seconds
    with house.database.write() as session:
        for number in range(30):
            session.add(Heartbeat(name=f"turn:job{number}", at=clock.now()))
    house.action(State.ASSIGNED)

    assert min(cost() for _ in range(3)) == few
