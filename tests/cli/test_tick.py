"""`tatbiq tick`: one line, and no time travel outside the demo."""

import datetime as dt
import re

import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli import operations
from app.db import Database
from app.services.upkeep import heartbeats
from tests import builders
from tests.fixtures.settings import Configure

LINE = re.compile(r"planned=\d+ superseded=\d+ skipped=\d+ sent=\d+ retried=\d+ dead=\d+ uncertain=\d+\n")
AHEAD = "2099-12-07T08:00+00:00"


def tick(*arguments: str) -> Result:
    app = typer.Typer()
    operations.register(app)
    return CliRunner().invoke(app, ["tick", *arguments])


def test_it_prints_one_line_also_when_nothing_was_due(database: Database) -> None:
    for result in (tick(), tick("--at", "2026-01-05T08:00+00:00")):
        assert result.exit_code == 0
        assert result.stdout == "planned=0 superseded=0 skipped=0 sent=0 retried=0 dead=0 uncertain=0\n"


def test_it_says_what_the_pass_has_done(database: Database, configure: Configure) -> None:
    configure(demo="1")
    with database.write() as session:
        post = builders.post(session)
        builders.person(session, "Karim", holds=post, has_digest=False)
        builders.action(session, owner=post, due_on=dt.date(2026, 12, 14))

    result = tick("--at", "2026-12-07T09:00+01:00")

    assert LINE.fullmatch(result.stdout)
    assert result.stdout.startswith("planned=1 superseded=2 skipped=0 sent=1 ")


def test_ahead_of_the_time_it_refuses_outside_the_demo(database: Database) -> None:
    result = tick("--at", AHEAD)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "TATBIQ_DEMO=1" in result.stderr


def test_ahead_of_the_time_it_refuses_beside_a_living_scheduler(database: Database, configure: Configure) -> None:
    configure(demo="1")
    with database.write() as session:
        heartbeats.lead(session, 0, dt.datetime.now(dt.UTC))

    assert tick("--at", AHEAD).exit_code == 1

    with database.write() as session:
        heartbeats.resign(session, 1)
    assert tick("--at", AHEAD).exit_code == 0


def test_half_a_minute_ahead_is_no_time_travel(database: Database) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)

    assert tick("--at", soon.isoformat()).exit_code == 0


@pytest.mark.parametrize("at", ["soon", "2026-12-07T08:00", "2026-13-01T00:00+00:00"])
def test_what_is_no_instant_is_wrong_usage(database: Database, at: str) -> None:
    assert tick("--at", at).exit_code == 2


def test_a_database_of_another_version_is_refused(database: Database) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    result = tick()

    assert result.exit_code == 1
    assert "tatbiq migrate" in result.stderr
