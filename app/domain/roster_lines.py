"""A list of bodies, posts and people as a spreadsheet saves it: its columns, its lines, and what is wrong with them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.errors import Refused
from app.domain.messages import N_, Message
from app.domain.texts import LANGS, Titles, one_line

COLUMNS = (
    *("organisation", "organisation_ar", "organisation_fr", "organisation_en", "region"),
    *("post", "post_ar", "post_fr", "post_en", "mailbox", "manager"),
    *("name", "email", "language"),
)
MOST_LINES = 500
MOST_BYTES = 256 * 1024
_LONGEST = 300
_FORMULA = "=+-@"  # what a spreadsheet would run instead of showing it
_YES, _NO = {"yes", "oui", "نعم", "1", "x"}, {"no", "non", "لا", "0"}


@dataclass(frozen=True)
class RosterLine:
    """One line with what it says; `number` is that of the file."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def titles(self, noun: str) -> Titles:
        return {lang: text for lang in LANGS if (text := self[f"{noun}_{lang}"])}

    def names(self, noun: str) -> bool:
        return bool(self[noun] or self.titles(noun))

    @property
    def is_manager(self) -> bool | None:
        """None where the line does not say."""
        said = self["manager"].lower()
        if said and said not in _YES | _NO:
            raise Refused(N_("“manager” says yes or no, or nothing"))
        return said in _YES if said else None


@dataclass(frozen=True)
class LineProblem:
    """Why a line is not taken, and how to mend it."""

    number: int
    message: Message


@dataclass
class RosterFile:
    lines: list[RosterLine] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


def parse(text: str) -> RosterFile:
    """The lines of the file and the problems of its form; empty lines are passed over."""
    found = RosterFile()
    rows = _rows(text, found)
    number, head = next(rows, (1, []))
    columns = [one_line(name).lower() for name in head]
    found.problems += [LineProblem(number, message) for message in _wrong_columns(columns)]
    if found.problems:
        return found
    for number, row in rows:
        if len(found.lines) == MOST_LINES:
            found.problems.append(LineProblem(number, _too_many()))
            break
        _enter(found, number, columns, row)
    found.problems += _contradictions(found.lines)
    return found


def _too_many() -> Message:
    return Message(N_("More than %(most)s lines: divide the file"), most=MOST_LINES)


def _rows(text: str, found: RosterFile) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line; separated by what the first line is separated by."""
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader, number = csv.reader(io.StringIO(text), delimiter=separator, strict=True), 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            found.problems.append(LineProblem(number, Message(N_("A quotation mark is not closed on this line"))))
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield number, row
        number = reader.line_num + 1


def _wrong_columns(columns: list[str]) -> Iterator[Message]:
    known = ", ".join(COLUMNS)
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            yield Message(N_("Unknown column “%(name)s”. Known are: %(known)s"), name=name or "?", known=known)
        elif columns.count(name) > 1:
            yield Message(N_("The column “%(name)s” stands there twice"), name=name)
    if not columns:
        yield Message(N_("The file is empty. Its first line names the columns: %(known)s"), known=known)


def _enter(found: RosterFile, number: int, columns: list[str], row: list[str]) -> None:
    extra = [cell for cell in row[len(columns) :] if cell.strip()]
    cells = {name: one_line(cell) for name, cell in zip(columns, row, strict=False)}
    message = _many_cells(len(row), len(columns)) if extra else next(_wrong_cells(cells), None)
    if message:
        found.problems.append(LineProblem(number, message))
    else:
        found.lines.append(RosterLine(number, cells))


def _many_cells(there: int, wanted: int) -> Message:
    text = N_("%(there)s cells, but %(wanted)s columns: put what holds a separator between quotation marks")
    return Message(text, there=there, wanted=wanted)


def _wrong_cells(cells: dict[str, str]) -> Iterator[Message]:
    for name, cell in cells.items():
        if cell[:1] in _FORMULA and cell:
            yield Message(N_("“%(name)s” begins with %(sign)s, like a formula: remove it"), name=name, sign=cell[0])
        if len(cell) > _LONGEST:
            yield Message(N_("“%(name)s” is longer than %(most)s characters"), name=name, most=_LONGEST)


def _contradictions(lines: list[RosterLine]) -> Iterator[LineProblem]:
    """Lines that say the same twice, or two things of one person."""
    seen: dict[frozenset[tuple[str, str]], int] = {}
    people: dict[str, RosterLine] = {}
    for line in lines:
        said = frozenset((name, cell) for name, cell in line.cells.items() if cell)
        if said in seen:
            yield LineProblem(line.number, Message(N_("The same as line %(other)s: remove one"), other=seen[said]))
        seen.setdefault(said, line.number)
        known = people.setdefault(line["email"].lower(), line) if line["email"] else line
        if (known["name"], known["language"]) != (line["name"], line["language"]):
            text = N_("Line %(other)s gives this address another name or language")
            yield LineProblem(line.number, Message(text, other=known.number))
