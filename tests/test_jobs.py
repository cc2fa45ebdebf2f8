"""One pass does every row of the table, at one time; schedulers share the work and lose nothing."""

import datetime as dt
import threading
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import db, jobs
from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.jobs import table
from app.jobs.summaries import Summary, Unfinished
from app.jobs.table import JOBS, Job, Occasion
from app.models.actions import Action
from app.models.audit import AuditSeal
from app.models.notifications import Envelope, Heartbeat, Reminder, ReminderState
from app.models.people import Person
from app.services.kernel import audit
from app.services.upkeep import heartbeats
from tests import builders
from tests.builders import instant
from tests.fixtures.mail import SmtpServer
from tests.fixtures.settings import Configure
from tests.mail.faulty import faulty

DUE = dt.date(2026, 12, 14)


def cast(database: Database, owners: int = 1, actions: int = 1) -> None:
    with database.write() as session:
        programme = builders.programme(session)
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
        parent = builders.recommendation(session, builders.meeting(session, programme))
        for number in range(owners):
            post = builders.post(session)
            builders.person(session, f"Karim{number}", holds=post)
            for _ in range(actions):
                builders.action(session, parent, post, due_on=DUE, last_word_at=instant("2026-11-30"))


def going(database: Database) -> list[Reminder]:
    with database.read() as session:
        query = select(Reminder).where(col(Reminder.state).in_([ReminderState.PLANNED, ReminderState.DONE]))
        return list(session.scalars(query))


def test_at_seven_days_one_reminder_never_a_second_and_on_monday_one_digest_each(
    database: Database, configure: Configure, smtp_server: SmtpServer
) -> None:
    configure(smtp_url=smtp_server.url)
    cast(database)
    jobs.run_pass(instant("2026-12-01"))
    smtp_server.received.clear()

    first = jobs.run_pass(instant("2026-12-07"))
    again = [jobs.run_pass(instant(at)) for at in ("2026-12-07", "2026-12-07T08:01", "2026-12-08", "2026-12-09")]

    assert (first.planned, first.sent) == (2, 2)
    assert {str(summary) for summary in again} == {str(Summary())}
    subjects = [message["Subject"] for message in smtp_server.messages]
    assert len([subject for subject in subjects if subject.startswith("Due in 7 days")]) == 1
    assert len([subject for subject in subjects if subject.startswith("Your week")]) == 1


def test_three_days_down_bring_one_still_relevant_step_each(
    database: Database, configure: Configure, smtp_server: SmtpServer
) -> None:
    configure(smtp_url=smtp_server.url)
    cast(database, owners=4, actions=2)
    jobs.run_pass(instant("2026-12-10"))
    before = len(going(database))

    jobs.run_pass(instant("2026-12-14T11:30"))

    assert Counter(row.step for row in going(database)[before:]) == {"day_0": 8}


def test_four_passes_at_once_send_sixty_reminders_and_nobody_twice(
    database: Database, configure: Configure, smtp_server: SmtpServer
) -> None:
    configure(smtp_url=smtp_server.url)
    cast(database, owners=12, actions=5)
    with database.write() as session:
        session.execute(sa.update(Person).values(has_digest=False))
    start, sent = threading.Barrier(4), list[int]()

    def one() -> None:
        start.wait(10)
        sent.append(jobs.run_pass(instant("2026-12-07")).sent)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert sum(sent) == 12
    assert len(going(database)) == 60
    assert set(Counter(one.recipients[0] for one in smtp_server.received).values()) == {1}
    assert len({message["Message-ID"] for message in smtp_server.messages}) == 12


def test_a_day_ahead_and_back_brings_no_second_copy(
    database: Database, configure: Configure, smtp_server: SmtpServer
) -> None:
    configure(smtp_url=smtp_server.url)
    cast(database)
    for at in ("2026-12-08", "2026-12-07", "2026-12-08"):
        jobs.run_pass(instant(at))

    reminders = [message for message in smtp_server.messages if not message["Subject"].startswith("Your week")]
    assert len(reminders) == 1


