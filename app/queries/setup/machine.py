"""What the machine tells without the database: room on the disk, zone tables, where mails go."""

import datetime as dt
import shutil
import zoneinfo
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from app.config import settings
from app.mail import relays

_WINTER = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)  # Morocco left UTC+01 on 2026-09-20


class Room(NamedTuple):
    free: int
    whole: int


class WayOut(NamedTuple):
    """`host` is empty where none is set; never what opens it."""

    host: str
    is_file: bool


def room() -> Room:
    """Of the disk that holds DATA_DIR, which may not be there yet."""
    home = settings().data_dir
    there = next(place for place in (home, *home.parents) if place.exists())
    found = shutil.disk_usage(there)
    return Room(found.free, found.total)


def zone_version() -> str:
    return metadata.version("tzdata")


def is_zone_right() -> bool:
    return _WINTER.astimezone(zoneinfo.ZoneInfo("Africa/Casablanca")).utcoffset() == dt.timedelta(0)


def relay() -> WayOut:
    if not settings().transport_url:
        return WayOut("", False)
    found = relays.read(settings().transport_url)
    return WayOut("-", True) if isinstance(found, Path) else WayOut(found.host, False)
