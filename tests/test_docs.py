"""The words around the product say what is there: commands, addresses, links. Settings are held by test_house."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from starlette.types import ASGIApp
from typer.core import TyperCommand, TyperGroup, TyperOption

from app import cli
from app.config import ROOT, VERSION
from tests.registry import registered

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_FENCED = re.compile(r"^```.*?^```", re.M | re.S)
# Joined from pieces, so that this file does not hold what it looks for.
_OF_A_MACHINE = re.compile("|".join(["/work" + "/main", "/work" + "/shared", "/tmp" + "/tatbiq", r"/home" + r"/\w+/"]))
_OF_A_REGISTRY = re.compile(r"https?://[\w.-]*(?:artifactory|nexus|pythonhosted|pypi\.|npmjs|verdaccio)", re.I)


def test_every_command_and_option_is_explained_and_no_other() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    sections = {part.split("`")[0]: part for part in text.split("### `tatbiq ")[1:]}
    commands = dict(_commands(typer.main.get_command(cli.command())))
    explained = {" ".join(word for word in name.split() if word.islower()): part for name, part in sections.items()}

    assert sorted(explained) == sorted(commands)
    for name, command in commands.items():
        options = {parameter.opts[0] for parameter in command.params if isinstance(parameter, TyperOption)}
        assert set(re.findall(r"^\| `(--[\w-]+)`", explained[name], re.M)) == options - {"--help"}, name


@pytest.mark.sqlite_only
def test_every_address_is_listed_and_no_other(application: ASGIApp) -> None:
    text = (ROOT / "docs" / "addresses.md").read_text()
    listed = re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \|", text, re.M)

    assert {(method, path) for path, methods in listed for method in methods.split(", ")} == registered(application)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = [one or other for one, other in _LINK.findall(_FENCED.sub("", page.read_text()))]

    assert not [link for link in links if "://" not in link and not _leads_somewhere(page, link)]


def test_the_changes_begin_with_this_version() -> None:
    first = re.search(r"^## (\S+),", (ROOT / "CHANGELOG.md").read_text(), re.M)

    assert first
    assert first[1] == VERSION


def test_every_decision_is_dated() -> None:
    paragraphs = (ROOT / "docs" / "decisions.md").read_text().split("\n\n")
    texts = [text for text in paragraphs[2:] if not text.startswith("#")]

    assert not [text[:60] for text in texts if not re.match(r"\*\*\d{4}-\d\d-\d\d · .+\*\*", text.replace("\n", " "))]


def test_the_officials_page_says_the_same_in_three_languages() -> None:
    """The same sections and the same table of reminders: whoever adds to one adds to all."""
    shapes = {
        name: (len(_HEADING.findall(text)), text.count("\n|"), text.count("\n- "))
        for name in ("officials.md", "officials.fr.md", "officials.ar.md")
        if (text := (ROOT / "docs" / name).read_text())
    }

    assert len(set(shapes.values())) == 1, shapes


def test_nothing_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in _tracked().items()
        for pattern in (_OF_A_MACHINE, _OF_A_REGISTRY)
        if (match := pattern.search(text))
    ]

    assert not found


def _commands(command: object, path: str = "") -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperCommand):
        yield path.strip(), command
    elif isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _commands(inner, f"{path} {name}")


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in map(_anchor, _HEADING.findall(target.read_text())))


def _anchor(heading: str) -> str:
    """As the usual renderers make it: lower case, punctuation gone, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@cache
def _tracked() -> dict[str, str]:
    """Every file under version control that is text; the files as they stand where there is no repository."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listing.stdout.split("\0") if name]
    texts = {}
    for name in names:
        try:
            texts[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
    return texts
