"""Heads leave the house once a day, in signed lines that can be neither changed nor removed unseen."""

import datetime as dt
from pathlib import Path

import pytest

from app import clock, jobs
from app.config import settings
from app.db import Database
from app.queries.public import record_heads as known_heads
from app.services.kernel import audit
from app.services.upkeep import record_heads
from tests.builders import instant

KEY, OTHER = b"the secret key of this service alone", b"another secret key than that of this service"
DAY = dt.date(2026, 11, 20)


def days(database: Database, folder: Path, count: int, first: dt.date = DAY, key: bytes = KEY) -> list[str]:
    """So many days, with an event each; the lines of the file after them."""
    for day in range(count):
        with database.write() as session:
            audit.record(session, audit.SERVICE, "edit", "meeting", day)
            audit.seal(session)
            record_heads.publish(session, first + dt.timedelta(day))
        with database.read() as session:
            record_heads.carry_out(session, folder, key)
    return (folder / "heads.log").read_text().splitlines()


def test_a_day_has_one_head_and_one_line(database: Database, tmp_path: Path) -> None:
    lines = days(database, tmp_path, 2)
    assert days(database, tmp_path, 1) == lines, "the day has its head already"

    assert [line.split()[0] for line in lines] == ["2026-11-20", "2026-11-21"]
    assert (tmp_path / "heads.log").stat().st_mode & 0o777 == 0o600
    with database.read() as session:
        rows = known_heads.published(session, 10)
        newest = known_heads.newest(session)
    assert [(row.on.day, row.position) for row in rows] == [(21, 2), (20, 1)]
    assert newest
    assert newest.position == 3


def test_an_empty_record_has_no_head(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        record_heads.publish(session, DAY)
    with database.read() as session:
        assert known_heads.published(session, 10) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("what", ["changed", "removed", "moved", "made up"])
def test_a_line_that_was_tampered_with_is_found(database: Database, tmp_path: Path, what: str) -> None:
    lines = days(database, tmp_path, 4)
    changed = {
        "changed": [lines[0].replace("position=1", "position=2"), *lines[1:]],
        "removed": [lines[0], *lines[2:]],
        "moved": [lines[0], lines[2], lines[1], lines[3]],
        "made up": [*lines, lines[-1].replace("2026-11-23", "2026-11-24")],
    }[what]
    (tmp_path / "heads.log").write_text("\n".join(changed) + "\n")

    assert record_heads.outside(tmp_path, KEY).faults


@pytest.mark.sqlite_only
def test_after_a_new_secret_key_earlier_lines_are_kept_and_said_to_be_unchecked(
    database: Database, tmp_path: Path
) -> None:
    days(database, tmp_path, 2)
    days(database, tmp_path, 1, DAY + dt.timedelta(2), OTHER)
    outside = record_heads.outside(tmp_path, OTHER)

    assert (len(outside.known), outside.faults) == (3, ())
    assert "2 of 3 lines" in outside.notes[0]


@pytest.mark.sqlite_only
def test_a_torn_line_is_replaced_and_a_lost_file_written_again(database: Database, tmp_path: Path) -> None:
    lines, path = days(database, tmp_path, 3), tmp_path / "heads.log"
    path.write_text("\n".join(lines[:2]) + "\n" + lines[2][:50])
    with database.read() as session:
        record_heads.carry_out(session, tmp_path, KEY)
    assert path.read_text().splitlines() == lines

    path.unlink()
    assert record_heads.outside(tmp_path, KEY).notes
    with database.read() as session:
        record_heads.carry_out(session, tmp_path, KEY)
    assert path.read_text().splitlines() == lines


def test_the_pass_publishes_what_it_has_sealed(database: Database) -> None:
    with database.write() as session, clock.at(instant("2026-12-06")):
        audit.record(session, audit.SERVICE, "create", "programme", 1)
    for at in ("2026-12-07", "2026-12-07T12:00", "2026-12-08"):
        jobs.run_pass(instant(at))

    known = record_heads.outside(settings().data_dir, settings().key).known
    assert [one.where for one in known] == ["heads.log of 2026-12-07", "heads.log of 2026-12-08"]
