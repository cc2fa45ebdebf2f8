"""A calendar as iCalendar bytes (RFC 5545, 7986): all-day events, in nobody's way, the same for the same days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from app.domain.texts import one_line

MEDIA_TYPE = "text/calendar"
VERSION = 1  # rises with every change of what is written below
_PRODUCT = "-//Tatbiq//Calendar//EN"
_REFRESH = dt.timedelta(hours=6)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayEvent:
    """`lines`: what is told of it, a line each; `sequence` rises when the day moves."""

    uid: str
    on: dt.date
    summary: str
    lines: tuple[str, ...]
    url: str
    sequence: int
    changed_at: dt.datetime


def calendar(name: str, about: str, lang: str, events: Iterable[DayEvent]) -> bytes:
    """The library folds at 75 octets and escapes; it is loaded when the first calendar is asked for."""
    library = import_module("icalendar")
    whole = library.Calendar()
    for key, value in (("prodid", _PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN")):
        whole.add(key, value)
    # The older names beside those of RFC 7986; nothing is known of what begins with X, so it is given as text.
    for key, value in (("name", name), ("x-wr-calname", name), ("description", about), ("x-wr-caldesc", about)):
        whole.add(key, library.vText(one_line(value)))
    whole.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", library.vDuration(_REFRESH))
    for event in events:
        whole.add_component(_event(library, event, {"LANGUAGE": lang}))
    written: bytes = whole.to_ical(sorted=False)
    return written


def _event(library: Any, event: DayEvent, spoken: dict[str, str]) -> Any:
    made = library.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.changed_at)
    made.add("last-modified", event.changed_at)
    made.add("sequence", event.sequence)
    made.add("dtstart", event.on)
    made.add("dtend", event.on + _DAY)
    made.add("summary", one_line(event.summary), parameters=spoken)
    made.add("description", "\n".join(map(one_line, event.lines)), parameters=spoken)
    made.add("url", event.url)
    made.add("transp", "TRANSPARENT")
    return made
