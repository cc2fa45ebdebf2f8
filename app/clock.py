"""The only code that reads the clock; a pass, the demo and the tests set it for what they run."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import overload

_instant: ContextVar[dt.datetime | None] = ContextVar("instant", default=None)


def now() -> dt.datetime:
    """This instant, aware, in UTC."""
    return _instant.get() or dt.datetime.now(dt.UTC)


def today(zone: dt.tzinfo) -> dt.date:
    """The date that people in `zone` would write now."""
    return day(now(), zone)


@overload
def day(moment: dt.datetime, zone: dt.tzinfo) -> dt.date: ...
@overload
def day(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.date | None: ...
def day(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.date | None:
    """The date that people in `zone` wrote at an instant, if there was one."""
    return moment.astimezone(zone).date() if moment else None


def start(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The instant, in UTC, at which a day begins in `zone`."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone).astimezone(dt.UTC)


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Within the block every clock of this thread shows `instant`."""
    token = _instant.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _instant.reset(token)
