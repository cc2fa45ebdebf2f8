"""An uploaded document looked at, by what it holds and not by its name; this runs in a child process."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

from app import private
from app.domain.documents import FileKind
from app.domain.errors import Refused, UnknownKind
from app.domain.messages import N_
from app.files import office, pictures
from app.files.room import room

_EMPTY = N_("The file is empty. Choose another one.")
_PDF = N_("The PDF is damaged or holds something else besides. Print it to a PDF again, and send that.")
_PROGRAM = N_("The PDF starts a program when it is opened, which is not taken. Print it to a PDF again.")
_TAIL = 1024
_STARTS = (b"/JavaScript", b"/Launch")
_PAGE = (b"<html", b"<script", b"<!doctype", b"<svg")
_PIECE = 1 << 20


class Inspected(NamedTuple):
    kind: FileKind
    size: int
    sha256: str


def look(source: str, target: str) -> Inspected:
    """Write what is kept of the source beside it, on the disk for good. Raises Refused with what to do instead."""
    data = Path(source).read_bytes()
    kind, kept = _kept(data)
    with room():
        private.write(Path(target), kept)
    return Inspected(kind, len(kept), hashlib.sha256(kept).hexdigest())


def digest(path: Path) -> str:
    """Of a file that may be long, in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _kept(data: bytes) -> tuple[FileKind, bytes]:
    if not data:
        raise Refused(_EMPTY)
    if data.startswith(b"%PDF-"):
        _require_pdf(data)
        return FileKind.PDF, data
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG, pictures.jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG, pictures.png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.WEBP, pictures.webp(data)
    if data.startswith(b"PK\x03\x04"):
        return office.kind(io.BytesIO(data)), data
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise office.legacy(data)
    raise UnknownKind(office.UNKNOWN)


def _require_pdf(data: bytes) -> None:
    """A PDF from its first byte to its last, and nothing else at the same time."""
    whole = data.rstrip(b"\0\t\n\x0c\r ")
    is_page = any(word in data[:_TAIL].lower() for word in _PAGE)
    if not whole.endswith(b"%%EOF") or is_page or zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused(_PDF)
    if any(word in data for word in _STARTS):
        raise Refused(_PROGRAM)
