"""The days that calendars show: what falls on them, how far back and ahead they reach, and how they are said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.domain.messages import N_, Message
from app.domain.texts import Titles

BACK, AHEAD = timedelta(days=90), timedelta(days=731)
MOST = 2_000  # of one calendar


class DayKind(StrEnum):
    """What falls on the day."""

    MEETING = "meeting"
    ACTION = "action"
    PART = "part"
    MILESTONE = "milestone"
    TARGET = "target"
    VALUE = "value"


_SAID = {
    DayKind.ACTION: N_("Deadline: %(title)s"),
    DayKind.PART: N_("Deadline of your part: %(title)s"),
    DayKind.MILESTONE: N_("Milestone: %(title)s"),
    DayKind.TARGET: N_("Target day: %(title)s"),
    DayKind.VALUE: N_("Value awaited: %(title)s"),
}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """`key`: what it is among its kind, for ever; `version` rises when the day moves; `path` follows the language."""

    kind: DayKind
    key: str
    on: date
    titles: Titles
    path: str
    changed_at: datetime
    version: int = 0
    ref: str = ""
    about: tuple[Titles, ...] = ()  # where it belongs: a line each

    @property
    def uid(self) -> str:
        return f"{self.kind}-{self.key}".lower()


class Reach(NamedTuple):
    first: date
    last: date


def reach(today: date) -> Reach:
    return Reach(today - BACK, today + AHEAD)


def said(kind: DayKind, title: str) -> Message | str:
    """What stands in the square of the day. A meeting's title says itself what it is; the others are told apart."""
    return title if kind is DayKind.MEETING else Message(_SAID[kind], title=title)


def shown(days: list[CalendarDay]) -> list[CalendarDay]:
    """In their order; of too many the nearest come first, so that the far end falls off."""
    return sorted(days, key=lambda day: (day.on, day.uid))[:MOST]
