"""Stored files against their rows: a kill leaves a file at most, which is swept; a backup carries what is named."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from app import clock
from app.db import Database
from app.files import store
from app.services.followup import evidence
from app.services.upkeep import backups, drills, evidence_files
from tests import scenes, uploads

DAY = dt.timedelta(days=1, minutes=1)


def attach(session: Session) -> str:
    made = scenes.scene(session)
    document = evidence.Document(file=uploads.arrived())
    return evidence.add(session, made.actor("karim"), scenes.action(made), document).file_key or ""


def test_a_file_without_its_row_is_swept_after_a_day_and_one_with_its_row_never(database: Database) -> None:
    with database.write() as session:
        named = attach(session)
    with database.write() as session:
        uploads.arrived().keep()  # and then the process is killed before the commit
        session.rollback()
    left = uploads.arrived()
    now = clock.now()

    with database.read() as session:
        assert evidence_files.sweep(session, now) == 0
        assert len(uploads.kept()) == 2
        assert evidence_files.sweep(session, now + DAY) == 2
    assert uploads.kept() == [named]
    assert uploads.left() == []
    assert left.key != named


def _cut(path: Path) -> None:
    os.truncate(path, 3)


def _turn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])


@pytest.mark.parametrize(("harm", "said"), [(Path.unlink, "missing"), (_cut, "not what"), (_turn, "not what")])
def test_a_row_whose_file_is_gone_or_another_is_found(
    database: Database, harm: Callable[[Path], object], said: str
) -> None:
    with database.write() as session:
        key = attach(session)
    with database.read() as session:
        assert list(evidence_files.faults(session, store.home())) == []
        harm(store.path(key))
        [fault] = evidence_files.faults(session, store.home())
    assert key in fault
    assert said in fault


def test_a_backup_carries_the_files_and_a_drill_looks_at_them(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        key = attach(session)
    backups.backup(database, tmp_path / "whole.tar.gz")
    store.path(key).unlink()
    backups.backup(database, tmp_path / "without.tar.gz")

    assert drills.drill(tmp_path / "whole.tar.gz").faults == []
    [fault] = drills.drill(tmp_path / "without.tar.gz").faults
    assert key in fault
