"""What a pass has done, in numbers; which jobs there are is the table's."""

from collections import Counter
from dataclasses import dataclass, field, fields


@dataclass
class Summary:
    """What a pass has done, in the words of `tatbiq tick`."""

    planned: int = 0
    superseded: int = 0
    skipped: int = 0
    sent: int = 0
    retried: int = 0
    dead: int = 0
    uncertain: int = 0
    failed: tuple[str, ...] = ()  # the jobs that raised, each with what it said
    other: Counter[str] = field(default_factory=Counter)  # for the log alone

    def add(self, other: "Summary") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def counts(self) -> dict[str, int]:
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in {"failed", "other"}}

    def __str__(self) -> str:
        return " ".join(f"{name}={count}" for name, count in self.counts.items())


class Unfinished(Exception):
    """A job that broke down, with what it had done by then."""

    def __init__(self, done: Summary) -> None:
        self.done = done