def test_a_hopeless_relay_is_retried_only_by_a_later_pass(database: Database, configure: Configure) -> None:
    cast(database)
    with faulty("450_rcpt", "good") as server:
        configure(smtp_url=f"smtp://127.0.0.1:{server.port}")
        with database.write() as session:
            session.execute(sa.update(Person).values(has_digest=False))
        assert jobs.run_pass(instant("2026-12-07")).retried == 1
        assert jobs.run_pass(instant("2026-12-07")).sent == 0
        assert jobs.run_pass(instant("2026-12-07T08:01")).sent == 1


def test_without_a_relay_messages_stay_queued(database: Database) -> None:
    cast(database)

    assert jobs.run_pass(instant("2026-12-07")).sent == 0
    with database.read() as session:
        assert set(session.scalars(select(Envelope.state))) == {"queued"}


def test_in_the_demo_mails_go_to_files(database: Database, configure: Configure) -> None:
    configure(demo="1")
    cast(database)

    assert jobs.run_pass(instant("2026-12-07")).sent == 2
    assert len(list((settings().data_dir / "mail").glob("*.eml"))) == 2


def test_the_record_is_sealed_in_passing(database: Database) -> None:
    with database.write() as session:
        audit.record(session, audit.SERVICE, "create", "programme", 1)
    jobs.run_pass(instant("2026-12-07"))

    with database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(AuditSeal)).one() == 1


def test_a_pass_that_did_something_has_its_line_and_an_idle_one_has_none(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "tatbiq.jobs")
    cast(database)
    with database.write() as session:
        audit.record(session, audit.SERVICE, "create", "programme", 1)
    jobs.run_pass(instant("2026-12-07"))
    lines = {vars(record)["job"]: vars(record) for record in caplog.records if record.message == "pass"}
    caplog.clear()
    jobs.run_pass(instant("2026-12-07"))

    assert set(lines) == {"plan_reminders", "plan_digests", "seal_audit"}
    assert lines["seal_audit"]["sealed"] == 1
    assert lines["plan_reminders"]["planned"] + lines["plan_digests"]["planned"] == 2
    assert lines["plan_reminders"]["seconds"] >= 0
    assert "sent" not in lines["plan_reminders"]
    assert not caplog.records


def test_a_job_that_raises_never_stops_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_occasion: Occasion) -> Summary:
        raise RuntimeError("broken")

    monkeypatch.setattr(table, "JOBS", (Job("broken", broken, 60), *jobs.JOBS))
    cast(database)

    assert jobs.run_pass(instant("2026-12-07")).planned == 2
    assert "the job broken failed" in caplog.text
    (failure,) = [vars(record) for record in caplog.records if record.levelname == "ERROR"]
    assert (failure["job"], failure["seconds"] >= 0, bool(failure["exc_info"])) == ("broken", True, True)
    with database.read() as session:
        assert session.get(Heartbeat, "job:broken") is None
        assert session.get_one(Heartbeat, "job:plan_reminders").at == instant("2026-12-07")


def test_without_a_time_the_pass_uses_the_databases_own(database: Database) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    jobs.run_pass()

    with database.read() as session:
        at = session.get_one(Heartbeat, "job:plan_reminders").at
        assert abs(db.time(session) - at) < dt.timedelta(seconds=30)
    assert at > before


def test_one_scheduler_leads_until_it_leaves_or_falls_silent(database: Database) -> None:
    now = instant("2026-12-07")

    def lead(epoch: int, seconds: int) -> int:
        with database.write() as session:
            return heartbeats.lead(session, epoch, now + dt.timedelta(seconds=seconds))

    assert lead(0, 0) == 1
    assert lead(0, 10) == 0
    assert lead(1, 20) == 1
    assert lead(0, 70) == 2, "the first fell silent"
    assert lead(1, 71) == 0
    with database.write() as session:
        heartbeats.resign(session, 2)
        assert not heartbeats.is_led(session, now + dt.timedelta(seconds=71))
    assert lead(0, 72) == 3


