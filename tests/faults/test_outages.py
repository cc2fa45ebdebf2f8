"""A week without a relay, a week of "later", a locked database: nothing is lost, told twice or hidden."""

import datetime as dt
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from app import jobs
from app.cli import command
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.notifications import Delivery, DigestWindow, Envelope, Outcome
from app.models.updates import Update
from app.queries.mailing import health
from app.services.mailing.delivery import channel
from tests import builders
from tests.builders import instant
from tests.faults.relays import Relay, relay
from tests.fixtures.settings import Configure

SUNDAY = dt.datetime(2026, 11, 29, 21, tzinfo=dt.UTC)


@pytest.fixture
def server(configure: Configure) -> Iterator[Relay]:
    with relay() as running:
        configure(smtp_url=running.url)
        yield running


def cast(database: Database, due: dt.date, **of_karim: Any) -> Action:
    with database.write() as session:
        programme, post = builders.programme(session), builders.post(session)
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme, has_digest=False)
        builders.person(session, "Karim", holds=post, **of_karim)
        parent = builders.recommendation(session, builders.meeting(session, programme))
        return builders.action(session, parent, post, due_on=due, last_word_at=instant("2026-11-20"))


def passes(since: dt.datetime, until: dt.datetime, every: dt.timedelta) -> Iterator[dt.datetime]:
    while since <= until:
        yield since
        since += every


def test_after_a_week_without_a_relay_its_news_is_in_the_next_digest(
    database: Database, server: Relay, configure: Configure
) -> None:
    action, hour = cast(database, dt.date(2026, 11, 20)), dt.timedelta(hours=3)
    jobs.run_pass(instant("2026-11-23"))
    assert [one["Subject"] for one in server.messages if str(one["Subject"]).startswith("Your week")]
    server.accepted.clear()
    with database.write() as session:
        session.add(
            Update(
                action_id=action.id, recommendation_id=action.recommendation_id, programme_id=action.programme_id,
                verb=Verb.RETURN, state_after=State.IN_PROGRESS, at=instant("2026-11-25"), person_id=None,
            )
        )  # fmt: skip

    configure(smtp_url="smtp://127.0.0.1:1")
    for now in passes(SUNDAY, instant("2026-12-07T07:00"), hour):
        assert jobs.run_pass(now).sent == 0
    configure(smtp_url=server.url)
    for now in passes(instant("2026-12-07T08:00"), instant("2026-12-07T19:00"), hour):
        jobs.run_pass(now)

    [digest] = [one for one in server.messages if str(one["Subject"]).startswith("Your week")]
    body = digest.get_body(("plain",))
    assert body
    assert "\nReturned\r" in body.get_content()
    with database.read() as session:
        last = session.scalars(select(DigestWindow).order_by(col(DigestWindow.period).desc())).first()
    assert last
    assert (last.outcome, last.start_at) == (Outcome.SENT, instant("2026-11-23"))


def test_after_a_week_of_later_health_is_red_and_one_mail_a_person_and_day_arrives(
    database: Database, server: Relay
) -> None:
    cast(database, dt.date(2026, 12, 14), has_digest=False)
    server.everybody = "450 4.2.0 greylisted"
    for now in passes(instant("2026-12-07T08:00"), instant("2026-12-14T10:00"), dt.timedelta(hours=1)):
        jobs.run_pass(now)
        if now > instant("2026-12-07T10:00"):
            with database.read() as session:
                seen = health.followup(session, now)
            assert (seen.is_red, seen.backlog > 0) == (True, True), now
    assert any("greylisted" in str(reason) for reason in seen.reasons)

    server.everybody = ""
    for now in passes(instant("2026-12-14T11:00"), instant("2026-12-15T19:00"), dt.timedelta(hours=1)):
        jobs.run_pass(now)

    mornings = Counter(
        (to, str(one["Date"])[:16]) for (to, _), one in zip(server.accepted, server.messages, strict=True)
    )
    karims = [count for (to, _), count in mornings.items() if to.startswith("karim")]
    assert karims
    assert set(karims) == {1}
    with database.read() as session:
        assert not health.followup(session, now).backlog


def test_a_template_that_always_raises_is_red_too(
    database: Database, server: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("a template that fails")

    cast(database, dt.date(2026, 12, 7), has_digest=False)
    monkeypatch.setattr("app.mail.bodies.render", broken)
    for now in passes(instant("2026-12-07T08:00"), instant("2026-12-07T10:00"), dt.timedelta(minutes=10)):
        jobs.run_pass(now)

    with database.read() as session:
        seen = health.followup(session, now)
    assert seen.is_red
    assert seen.backlog == 1


@pytest.mark.sqlite_only
def test_a_database_that_is_locked_as_the_250_arrives_makes_one_copy_and_the_pass_says_so(
    database: Database, server: Relay
) -> None:
    """Longer than SQLite itself waits."""
    cast(database, dt.date(2026, 12, 7), has_digest=False)
    server.may_answer.clear()
    path = database.url.database or ""

    def lock() -> None:
        server.on_accepted.wait(20)
        with sqlite3.connect(path, isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            server.may_answer.set()
            threading.Event().wait(9.5)
            connection.execute("ROLLBACK")
        connection.close()

    locking = threading.Thread(target=lock)
    locking.start()
    done = jobs.run_pass(instant("2026-12-07"))
    locking.join()
    again = jobs.run_pass(instant("2026-12-07T09:00"))

    assert (done.sent, done.failed, again.sent) == (1, (), 0)
    assert len(server.accepted) == 1


def test_a_pass_that_broke_down_says_which_job_and_exits_1(
    database: Database, server: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast(database, dt.date(2026, 12, 7))

    def broken(*_: object) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr("app.services.kernel.audit.seal", broken)
    result = CliRunner().invoke(command(), ["tick"])

    assert result.exit_code == 1
    assert "planned=" in result.stdout
    assert "The job seal_audit failed: RuntimeError: no room left" in result.stderr


def test_after_a_restore_nothing_leaves_and_the_pass_says_so(database: Database, server: Relay) -> None:
    cast(database, dt.date(2026, 12, 7), has_digest=False)
    with database.write() as session:
        channel.hold(session)

    assert jobs.run_pass(instant("2026-12-07")).sent == 0
    with database.read() as session:
        assert health.followup(session, instant("2026-12-07")).is_held
        assert session.scalars(select(Envelope.state)).one() == Delivery.QUEUED
    assert settings().smtp_url
    assert not server.accepted
