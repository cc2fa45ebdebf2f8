"""`tatbiq intake`: the object the contract promises, and silence on standard output when a file can't be read."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli import intake
from app.config import ROOT
from app.files.text import MAX_REPORT_BYTES

FRENCH = """Réunion du comité de suivi.

Les échanges ont été riches.
Il est recommandé d'ouvrir un guichet régional pour l'exportation.
Le comité a recommandé de former les artisans aux normes et de publier un annuaire.
"""
ARABIC = "عقد اللقاء بفاس.\nأوصى المشاركون بتسريع وتيرة نمو الصادرات وتحسين الإطار القانوني الداعم للتصدير.\n"


def run(tmp_path: Path, content: str | bytes, *arguments: str) -> Result:
    file = tmp_path / "report.txt"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return invoke(str(file), *arguments)


def invoke(*arguments: str) -> Result:
    app = typer.Typer()
    intake.register(app)
    return CliRunner().invoke(app, list(arguments))


def as_object(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("content", "lang"), [(FRENCH, "fr"), (ARABIC, "ar")])
def test_every_proposal_is_the_slice_of_the_text_that_it_says(tmp_path: Path, content: str, lang: str) -> None:
    found = as_object(run(tmp_path, content, "--json"))
    assert set(found) == {"lang", "text", "proposals"}
    assert found["lang"] == lang
    assert found["proposals"]
    for proposal in found["proposals"]:
        assert set(proposal) == {"text", "start", "end", "owner", "deadline", "due_on", "confidence"}
        assert found["text"][proposal["start"] : proposal["end"]] == proposal["text"]


def test_offsets_count_code_points_not_units(tmp_path: Path) -> None:
    found = as_object(run(tmp_path, "😀😀 Note.\n" + FRENCH, "--json", "--lang", "fr"))
    for proposal in found["proposals"]:
        assert found["text"][proposal["start"] : proposal["end"]] == proposal["text"]


def test_an_old_code_page_comes_out_as_the_same_words(tmp_path: Path) -> None:
    found = as_object(run(tmp_path, FRENCH.encode("cp1252"), "--json"))
    assert "guichet régional" in found["text"]


def test_nothing_found_is_an_empty_list_and_no_error(tmp_path: Path) -> None:
    found = as_object(run(tmp_path, "Le soleil brillait sur la médina.", "--json", "--lang", "fr"))
    assert found["proposals"] == []


def test_without_json_people_can_read_it(tmp_path: Path) -> None:
    result = run(tmp_path, FRENCH)
    assert result.exit_code == 0
    assert "ouvrir un guichet régional" in result.stdout
    assert "{" not in result.stdout


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"%PDF-1.7 whatever", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"a" * (MAX_REPORT_BYTES + 1)],
)
def test_what_cannot_be_read_is_one_line_on_standard_error(tmp_path: Path, content: bytes) -> None:
    result = run(tmp_path, content, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_missing_file_and_a_folder_are_unreadable_too(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.txt", tmp_path):
        result = invoke(str(path), "--json")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Traceback" not in result.stderr


def test_an_unknown_language_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path, FRENCH, "--lang", "de").exit_code == 2


def test_it_needs_neither_database_nor_pages() -> None:
    code = (
        "import importlib.util as u, sys; spec = u.spec_from_file_location('alone', sys.argv[1]);"
        "spec.loader.exec_module(u.module_from_spec(spec));"
        "print([m for m in ('sqlalchemy', 'fastapi', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(intake.__file__)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
