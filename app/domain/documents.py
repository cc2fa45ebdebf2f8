"""What a document may be: the kinds that are taken, under which name one is shown, and what can be found by others."""

import re
from enum import StrEnum

from app.domain import texts

MOST_BYTES = 20 * 1024 * 1024
_LONGEST_NAME = 120
_FORBIDDEN = re.compile(r'["*:<>?|;%]')


class FileKind(StrEnum):
    """Each is the ending of its files."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"


_OOXML, _ODF = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.DOCX: f"{_OOXML}.wordprocessingml.document",
    FileKind.XLSX: f"{_OOXML}.spreadsheetml.sheet",
    FileKind.PPTX: f"{_OOXML}.presentationml.presentation",
    FileKind.ODT: f"{_ODF}.text",
    FileKind.ODS: f"{_ODF}.spreadsheet",
}
# A phone that keeps its photos in a kind of its own sends a JPEG where JPEG is what is asked for.
_BY_TYPE = (FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.WEBP)
ACCEPT = ",".join(
    [*(MEDIA_TYPES[kind] for kind in _BY_TYPE), *(f".{kind}" for kind in FileKind if kind not in _BY_TYPE)]
)


def shown_name(name: str, kind: FileKind) -> str:
    """The name that a file came with, harmless in any folder and on any page, with the ending of what it really is."""
    last = texts.one_line(re.split(r"[/\\]", name)[-1])
    plain = _FORBIDDEN.sub("", last).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    known = bool(dot) and ending.lower() in {*FileKind, "jpeg"}
    return f"{(stem if known else plain).strip('. ')[:_LONGEST_NAME] or 'document'}.{kind}"


def is_findable(location: str) -> bool:
    """Whether others can look it up: an address, or the number of an official text."""
    return location.startswith(("https://", "http://")) or any(letter.isdecimal() for letter in location)
