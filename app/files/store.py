"""Where uploaded files are kept: under random names, renamed into place before the row that names them is committed.

What a kill leaves behind is a file without a row, which is swept; never a row without its file.
"""

import datetime as dt
import secrets
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app import private
from app.config import settings
from app.domain.documents import MOST_BYTES, FileKind, shown_name
from app.domain.errors import Busy, Refused, TooLarge
from app.domain.messages import N_, Message
from app.files import child, documents
from app.files.room import room

FIELD = "evidence_file"
_PIECE = 1 << 20
AT_ONCE = 2
_LOOKERS = threading.BoundedSemaphore(AT_ONCE)  # each holds a whole file, and a copy of it
_LOOKER_SECONDS = 5.0
_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
_TOO_LARGE = N_("The file is larger than %(limit)s MB. Send a smaller one, or its address.")
_FAILED = N_("The file could not be looked into. Print it to a PDF and send that.")


@dataclass(frozen=True, eq=False)
class Arrived:
    """A file that was looked at and waits beside the store; gone when nobody has it any more."""

    key: str
    name: str
    kind: FileKind
    size: int
    sha256: str

    def keep(self) -> None:
        """Into the store, for good. Called within the transaction of its row, before the commit."""
        with room():
            private.directory(home())
            _waiting(self.key).rename(path(self.key))
            private.sync_directory(home())


def home() -> Path:
    """Among the files that every backup carries."""
    return within(settings().data_dir)


def within(data_dir: Path) -> Path:
    return data_dir / "files" / "evidence"


def incoming() -> Path:
    """On the same disk, but no part of a backup."""
    return settings().data_dir / "incoming"


def path(key: str) -> Path:
    return home() / key


def arrive(file: BinaryIO, name: str) -> Arrived:
    """Look at an upload, and keep what is kept of it. Raises Refused with what to do instead, for its field."""
    key = secrets.token_hex(16)
    source, target = incoming() / f"{key}.raw", _waiting(key)
    try:
        with _looking():
            private.directory(incoming())
            _copy(file, source)
            looked = child.run(
                documents.__name__, documents.look.__name__, str(source), str(target), died=Refused(_FAILED)
            )
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, Refused):
            error.field = FIELD
        raise
    finally:
        source.unlink(missing_ok=True)
    arrived = Arrived(key, shown_name(name, looked.kind), *looked)
    weakref.finalize(arrived, target.unlink, missing_ok=True)
    return arrived


def _waiting(key: str) -> Path:
    return incoming() / key


@contextmanager
def _looking() -> Iterator[None]:
    if not _LOOKERS.acquire(timeout=_LOOKER_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _LOOKERS.release()


def _copy(file: BinaryIO, target: Path) -> None:
    size = 0
    with room(), private.opened(target, "xb") as copy:
        file.seek(0)
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLarge(Message(_TOO_LARGE, limit=MOST_BYTES // (1024 * 1024)))
            copy.write(piece)


def forgotten(now: dt.datetime) -> list[str]:
    """Keys of stored files older than a day, for whoever knows which of them have a row."""
    return [file.name for file in _older(home(), now - _DAY)]


def remove(key: str) -> None:
    path(key).unlink(missing_ok=True)


def sweep_incoming(now: dt.datetime) -> int:
    """What a kill left on its way; how many there were."""
    left = list(_older(incoming(), now - _HOUR))
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def _older(folder: Path, than: dt.datetime) -> Iterator[Path]:
    if folder.is_dir():
        for file in folder.iterdir():
            if file.is_file() and file.stat().st_mtime < than.timestamp():
                yield file
