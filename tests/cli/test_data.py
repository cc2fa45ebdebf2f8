"""`tatbiq synth`, `backup` and `restore` as somebody at a shell sees them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import command
from app.db import Database

pytestmark = pytest.mark.sqlite_only


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command(), list(arguments))


def test_a_backup_says_where_it_is_and_that_the_key_is_not_in_it(database: Database, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "all.tar.gz"))
    assert done.exit_code == 0
    assert str(tmp_path / "all.tar.gz") in done.stdout
    assert "TATBIQ_SECRET_KEY" in done.stdout
    assert "TATBIQ_SECRET_KEY" not in run("backup", str(tmp_path / "other.tar.gz"), "--with-key").stdout


def test_what_exists_is_not_overwritten_and_the_answer_is_one_line(database: Database, tmp_path: Path) -> None:
    (tmp_path / "all.tar.gz").write_bytes(b"precious")
    done = run("backup", str(tmp_path / "all.tar.gz"))
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_file_that_is_no_backup_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    done = run("restore", str(tmp_path / "notes.txt"))
    assert done.exit_code == 1
    assert "notes.txt" in done.stderr
    assert run("restore", str(tmp_path / "nowhere")).exit_code == 1


def test_a_database_of_another_revision_is_not_touched(empty_url: str, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "all.tar.gz"))
    assert done.exit_code == 1
    assert "tatbiq migrate" in done.stderr
    assert not (tmp_path / "all.tar.gz").exists()
