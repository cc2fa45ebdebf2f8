"""A wheel carries what stands beside `app` in the repository: templates, migrations, compiled catalogues."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT, VERSION

pytestmark = pytest.mark.slow
SOURCES = ("app", "templates", "alembic", "pyproject.toml", "setup.py", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Built without a network from a copy, so that nothing is left in the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        ignore = shutil.ignore_patterns("__pycache__", "*.mo")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        else:
            shutil.copy(ROOT / name, folder / name)
    code = f"from setuptools import build_meta; print(build_meta.build_wheel({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    yield folder / f"tatbiq-{VERSION}-py3-none-any.whl"
    shutil.rmtree(folder)


def names(folder: Path) -> set[str]:
    kept = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".mako"})
    return {str(path.relative_to(ROOT)) for path in kept}


def test_it_holds_every_template_migration_and_package(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())

    assert {f"app/shipped/{name}" for name in names(ROOT / "templates") | names(ROOT / "alembic")} <= held
    assert {name for name in names(ROOT / "app") if not name.endswith((".po", ".mo", ".cfg"))} <= held
    assert {f"app/i18n/locale/{lang}/LC_MESSAGES/messages.mo" for lang in ("ar", "fr")} <= held
    assert not [name for name in held if name.endswith(".po") or not name.startswith(("app/", "tatbiq-"))]


def test_from_it_a_directory_elsewhere_is_migrated_and_answers(wheel: Path, tmp_path: Path) -> None:
    """Unpacked and put before the repository; relative paths begin where the command is given."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    own = {name: value for name, value in os.environ.items() if not name.startswith("TATBIQ_")}
    code = (
        "from app import db; from app.config import ROOT, settings; from app.i18n import gettext;"
        "print(ROOT, settings().data_dir, gettext('fr', 'Meetings'), db.expected_revision())"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=tmp_path, env=own | {"PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True,
        )
        for arguments in (("-m", "app", "migrate"), ("-c", code))
    ]  # fmt: skip

    assert [done.returncode for done in ran] == [0, 0], ran
    shipped, data, word, revision = ran[1].stdout.split()
    assert (shipped, data, word) == (f"{tmp_path}/site/app/shipped", f"{tmp_path}/var/data", "Réunions")
    assert revision in ran[0].stdout
    assert (tmp_path / "var" / "data" / "tatbiq.db").exists()
