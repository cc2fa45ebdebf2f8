"""The service in numbers: who may read them, that they are true, that they name nobody, and what fails quickly."""

import re
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from starlette.types import ASGIApp

from app import clock, jobs
from app.config import ROOT
from app.db import Database
from app.models.notifications import Delivery, Envelope, Heartbeat
from app.queries.mailing import measures
from app.queries.setup import installation
from app.services.kernel import outbox
from app.services.upkeep import heartbeats
from app.web import answered, metrics
from tests import builders
from tests.fixtures.pages import TestClient
from tests.fixtures.settings import Configure

Here = Callable[..., TestClient]
TOKEN = "0123456789abcdef"


@pytest.fixture
def here(application: ASGIApp) -> Here:
    """Somebody who asks from that address."""

    def asking(address: str = "127.0.0.1") -> TestClient:
        return TestClient(application, base_url="http://127.0.0.1", client=(address, 40000))

    return asking


def numbers(text: str) -> dict[str, float]:
    """Every sample, by its name and labels."""
    return {
        "|".join([sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.sqlite_only
def test_without_a_token_only_this_machine_reads_them_and_nobody_through_a_proxy(here: Here) -> None:
    assert here().get("/metrics").status_code == 200
    assert here("::1").get("/metrics").status_code == 200
    assert here("10.0.0.5").get("/metrics").status_code == 404
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert here().get("/metrics", headers={name: "203.0.113.9"}).status_code == 404
    assert here().get("/metrics", headers={"Host": "elsewhere.example"}).status_code == 200


@pytest.mark.sqlite_only
def test_with_a_token_whoever_sends_it_reads_them_and_nobody_else(here: Here, configure: Configure) -> None:
    configure(metrics_token=TOKEN)

    for address in ("127.0.0.1", "10.0.0.5"):
        client = here(address)
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        for wrong in ("", f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", "Bearer é"):
            sent = {"Authorization": wrong.encode()} if wrong else {}
            assert client.get("/metrics", headers=sent).status_code == 404


def test_the_numbers_are_those_of_the_database(here: Here, database: Database) -> None:
    jobs.run_pass()
    with database.write() as session:
        heartbeats.lead(session, 0, clock.now())
        heartbeats.here(session, "host:1", clock.now())
        heartbeats.beat(session, installation.BACKUP, clock.now())
        karim = builders.person(session, "Karim")
        for number, state in enumerate((Delivery.QUEUED, Delivery.SENT, Delivery.DEAD, Delivery.PARKED)):
            made = outbox.enqueue(session, "action_assigned", karim.id, f"p{number}")
            values = {"state": state, "ended_at": clock.now(), "sent_at": clock.now() if state == "sent" else None}
            session.execute(sa.update(Envelope).where(sa.column("id") == made).values(**values))

    text = here().get("/metrics").text
    found = numbers(text)

    wanted = {
        "tatbiq_up": 1, "tatbiq_followup_red": 1, "tatbiq_mails_waiting|due=under_1m|urgency=act": 1,
        "tatbiq_mails_failed|state=dead": 1, "tatbiq_mails_failed|state=parked": 1, "tatbiq_mails_sent_last_day": 1,
        "tatbiq_schedulers": 1, "tatbiq_scheduler_leads": 1, "tatbiq_job_failures|job=sweep": 0,
        "tatbiq_zone_tables_right": 1, "tatbiq_relay_set": 0,
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert 0 <= found["tatbiq_last_pass_age_seconds"] < 60
    assert abs(found["tatbiq_last_backup_timestamp_seconds"] - time.time()) < 60
    assert found["tatbiq_database_bytes"] > 0
    assert "karim" not in text.lower(), "no person in any label"


def test_what_turns_have_done_is_added_up_and_outlives_the_process(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            heartbeats.count(session, "dispatch", {"sent": 2, "dead": 0}, clock.now())
    with database.write() as session:
        heartbeats.count(session, "dispatch", {"sent": 0}, clock.now())
        heartbeats.count(session, "sweep", {"forgotten": 5}, clock.now())

    with database.read() as session:
        assert session.get_one(Heartbeat, "totals").detail == {"dispatch.sent": 4, "sweep.forgotten": 5}
        done = next(one for one in measures.taken(session, clock.now()) if one.name == "tatbiq_done_total")
    assert set(done.samples) == {(("dispatch", "sent"), 4.0), (("sweep", "forgotten"), 5.0)}


@pytest.mark.sqlite_only
def test_answers_are_counted_by_class_and_duration() -> None:
    answers = answered.AnswerCounts()
    for status, seconds in ((200, 0.002), (200, 0.01), (303, 0.2), (404, 9.0), (499, 0.1), (0, 0.1)):
        answers.note(status, seconds)

    [counted, lasted] = answers.measures()

    told = {labels[1]: number for labels, number in counted.samples}  # type: ignore[union-attr]
    assert told == {"1xx": 0, "2xx": 2, "3xx": 1, "4xx": 2, "5xx": 0}
    assert lasted.buckets == [("0.01", 2), ("0.05", 2), ("0.25", 4), ("1.0", 4), ("5.0", 4), ("+Inf", 5)]  # type: ignore[union-attr]


@pytest.mark.sqlite_only
def test_where_the_database_is_gone_or_hangs_it_says_so_in_time(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT", None, Exception("gone"))

    monkeypatch.setattr(measures, "taken", gone)
    found = numbers(here().get("/metrics").text)
    assert (found["tatbiq_up"], "tatbiq_followup_red" in found) == (0, False)
    assert found["tatbiq_disk_free_bytes"] > 0

    monkeypatch.setattr(metrics, "_SECONDS", 0.2)
    monkeypatch.setattr(measures, "taken", lambda *_: time.sleep(1.5))
    began = time.monotonic()
    assert numbers(here().get("/metrics").text)["tatbiq_up"] == 0
    assert time.monotonic() - began < 1.4


@pytest.mark.sqlite_only
def test_a_scrape_waits_for_no_writer(here: Here, database: Database) -> None:
    with database.write() as session:
        session.add(Heartbeat(name="busy", at=clock.now()))
        session.flush()
        began = time.monotonic()
        assert numbers(here().get("/metrics").text)["tatbiq_up"] == 1
        assert time.monotonic() - began < 2


@pytest.mark.sqlite_only
def test_every_metric_of_the_example_alerts_is_there(here: Here, database: Database) -> None:
    with database.write() as session:
        heartbeats.beat(session, installation.BACKUP, clock.now())
        heartbeats.count(session, "dispatch", {"dead": 1}, clock.now())
    jobs.run_pass()
    client = here()
    client.get("/healthz")
    exposed = {name.partition("|")[0] for name in numbers(client.get("/metrics").text)} | OF_A_RECORD
    rules = [rule for group in import_module("yaml").safe_load(_alerts())["groups"] for rule in group["rules"]]

    assert len(rules) > 8
    for rule in rules:
        named = set(re.findall(r"\btatbiq_\w+", rule["expr"]))
        assert named, rule["alert"]
        assert named <= exposed, f"{rule['alert']}: {named - exposed}"
        assert rule["annotations"]["summary"]


OF_A_RECORD = {"tatbiq_record_head_age_days"}  # once something was sealed and published


def _alerts() -> str:
    return Path(ROOT / "docs" / "alerts.yml").read_text(encoding="utf-8")
