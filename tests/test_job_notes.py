"""Each job's turns are noted for people: when, how long, why one failed; seldom where a job comes every few seconds."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app import jobs
from app.db import Database
from app.domain.sentences.wellness import LastTurn
from app.jobs import notes, table
from app.jobs.summaries import Summary
from app.jobs.table import Job, Occasion
from app.models.notifications import Heartbeat
from app.queries.mailing import turns
from app.queries.mailing.turns import Turn
from app.services.upkeep import heartbeats
from tests.builders import instant

NOON = instant("2026-12-07T12:00")
SECOND = dt.timedelta(seconds=1)


def noted(database: Database, name: str = "trial") -> Turn:
    with database.read() as session:
        return turns.pulse(session, NOON).turns[name]


def written(database: Database) -> int:
    with database.read() as session:
        query = sa.select(sa.func.count()).where(col(Heartbeat.name) == "turn:trial")
        return int(session.execute(query).scalar_one())


class Trial:
    """A job that fails when it is told to."""

    def __init__(self, *, beats: bool) -> None:
        self.fault: Exception | None = None
        self.seen: dict[str, object] = {}
        self.job = Job("trial", self.work, 10, beats=beats)

    def work(self, _occasion: Occasion) -> Summary:
        if self.fault:
            raise self.fault
        return Summary()

    def at(self, seconds: int) -> None:
        table.run(self.job, Occasion(NOON + seconds * SECOND), self.seen)


@pytest.mark.parametrize("beats", [True, False])
def test_a_failure_is_told_with_its_cause_and_when_it_last_worked(database: Database, beats: bool) -> None:
    trial = Trial(beats=beats)
    trial.at(0)
    trial.fault = RuntimeError("the disk is full\nand more")
    trial.at(120)
    trial.at(240)

    found = noted(database)

    assert (found.failures, found.cause, found.worked_at) == (2, "RuntimeError: the disk is full", NOON)
    trial.fault = None
    trial.at(250)
    assert (noted(database).failures, noted(database).cause) == (0, "")
    assert noted(database).worked_at == NOON + 250 * SECOND


def test_a_job_of_every_ten_seconds_is_noted_once_a_minute_unless_something_changed(database: Database) -> None:
    trial = Trial(beats=False)
    for seconds in range(0, 50, 10):
        trial.at(seconds)
    assert noted(database).at == NOON

    trial.fault = OSError("away")
    trial.at(50)
    assert noted(database).at == NOON + 50 * SECOND
    trial.at(60)
    assert noted(database).failures == 1, "the same again within the minute is no news"
    trial.fault = None
    trial.at(70)
    assert noted(database).failures == 0
    trial.at(130)
    assert noted(database).at == NOON + 130 * SECOND


def test_a_failed_statement_is_told_without_the_values_it_was_given() -> None:
    error = sa.exc.OperationalError("SELECT ?", ("karim@exemple.ma",), RuntimeError("database is locked"))

    assert notes.spoken(error) == "RuntimeError: database is locked"


def test_a_key_in_a_cause_is_not_kept() -> None:
    assert "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG" not in notes.spoken(
        ValueError("https://suivi.example.ma/fr/u/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG failed")
    )


def test_a_note_that_cannot_be_written_fails_no_job(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "turned", lambda *_: 1 / 0)
    trial = Trial(beats=False)
    trial.at(0)

    assert written(database) == 0


def test_after_a_pass_every_job_has_its_note(database: Database) -> None:
    jobs.run_pass(NOON)

    with database.read() as session:
        found = turns.pulse(session, NOON)
    assert {job.name for job in jobs.JOBS} - {"dispatch"} <= set(found.turns)
    assert LastTurn(NOON, 0, "") == LastTurn(*[getattr(found.turns["sweep"], name) for name in LastTurn._fields])
    assert not found.is_led


def test_schedulers_that_live_are_named_and_those_that_end_are_not(database: Database) -> None:
    with database.write() as session:
        for number, seconds in enumerate((0, -60, -600)):
            heartbeats.here(session, f"host:{number}", NOON + seconds * SECOND)
        heartbeats.lead(session, 0, NOON)
    with database.write() as session:
        assert turns.pulse(session, NOON).schedulers == ("host:0", "host:1")
        assert turns.pulse(session, NOON).is_led
        heartbeats.gone(session, "host:0", NOON)
    with database.write() as session:
        assert turns.pulse(session, NOON).schedulers == ("host:1",)
        heartbeats.gone(session, "other:1", NOON + dt.timedelta(days=2))
        assert turns.pulse(session, NOON).schedulers == (), "who was killed is forgotten with the next that ends"


def test_an_idle_job_is_noted_once_a_minute_and_at_once_where_the_clock_was_set_back() -> None:
    seen, noon = dict[str, object](), instant("2026-12-07T12:00")

    given = [(0, ""), (30, ""), (60, ""), (65, "broken"), (70, "broken"), (-3600, "broken"), (-3590, "broken")]

    news = [notes._is_news(seen, "dispatch", noon + dt.timedelta(seconds=at), cause) for at, cause in given]
    assert news == [True, False, True, True, False, True, False]


def test_what_a_job_has_done_is_added_up_however_soon_its_turns_follow(database: Database) -> None:
    seen, noon = dict[str, object](), instant("2026-12-07T12:00")

    for seconds in (0, 10, 20):
        at = noon + dt.timedelta(seconds=seconds)
        notes.went_quietly(notes.EndedTurn("dispatch", at, 0.1, {"sent": 3}), seen)

    with database.read() as session:
        assert turns.pulse(session, noon).totals == {"dispatch.sent": 9}
