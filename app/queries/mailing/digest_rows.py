"""What a week is made of: sections with the first rows of each, and how many there are; no statement."""

import datetime as dt
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from app.domain.digest_shapes import ROWS, SECTIONS, DigestShape
from app.domain.digests import Window
from app.domain.messages import Message
from app.domain.texts import Titles
from app.domain.verbs import Verb
from app.domain.workflow import State


@dataclass(frozen=True, slots=True)
class OwedPart:
    """What a supporting post owes of an action: its own part."""

    post_id: int
    state: State
    due_on: dt.date | None
    titles: Titles


@dataclass(frozen=True, slots=True)
class AskedTime:
    """More time that a post asks for."""

    asker: Titles
    to_on: dt.date


@dataclass(frozen=True, slots=True)
class EmptyPost:
    """A post without a holder, and how much waits for one."""

    titles: Titles
    open: int


@dataclass(frozen=True)
class DigestRows:
    """The first rows of a section in order, and how many it has; `news`: what happened to them, `came`: how."""

    ids: tuple[int, ...] = ()
    total: int = 0
    news: Mapping[int, Verb] = field(default_factory=dict)
    came: Mapping[int, Message] = field(default_factory=dict)  # of what was recorded on behalf
    parts: Mapping[int, OwedPart] = field(default_factory=dict)  # of the actions that are owed as a support
    asked: Set[int] = frozenset()  # about which the secretariat has a question
    times: Mapping[int, AskedTime] = field(default_factory=dict)
    posts: Mapping[int, EmptyPost] = field(default_factory=dict)  # the rows are posts


@dataclass(frozen=True, slots=True)
class ObservedFigures:
    """How far it is: recommendations implemented, or (of one organisation) actions verified; `scope`: of what."""

    scope: str
    done: int
    of: int
    is_of_actions: bool = False
    before: int | None = None  # done when the week before was told, of as many
    of_before: int | None = None

    @property
    def has_moved(self) -> bool:
        return self.before is not None and (self.before, self.of_before) != (self.done, self.of)


@dataclass(frozen=True)
class Week:
    """The sections of all shapes; those that are not the reader's own stay empty."""

    overdue: DigestRows = DigestRows()
    due: DigestRows = DigestRows()
    waiting: DigestRows = DigestRows()
    changed: DigestRows = DigestRows()
    body_requests: DigestRows = DigestRows()
    body_blocked: DigestRows = DigestRows()
    body_overdue: DigestRows = DigestRows()
    body_due: DigestRows = DigestRows()
    vacant: DigestRows = DigestRows()  # of posts
    body_changed: DigestRows = DigestRows()
    verification: DigestRows = DigestRows()
    requests: DigestRows = DigestRows()
    silence: DigestRows = DigestRows()
    failures: DigestRows = DigestRows()  # of messages
    stuck: DigestRows = DigestRows()
    long_overdue: DigestRows = DigestRows()
    moved: DigestRows = DigestRows()
    figures: ObservedFigures | None = None
    told: Set[int] = frozenset()  # actions in its sections, those that are only counted included

    def of(self, shape: DigestShape) -> dict[str, DigestRows]:
        found = {name: getattr(self, name) for name in SECTIONS[shape]}
        return {name: rows for name, rows in found.items() if rows.total}

    @property
    def is_empty(self) -> bool:
        has_moved = self.figures is not None and self.figures.has_moved
        return not has_moved and not any(map(self.of, DigestShape))

    @property
    def action_ids(self) -> set[int]:
        """Those that are told with words."""
        rows = [found for shape in DigestShape for name, found in self.of(shape).items() if name not in _NO_ACTIONS]
        return {action_id for found in rows for action_id in found.ids}

    def joined(self, other: "Week") -> "Week":
        """The sections of both; of each section one has nothing."""
        mine = {name: getattr(self, name) for name in _SECTIONS}
        theirs = {name: rows for name in mine if (rows := getattr(other, name)).total}
        return Week(**(mine | theirs), figures=other.figures or self.figures, told=self.told | other.told)


_NO_ACTIONS = frozenset({"failures", "vacant"})
_SECTIONS = frozenset(name for names in SECTIONS.values() for name in names)


@dataclass(frozen=True, slots=True)
class DigestReader:
    """Of whom a week is told, on which day, and from when to when."""

    person_id: int
    today: dt.date
    window: Window


def first(rows: Iterable[tuple[Any, ...]], **beside: Any) -> DigestRows:
    """Of rows as posts owe them; `beside`: what else is known of these actions."""
    found = list(rows)
    shown = found[:ROWS]
    parts = {row[0]: OwedPart(row[4], State(row[1]), row[2], row[5]) for row in shown if row[4]}
    return DigestRows(tuple(row[0] for row in shown), len(found), parts=parts, **beside)
