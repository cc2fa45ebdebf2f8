"""Where this data directory is served: noted by `serve` while it runs, read by whoever writes links beside it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import config
from app.config import settings

_NOTE = "serving"
_LONGEST = 300


@contextmanager
def noted(directory: Path, address: str) -> Iterator[None]:
    """The lock on the note ends with its process, however that ends: what a killed one left behind is known by it.

    Where a second service runs on the same directory, the first one's note stays.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / _NOTE
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(descriptor, fcntl.LOCK_EX):
            yield
            return
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{address}\n".encode())
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def address(directory: Path) -> str:
    """The address of the service that runs on the directory now; empty when none does."""
    try:
        with (directory / _NOTE).open(encoding="utf-8") as file:
            return "" if _lock(file.fileno(), fcntl.LOCK_SH) else file.read(_LONGEST).strip()
    except OSError:
        return ""


def adopt() -> bool:
    """Links written by this process begin with the address that is served, unless the settings name one."""
    if settings().base_url:
        return True
    found = address(settings().data_dir)
    if found:
        config.override(base_url=found)
    return bool(found)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
