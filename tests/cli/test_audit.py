"""`tatbiq audit verify`, `check` and `rebuild`: exit 0 and a line when all is well, exit 1 and what is wrong."""

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from app.cli import command
from app.db import Database
from app.models.rollups import Tally
from app.services import audit, integrity
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
