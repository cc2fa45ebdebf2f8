"""`tatbiq audit verify`, `check` and `rebuild`: exit 0 and a line when all is well, exit 1 and what is wrong."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from app.cli import command
from app.config import settings
from app.db import Database
from app.models.rollups import Tally
from app.services.kernel import audit
from app.services.upkeep import integrity, record_heads
from tests import builders
from tests.fixtures.settings import Configure

pytestmark = pytest.mark.sqlite_only


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command(), list(arguments))


def fill(database: Database) -> None:
    with database.write() as session:
        builders.action(session)
        integrity.rebuild(session)
        audit.record(session, audit.SERVICE, "rebuild", "service", 0)
        audit.seal(session)


def test_a_whole_record_is_said_with_its_head(database: Database) -> None:
    fill(database)
    done = run("audit", "verify")
    assert done.exit_code == 0
    assert done.stdout.startswith("1 events, 1 sealed, head ")
    assert run("audit", "verify", "--expect", done.stdout.split()[-1]).exit_code == 0


def test_a_head_that_is_not_in_the_chain_is_found_wrong(database: Database) -> None:
    fill(database)
    done = run("audit", "verify", "--expect", "f" * 64)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "not in the chain" in done.stderr


def test_without_a_relay_the_check_says_that_mail_waits(database: Database) -> None:
    fill(database)
    done = run("check")
    assert done.exit_code == 1
    assert "TATBIQ_SMTP_URL" in done.stderr


def test_with_a_relay_all_is_well(database: Database, configure: Configure, smtp_url: str) -> None:
    fill(database)
    configure(smtp_url=smtp_url)
    assert run("check").stdout == "All is well.\n"


def test_a_relay_that_is_not_there_is_said(database: Database, configure: Configure) -> None:
    configure(smtp_url="smtp://127.0.0.1:1")
    done = run("check")
    assert done.exit_code == 1
    assert "relay" in done.stderr


def test_a_count_that_lies_is_found_deep_and_mended_by_rebuild(
    database: Database, configure: Configure, smtp_url: str
) -> None:
    fill(database)
    configure(smtp_url=smtp_url)
    with database.write() as session:
        session.execute(sa.update(Tally).values(count=41))
    assert run("check").exit_code == 0
    deep = run("check", "--deep")
    assert deep.exit_code == 1
    assert "counts" in deep.stderr
    assert run("rebuild").exit_code == 0
    assert run("check", "--deep").stdout == "All is well.\n"


@pytest.fixture
def smtp_url(smtp_server: object) -> str:
    return str(getattr(smtp_server, "url", ""))


def test_a_check_as_json_is_one_object_whatever_it_finds(
    database: Database, configure: Configure, smtp_url: str
) -> None:
    fill(database)
    waiting = run("check", "--json")
    configure(smtp_url=smtp_url)
    well = run("check", "--deep", "--json")

    assert (waiting.exit_code, well.exit_code) == (1, 0)
    assert any("TATBIQ_SMTP_URL" in line for line in json.loads(waiting.stdout)["faults"])
    found = json.loads(well.stdout)
    assert (found["is_well"], found["faults"]) == (True, [])
    assert found["counts"] == {"meetings": 1, "actions": 1, "people": 0, "messages": 0, "events": 1, "sealed": 1}


def test_a_check_as_json_is_one_object_without_a_database_too(empty_url: str, configure: Configure) -> None:
    configure(database_url=empty_url)
    done = run("check", "--json")

    assert done.exit_code == 1
    assert any("tatbiq migrate" in line for line in json.loads(done.stdout)["faults"])


def test_heads_known_outside_are_asked_for(database: Database, configure: Configure) -> None:
    fill(database)
    configure(secret_key="a key of this service alone, 32 characters and more")
    assert "no head is known outside" in run("audit", "verify").stderr
    with database.write() as session:
        record_heads.publish(session, dt.date(2026, 11, 20))
    with database.read() as session:
        record_heads.carry_out(session, settings().data_dir, settings().key)
    assert run("audit", "verify").stderr == ""

    path = settings().data_dir / "heads.log"
    path.write_text(path.read_text().replace("head=", "head=0", 1).replace("0 key", " key"))
    done = run("audit", "verify")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "heads.log" in done.stderr
