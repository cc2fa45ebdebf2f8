"""Calendars read by the library, as its types say nothing of what stands in an event."""

from typing import Any

import icalendar


def events(raw: bytes) -> list[Any]:
    whole: Any = icalendar.Calendar.from_ical(raw)
    return list(whole.walk("VEVENT"))
