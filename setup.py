"""What pyproject.toml can't say: templates and migrations stand at the top here, and in a wheel inside `app`."""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SHIPPED = ("templates", "alembic", "pyproject.toml")
sys.path.insert(0, str(ROOT))

from app.i18n import catalogues  # noqa: E402 - after the path it needs


class BuildPy(build_py):
    """`app/shipped` is known to app.config; a catalogue travels compiled, without its text."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            package = Path(self.build_lib) / "app"
            _ship(package / "shipped")
            _compile(package / "i18n" / "locale")


def _ship(target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.mako"))
        else:
            shutil.copy(ROOT / name, target)


def _compile(locale: Path) -> None:
    for lang in catalogues.TRANSLATED:
        folder = locale / lang / "LC_MESSAGES"
        (folder / "messages.mo").write_bytes(catalogues.compiled(lang))
        (folder / "messages.po").unlink(missing_ok=True)


setup(cmdclass={"build_py": BuildPy})
