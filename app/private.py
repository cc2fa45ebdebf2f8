"""Files and directories that only the service's own user may open, whatever the umask; not what stands in them."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_OTHERS = 0o077


def directory(path: Path) -> None:
    """Make it, and whatever is missing above it, 0700; what is there already stays as its owner wants it."""
    for missing in reversed([place for place in (path, *path.parents) if not place.exists()]):
        with suppress(FileExistsError):
            missing.mkdir(mode=0o700)


def file(path: Path) -> None:
    """See that it is there, 0600. Never opens what exists: closing it would free the locks that SQLite holds on it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        found = path.stat()
        if found.st_mode & _OTHERS and found.st_uid == os.geteuid():
            path.chmod(0o600)


def opened(path: Path, mode: str) -> BinaryIO:
    """Open it to write, "xb" or "ab": 0600 if this makes it."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))  # type: ignore[return-value]


def write(path: Path, content: bytes) -> None:
    """A new file, still there after a power cut once its directory is synced too."""
    with opened(path, "xb") as new:
        new.write(content)
        sync(new)


def sync(written: BinaryIO) -> None:
    written.flush()
    os.fsync(written.fileno())


def sync_directory(path: Path) -> None:
    """Names made, renamed or removed in it outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