def test_who_does_not_lead_sends_where_several_may_write_and_does_nothing_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = list[str]()
    monkeypatch.setattr(table, "run", lambda job, *_: ran.append(job.name))

    for job in JOBS:
        jobs._Scheduler().run(job)

    assert ran == ([] if database.is_sqlite else ["dispatch"])


def test_the_embedded_scheduler_does_the_work_and_leaves_the_lease(
    database: Database, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    monkeypatch.setattr(jobs, "_START_SECONDS", 0.3)
    monkeypatch.setattr(audit, "seal", lambda _session: done.set())

    stop = jobs.start_embedded()
    try:
        assert done.wait(20)
        with database.read() as session:
            assert heartbeats.is_led(session, db.time(session))
    finally:
        stop()
    with database.read() as session:
        assert not heartbeats.is_led(session, db.time(session))


def test_looking_again_needs_a_reason(database: Database) -> None:
    cast(database)
    [job], seen = [job for job in JOBS if job.traces], dict[str, object]()

    def look(at: str) -> tuple[int, object]:
        """How many are planned, and what the schedule has seen since."""
        return table.run(job, Occasion(instant(at)), seen).planned, seen[job.name]

    planned, first = look("2026-12-07")
    assert planned == 1
    with database.write() as session:
        action = session.scalars(select(Action)).one()
        action.state = State.ASSIGNED
        audit.record(session, audit.SERVICE, "reassign", "action", action.id)
    _, changed = look("2026-12-07T09:00")
    assert changed != first
    assert look("2026-12-07T09:01") == (0, changed)
    assert look("2026-12-08")[1] != changed


def test_what_a_job_had_done_when_it_broke_down_is_counted(database: Database) -> None:
    def broken(_occasion: Occasion) -> Summary:
        raise Unfinished(Summary(sent=3)) from OSError("the disk is full")

    done = table.run(Job("broken", broken, 60), Occasion(instant("2026-12-07")))

    assert (done.sent, done.failed) == (3, ("broken failed: OSError: the disk is full",))


def test_addresses_that_are_well_again_and_replies_that_nobody_confirmed_are_swept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.mailing.bounces.settle", lambda *_: 2)
    monkeypatch.setattr("app.services.mailing.replies.expire", lambda *_: 3)

    assert table.sweep(Occasion(instant("2026-12-07"))).other == {"forgotten": 5}


def test_what_broke_down_looks_again_without_another_reason(database: Database) -> None:
    turns, seen = list[int](), dict[str, object]()

    def broken(_occasion: Occasion) -> Summary:
        turns.append(1)
        raise OSError("the disk is full")

    job = Job("broken", broken, 60, traces=lambda now: now.date())
    for _ in range(2):
        assert table.run(job, Occasion(instant("2026-12-07")), seen).failed
    assert len(turns) == 2


@pytest.mark.parametrize("is_wanted", [True, False])
def test_a_row_of_the_table_carries_its_own_conditions(database: Database, is_wanted: bool) -> None:
    ran: list[dt.datetime] = []

    def note(occasion: Occasion) -> Summary:
        ran.append(occasion.now)
        return Summary()

    job = Job("noted", note, 60, traces=lambda now: now.date(), beats=is_wanted)
    seen: dict[str, object] = {}
    for hour in (8, 9):
        table.run(job, Occasion(instant(f"2026-12-07T0{hour}:00")), seen if is_wanted else None)

    assert len(ran) == (1 if is_wanted else 2), "a schedule leaves out what has not changed, a pass does not"
    with database.read() as session:
        assert (session.get(Heartbeat, "job:noted") is not None) is is_wanted
