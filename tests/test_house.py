"""The rules of the house that no linter knows, and the proof that the linters' own rules bite."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT, Settings
from app.web import workspace
from app.web.forms import Fields

SOURCES = sorted((ROOT / "app").rglob("*.py"))
IMPURE = {"os", "socket", "sqlite3", "subprocess", "time", "random", "secrets", "urllib", "http", "smtplib"}

# What somebody may plant by mistake, and the contract that has to refuse it.
PLANTED = [
    ("domain/planted.py", "import sqlmodel", "The domain knows only the standard library"),
    ("domain/planted.py", "import app.clock", "A floor imports the floors below it"),
    ("queries/planted.py", "import app.services", "A floor imports the floors below it"),
    ("mail/planted.py", "import app.services", "A floor imports the floors below it"),
    ("models/planted.py", "", "Tables know the tables they point to"),
    ("models/people.py", "import app.models.meetings", "Tables know the tables they point to"),
    ("services/planted.py", "", "Rooms of services call the rooms below them"),
    ("services/kernel/audit.py", "import app.services.setup.people", "Rooms of services call the rooms below them"),
    ("services/kernel/audit.py", "import app.services.kernel.outbox", "Inside a room nothing runs in circles"),
    ("queries/planted.py", "", "Rooms of queries read by the rooms below them"),
    ("queries/scope/visible.py", "import app.queries.setup.people", "Rooms of queries read by the rooms below them"),
    ("planted.py", "", "A floor imports the floors below it"),
    ("services/kernel/audit.py", "import fastapi", "Only the doors know HTTP"),
    ("mail/planted.py", "import smtplib", "Only mail.transport speaks SMTP"),
    ("files/planted.py", "import httpx", "Only net opens connections"),
    ("services/kernel/audit.py", "import apscheduler", "Only jobs knows the scheduler"),
    ("services/kernel/audit.py", "import alembic", "Only migrations knows Alembic"),
    ("web/public/planted.py", "import app.signed_in", "Public pages and links cannot see who is signed in"),
    (
        "web/public/planted.py",
        "import app.web.workspace",
        "Public pages, links and the workspace do not know each other",
    ),
    ("web/public/planted.py", "import app.web.public.planted_too", "A page never imports a page"),
    ("web/workspace/planted.py", "import app.web.cacheable", "Only public pages are kept in memory"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house without its contents, where anything may be planted."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__", "locale", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("services/kernel/audit.py", "services/kernel/outbox.py", "web/public/planted_too.py", "signed_in.py"):
        (tmp_path / "app" / room).touch()
    return tmp_path


@pytest.mark.parametrize(("room", "line", "contract"), PLANTED)
def test_a_planted_import_is_refused(copy: Path, room: str, line: str, contract: str) -> None:
    with (copy / "app" / room).open("a") as file:
        file.write(f"\n{line}\n")

    output = _lint(copy)

    assert f"{contract} BROKEN" in output, output


def test_the_house_as_it_stands_is_kept(copy: Path) -> None:
    output = _lint(copy)

    assert " 0 broken" in output, output


def test_the_domain_knows_only_the_standard_library() -> None:
    allowed = sys.stdlib_module_names - IMPURE | {"app.domain"}

    strangers = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "app" / "domain").rglob("*.py")
        for name in _imported(ast.parse(path.read_text()))
        if name.partition(".")[0] not in allowed and not name.startswith("app.domain")
    ]

    assert not strangers


def test_an_instant_becomes_a_date_in_a_named_zone_alone() -> None:
    """`clock.day` asks for the zone; the domain, the words' dates and the command line have instants with theirs."""
    allowed = {"clock.py", "domain/digests.py", "domain/calendar.py", "i18n/dates.py", "cli/data.py"}
    found = {
        str(path.relative_to(ROOT / "app"))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date"
        if not node.args and not node.keywords
    }
    assert found == allowed


def test_files_are_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines for path in SOURCES if (lines := len(path.read_text().splitlines())) > 250
    }

    assert not long


def test_functions_are_small() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := _lines(node)) > 30
    ]

    assert not long


def test_few_functions_take_many_parameters() -> None:
    taken = [
        _parameters(node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert sum(count > 5 for count in taken) / len(taken) <= 0.02


def test_a_class_name_stands_for_one_thing() -> None:
    names = Counter(
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    )

    assert not [name for name, times in names.items() if times > 1]


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert not silent


def test_no_room_is_called_after_what_it_is_not() -> None:
    vague = {"utils", "helpers", "common", "manager", "handler", "misc", "base_service"}

    assert not [str(path.relative_to(ROOT)) for path in SOURCES if path.stem in vague or path.parent.name in vague]


def test_types_do_not_hide_a_cycle() -> None:
    assert not [str(path.relative_to(ROOT)) for path in SOURCES if "TYPE_CHECKING" in path.read_text()]


def test_imports_inside_functions_are_refused() -> None:
    rules = _pyproject()["tool"]["ruff"]["lint"]

    assert "PLC0415" in rules["select"]
    assert not [files for files, codes in rules["per-file-ignores"].items() if "PLC0415" in codes and "app" in files]


@pytest.mark.parametrize("page", [".env.example", "docs/settings.md"])
def test_every_setting_is_documented(page: str) -> None:
    text = (ROOT / page).read_text()

    assert not [name for name in _settings() if name not in text]


def test_the_release_has_one_number() -> None:
    from app.config import VERSION

    assert _pyproject()["project"]["version"] == VERSION


def test_locks_carry_hashes_and_no_host() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()

        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text


def _lint(folder: Path) -> str:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Whoever calls has to know them; `*args` and `**words` are one each."""
    given = node.args
    named = [name for name in (*given.posonlyargs, *given.args, *given.kwonlyargs) if name.arg not in ("self", "cls")]
    return len(named) + bool(given.vararg) + bool(given.kwarg)


def _settings() -> list[str]:
    return [f"TATBIQ_{name.upper()}" for name, field in Settings.model_fields.items() if not field.exclude]


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_no_field_is_compared_with_the_letters_of_all_scripts() -> None:
    r"""`\w{0,40}` holds the letters of Unicode forty times: two such patterns were seven megabytes of each process."""
    assert workspace.router.routes
    patterns = {
        str(limit.pattern)
        for model in _models(Fields)
        for field in model.model_fields.values()
        for limit in field.metadata
        if getattr(limit, "pattern", None)
    }

    assert patterns
    assert not [pattern for pattern in patterns if re.search(r"\\[wWdDsS]", pattern)]


def _models(base: type[Fields]) -> Iterator[type[Fields]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)
