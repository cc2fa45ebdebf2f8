"""`tatbiq roster`: what it would do, in the language asked for; what it refuses, with exit 1 and nothing entered."""

from pathlib import Path

import sqlalchemy as sa
from typer.testing import CliRunner, Result

from app.cli import command
from app.db import Database
from app.models.people import Organisation

FILE = "organisation_fr,post_fr,name,email\nOffice,Suivi,Hanae,hanae@exemple.ma\n"


def roster(path: Path, text: str, *options: str) -> Result:
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(command(), ["roster", str(path), *options])


def bodies(database: Database) -> int:
    with database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Organisation)).one()


def test_a_dry_run_says_all_and_does_nothing_then_it_is_done_once(database: Database, tmp_path: Path) -> None:
    dry = roster(tmp_path / "a.csv", FILE, "--dry-run", "--lang", "fr")
    assert dry.exit_code == 0
    assert dry.stdout.splitlines()[0].endswith("Nouvelle institution\u202f: Office")
    assert bodies(database) == 0

    assert roster(tmp_path / "a.csv", FILE).stdout.splitlines()[-1] == "4 things were made or changed"
    assert bodies(database) == 1
    assert roster(tmp_path / "a.csv", FILE).stdout == "Nothing changes: all of it stands here already\n"


def test_what_is_refused_goes_to_standard_error(database: Database, tmp_path: Path) -> None:
    wrong = roster(tmp_path / "a.csv", FILE + ",Seul,,\n")

    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert "Line 3: Name the organisation of this post on the same line" in wrong.stderr
    assert bodies(database) == 0


def test_a_file_that_is_not_there_or_no_list_is_one_clear_line(database: Database, tmp_path: Path) -> None:
    missing = CliRunner().invoke(command(), ["roster", str(tmp_path / "none.csv")])
    assert missing.exit_code == 1
    assert "none.csv" in missing.stderr

    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    book = CliRunner().invoke(command(), ["roster", str(tmp_path / "book.xlsx")])
    assert book.exit_code == 1
    assert "CSV UTF-8" in book.stderr
