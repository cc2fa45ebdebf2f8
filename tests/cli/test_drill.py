"""`tatbiq drill`: an archive tried in scratch, whatever the settings name; exit 1 when anything is missing."""

import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel
from typer.testing import CliRunner, Result

from app import clock, db, demo
from app.cli import command
from app.config import settings
from app.db import Database
from app.models.rollups import Tally
from app.services.upkeep import backups, record_heads
from tests.fixtures.settings import Configure
from tests.services.kernel.test_audit import tampering
from tests.services.upkeep.test_backups import fill
from tests.services.upkeep.test_restore import rewrite

KEY = "a key of this service alone, 32 characters and more"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command(), list(arguments))


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return tmp_path / "scratch"


@pytest.fixture
def archive(database: Database, configure: Configure, tmp_path: Path) -> Path:
    configure(secret_key=KEY)
    fill(database)
    (settings().data_dir / "files").mkdir(parents=True)
    (settings().data_dir / "files" / "one.bin").write_bytes(b"\x00\x01")
    with database.write() as session:
        record_heads.publish(session, clock.today(settings().zone))
    with database.read() as session:
        record_heads.carry_out(session, settings().data_dir, settings().key)
    backups.backup(database, tmp_path / "all.tar.gz")
    return tmp_path / "all.tar.gz"


def test_a_whole_archive_is_told_line_by_line_and_leaves_nothing(archive: Path, scratch: Path) -> None:
    done = run("drill", str(archive))

    assert (done.exit_code, done.stderr) == (0, "")
    tables = f" in {len(SQLModel.metadata.tables)} tables"
    for said in ("signed with this service's secret key", tables, "files       1", "heads       1 known", "head "):
        assert said in done.stdout
    assert not list(scratch.iterdir())


@pytest.mark.sqlite_only
@pytest.mark.parametrize("url", ["nonsense://nowhere", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_the_database_of_the_settings_is_not_asked(
    archive: Path, configure: Configure, scratch: Path, url: str
) -> None:
    configure(database_url=url)

    assert run("drill", str(archive)).exit_code == 0


@pytest.mark.sqlite_only
def test_neither_rows_nor_files_of_the_service_are_touched(
    archive: Path, database: Database, configure: Configure, scratch: Path, tmp_path: Path
) -> None:
    configure(data_dir=str(tmp_path / "untouched"))

    assert run("drill", str(archive)).exit_code == 0
    assert not (tmp_path / "untouched").exists()


@pytest.mark.sqlite_only
def test_what_was_wrong_when_the_backup_was_taken_is_found(
    database: Database, configure: Configure, tmp_path: Path, scratch: Path
) -> None:
    configure(secret_key=KEY)
    fill(database)
    with tampering(database) as session:
        session.execute(sa.text("UPDATE audit_event SET verb = 'other' WHERE id = 2"))
        session.execute(sa.update(Tally).values(count=41))
    backups.backup(database, tmp_path / "all.tar.gz")
    done = run("drill", str(tmp_path / "all.tar.gz"))

    assert done.exit_code == 1
    assert "event 2: it was changed" in done.stderr
    assert "counts: " in done.stderr


@pytest.mark.sqlite_only
def test_a_file_that_is_missing_and_an_archive_that_is_none_are_one_line(archive: Path, scratch: Path) -> None:
    rewrite(archive, lambda parts, _said: parts.__delitem__("files/one.bin"), KEY.encode())
    for path in (archive, archive.with_name("nowhere")):
        done = run("drill", str(path))
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert not list(scratch.iterdir())


@pytest.mark.sqlite_only
def test_the_demonstration_passes_its_drill_where_the_settings_know_nothing_of_it(
    database: Database, configure: Configure, scratch: Path, tmp_path: Path
) -> None:
    configure(demo="1", secret_key=KEY)
    demo.load(database)
    backups.backup(database, tmp_path / "demo.tar.gz")
    configure(demo="0")

    done = run("drill", str(tmp_path / "demo.tar.gz"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert db.current() is database, "the process keeps its own database"
