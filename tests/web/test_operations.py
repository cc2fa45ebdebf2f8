"""What machines ask: alive, able to serve, able to remind."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app import db, jobs
from app.db import Database
from app.mail.failures import ChannelRefused
from app.models.notifications import Delivery, Envelope, Heartbeat
from app.services.kernel import outbox
from app.services.mailing.delivery import channel
from tests import builders
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

pytestmark = pytest.mark.sqlite_only


def now(database: Database) -> dt.datetime:
    with database.read() as session:
        return db.time(session)


def queue(database: Database, state: Delivery = Delivery.QUEUED, **values: object) -> None:
    with database.write() as session:
        person = builders.person(session, "Karim")
        message_id = outbox.enqueue(session, "action_assigned", person.id, "u1")
        chosen = sa.update(Envelope).where(sa.column("id") == message_id)
        session.execute(chosen.values(state=state, ended_at=db.time(session), **values))


def test_the_process_is_alive_and_ready(client: TestClient) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert client.head(path).status_code == 200


def test_a_database_of_another_version_is_not_ready(client: TestClient, database: Database) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_where_no_pass_has_run_nobody_is_reminded(client: TestClient) -> None:
    answer = client.get("/healthz/followup")

    assert (answer.status_code, answer.json()["status"]) == (503, "red")
    assert answer.json()["last_pass"] is None


def test_after_a_pass_it_is_green(client: TestClient) -> None:
    jobs.run_pass()

    answer = client.get("/healthz/followup")

    assert (answer.status_code, answer.json()["status"], answer.json()["reasons"]) == (200, "green", [])


@pytest.mark.parametrize(("seconds", "status"), [(170, 200), (190, 503)])
def test_it_turns_red_after_three_intervals_without_a_pass(
    client: TestClient, database: Database, seconds: int, status: int
) -> None:
    jobs.run_pass(now(database) - dt.timedelta(seconds=seconds))

    assert client.get("/healthz/followup").status_code == status


@pytest.mark.parametrize(("seconds", "status"), [(50, 200), (90, 503)])
def test_a_pass_in_the_future_is_red(client: TestClient, database: Database, seconds: int, status: int) -> None:
    jobs.run_pass(now(database) + dt.timedelta(seconds=seconds))

    answer = client.get("/healthz/followup")

    assert answer.status_code == status
    assert ("future" in str(answer.json()["reasons"])) is (status == 503)


def test_a_relay_that_nobody_has_set_is_told_before_a_first_mail_waits(
    client: TestClient, configure: Configure
) -> None:
    jobs.run_pass()
    found = client.get("/healthz/followup").json()
    assert (found["status"], len(found["notices"])) == ("green", 1)

    configure(smtp_url="smtp://127.0.0.1:9")
    assert client.get("/healthz/followup").json()["notices"] == []


def test_mail_that_waits_for_a_relay_that_nobody_has_set_is_red(client: TestClient, database: Database) -> None:
    jobs.run_pass()
    queue(database)

    found = client.get("/healthz/followup").json()

    assert (found["status"], found["backlog"], found["relay"]) == ("red", 1, False)


def test_a_backlog_older_than_its_drain_is_red(client: TestClient, database: Database, configure: Configure) -> None:
    configure(smtp_url="smtp://127.0.0.1:9")
    with database.write() as session:
        session.add(Heartbeat(name="job:plan_reminders", at=now(database)))
    queue(database, due_at=now(database) - dt.timedelta(minutes=14))
    assert client.get("/healthz/followup").status_code == 200

    with database.write() as session:
        since = now(database) - dt.timedelta(minutes=16)
        session.execute(sa.update(Envelope).values(due_at=since, first_due_at=since))
    assert client.get("/healthz/followup").status_code == 503


@pytest.mark.parametrize("state", [Delivery.DEAD, Delivery.PARKED])
def test_what_failed_in_the_last_days_is_red(client: TestClient, database: Database, state: Delivery) -> None:
    jobs.run_pass()
    queue(database, state)

    found = client.get("/healthz/followup").json()

    assert found["status"] == "red"
    assert found[state.value] == 1
    with database.write() as session:
        session.execute(sa.update(Envelope).values(ended_at=now(database) - dt.timedelta(days=8)))
    assert client.get("/healthz/followup").status_code == 200


def test_a_paused_channel_is_red(client: TestClient, database: Database) -> None:
    jobs.run_pass()
    with database.write() as session:
        channel.rest(session, ChannelRefused(535, "authentication failed"), now(database))

    found = client.get("/healthz/followup").json()

    assert found["paused"] is True
    assert "535 authentication failed" in found["reasons"][0]
