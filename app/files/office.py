"""Office documents looked into: which kind they really are, unpacked under a count, without programs or entities."""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

from app.domain.documents import MEDIA_TYPES, FileKind
from app.domain.errors import Refused, UnknownKind
from app.domain.messages import N_

MOST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 3_000
_PIECE = 1 << 16
_BROKEN = N_("The document is damaged: it can't be opened. Save it again, or send it as a PDF.")
_BOMB = N_("The document unpacks to far more than it seems to be. Save it as a PDF and send that.")
_MACROS = N_("The document holds macros, which are not taken. Save it without them, or as a PDF.")
_ENTITIES = N_("The document fetches text from elsewhere, which is not taken. Save it as a PDF and send that.")
_LOCKED = N_("The document is locked by a password. Send it without one, or as a PDF.")
_WITHIN = N_("The document holds another archive or a program. Save it as a PDF and send that.")
UNKNOWN = N_("This kind of file is not taken. Send a PDF, a picture (JPEG, PNG, WebP) or an office document.")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (_OLE, b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_TYPES = "[Content_Types].xml"
_MACRO_TYPE = re.compile(r"macroEnabled|vbaProject", re.IGNORECASE)
_MACRO_PART = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml)$|^(Basic|Scripts)/.", re.IGNORECASE)
_MAIN = {
    f"{MEDIA_TYPES[kind]}.main+xml": kind for kind in (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX)
}  # fmt: skip
_ODF = {MEDIA_TYPES[kind]: kind for kind in (FileKind.ODT, FileKind.ODS)}


class _Budget:
    """How much may still be unpacked, whatever the sizes that the archive says."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Refused(_BOMB)


def kind(file: IO[bytes]) -> FileKind:
    """What the archive is. Raises UnknownKind for one that is no office document, Refused for one that is not taken."""
    return _looked(file, _Budget(), is_within=False)


def legacy(data: bytes) -> Refused:
    """Why a compound file is not taken: locked, or of a kind that is given up."""
    return Refused(_LOCKED) if "EncryptedPackage".encode("utf-16-le") in data else UnknownKind(UNKNOWN)


def _looked(file: IO[bytes], budget: _Budget, *, is_within: bool) -> FileKind:
    try:
        with zipfile.ZipFile(file) as archive:
            _require_plain(archive)
            found = _named_kind(archive)
            for member in archive.infolist():
                _unpack(archive, member, budget, is_within=is_within)
            return found
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, NotImplementedError) as error:
        raise Refused(_BROKEN) from error
    except (ValueError, RuntimeError, KeyError) as error:
        raise Refused(_BROKEN) from error


def _require_plain(archive: zipfile.ZipFile) -> None:
    """Nothing before, behind or beside its members; none that is locked, doubled or named into another folder."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if any(member.flag_bits & 0x41 for member in members):
        raise Refused(_LOCKED)
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Refused(_BOMB)
    starts = min((member.header_offset for member in members), default=1)
    if starts or archive.comment or len({name.lower() for name in names}) < len(names) or any(map(_leads_out, names)):
        raise Refused(_BROKEN)
    if any(_MACRO_PART.search(name) for name in names):
        raise Refused(_MACROS)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


def _named_kind(archive: zipfile.ZipFile) -> FileKind:
    names = set(archive.namelist())
    if _TYPES in names:
        types = _small(archive, _TYPES)
        if _MACRO_TYPE.search(types):
            raise Refused(_MACROS)
        found = next((kind for type_, kind in _MAIN.items() if f'"{type_}"' in types), None)
    else:
        found = _ODF.get(_small(archive, "mimetype").strip()) if "mimetype" in names else None
    if found is None:
        raise UnknownKind(UNKNOWN)
    return found


def _small(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as content:
        text = content.read(_PIECE * 16)
    return text.decode("utf-16" if text[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget, *, is_within: bool) -> None:
    name = member.filename.lower()
    with archive.open(member) as content:
        first = content.read(8)
        budget.spend(len(first))
        if first.startswith(b"PK\x03\x04"):
            _unpack_within(first + _rest(content, budget), name, budget, is_within=is_within)
        elif first.startswith(_PROGRAMS):
            raise Refused(_WITHIN)
        elif name.endswith((".xml", ".rels", ".rdf")):
            _parse(first, content, budget)
        else:
            while piece := content.read(_PIECE):
                budget.spend(len(piece))


def _unpack_within(data: bytes, name: str, budget: _Budget, *, is_within: bool) -> None:
    """The table behind a chart is a document itself; nothing else is, and it holds no further one."""
    if is_within or not name.endswith((".xlsx", ".docx", ".pptx")):
        raise Refused(_WITHIN)
    _looked(io.BytesIO(data), budget, is_within=True)


def _rest(content: IO[bytes], budget: _Budget) -> bytes:
    pieces = []
    while piece := content.read(_PIECE):
        budget.spend(len(piece))
        pieces.append(piece)
    return b"".join(pieces)


def _parse(first: bytes, content: IO[bytes], budget: _Budget) -> None:
    """Read to its end by a parser that stops at the first declaration of a document type: none of ours has one."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_entities
    piece = first
    while piece:
        parser.Parse(piece, False)
        piece = content.read(_PIECE)
        budget.spend(len(piece))
    parser.Parse(b"", True)


def _refuse_entities(*_: object) -> None:
    raise Refused(_ENTITIES)
