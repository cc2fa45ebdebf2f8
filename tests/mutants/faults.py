"""The planted faults as data: what stands in the code, what it becomes, and the tests that must then fail."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).with_name("faults.toml")


class Rotten(Exception):
    """The code has moved on and the fault can't be planted as it is written."""


@dataclass(frozen=True)
class Fault:
    """`tests` are files or folders, narrow ones: they run for this fault alone."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    why: str

    def planted(self, text: str) -> str:
        """The text of the file with the fault in it; raises Rotten unless the place is found exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise Rotten(f"{self.name}: its place is found {found} times in {self.file}, not once")
        return text.replace(self.old, self.new)

    def checked(self, root: Path = ROOT) -> str:
        """The planted text of the file below `root`; raises Rotten also where the file or a test is gone."""
        for path in (self.file, *self.tests):
            if not (root / path).exists():
                raise Rotten(f"{self.name}: there is no {path}")
        return self.planted((root / self.file).read_text(encoding="utf-8"))


def load() -> list[Fault]:
    with FAULTS.open("rb") as file:
        rows = tomllib.load(file)["fault"]
    return [Fault(**row | {"tests": tuple(row["tests"])}) for row in rows]
