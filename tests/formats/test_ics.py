"""Calendars as bytes: read back by the library, and held line by line to what RFC 5545 says, whatever was typed."""

import datetime as dt
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.texts import one_line
from app.formats.ics import DayEvent, calendar
from tests import calendars

WHEN = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
ON = dt.date(2026, 12, 31)
letters = st.sampled_from('ابجدهوزحطي ءأإ،؛؟ abcXYZ éèœ 0123,;:\\"\n\r\t\u2028\u0085\x0b\x00=?-_/😀🇲🇦\u202e')
typed = st.text(letters, max_size=200)


def event(**changes: object) -> DayEvent:
    plain: dict[str, object] = {
        "uid": "action-1@example.ma", "on": ON, "summary": "الأجل: دليل", "lines": ("FM-2024-03.2", "Guide"),
        "url": "https://suivi.example.ma/ar/actions/FM-2024-03.2", "sequence": 3, "changed_at": WHEN,
    }  # fmt: skip
    return DayEvent(**(plain | changes))  # type: ignore[arg-type]


def lines(raw: bytes) -> list[str]:
    """Unfolded by hand (RFC 5545, 3.1), after what every physical line is held to."""
    assert raw.endswith(b"\r\n")
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None, "a bare line end"
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert 0 < len(line) <= 75, line
        line.decode()  # no letter is split between two lines
    whole = raw.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", whole)
    return whole.split("\r\n")


def value(found: list[str], name: str) -> str:
    """Of the one line of that name, its text escapes undone (3.3.11)."""
    [line] = [line for line in found if re.match(rf"{name}[;:]", line)]
    text = re.sub(r'^[^:"]*(?:"[^"]*"[^:"]*)*:', "", line)
    assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", text), "a comma or semicolon that is not escaped"
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def test_a_day_is_an_event_of_the_whole_day_that_takes_nobodys_time() -> None:
    found = lines(calendar("آجالي", "Pas un rappel.", "ar", [event()]))

    assert (found[0], found[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    for line in (
        "VERSION:2.0", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "TRANSP:TRANSPARENT", "SEQUENCE:3",
        "UID:action-1@example.ma", "DTSTAMP:20261123T090000Z", "LAST-MODIFIED:20261123T090000Z", "NAME:آجالي",
        "X-WR-CALNAME:آجالي", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "SUMMARY;LANGUAGE=ar:الأجل: دليل",
        "URL:https://suivi.example.ma/ar/actions/FM-2024-03.2",
    ):  # fmt: skip
        assert line in found
    assert not [line for line in found if line.startswith(("BEGIN:VALARM", "METHOD", "BEGIN:VTIMEZONE"))]


@settings(max_examples=300, deadline=None)
@given(typed, typed)
@example("Guide\r\nEND:VEVENT\r\nBEGIN:VEVENT", "x")
@example("a;b,c\\d\\n", 'quoted "x": y')
@example("ش" * 200, "😀" * 60)
def test_whatever_is_typed_stays_in_its_line_and_comes_back(title: str, name: str) -> None:
    raw = calendar(name, "about; it", "fr", [event(summary=title, lines=("FM-1", title))])
    found = lines(raw)

    assert [line for line in found if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    inside = found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT")]
    assert value(inside, "SUMMARY") == one_line(title)
    assert value(inside, "DESCRIPTION") == f"FM-1\n{one_line(title)}"
    [one] = calendars.events(raw)
    assert str(one["SUMMARY"]) == one_line(title)
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (ON, ON + dt.timedelta(days=1))


def test_the_same_days_are_the_same_bytes() -> None:
    assert calendar("a", "b", "ar", [event()]) == calendar("a", "b", "ar", [event()])


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_a_calendar_without_days_is_one_all_the_same(lang: str) -> None:
    raw = calendar("Rien", "Rien", lang, [])

    assert calendars.events(raw) == []
    assert "PRODID:-//Tatbiq//Calendar//EN" in lines(raw)
