"""Files made by code: small good ones of every kind, and the bad ones that people and programs send."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ODF = "application/vnd.oasis.opendocument"
PLACE = b"33.9716 N 6.8498 W"


def exif(side: int = 6, more: bytes = PLACE) -> bytes:
    """As a camera writes it: little-endian, which side is up, and whatever else it knows."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, side, 0, 0) + more


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*more: bytes, wide: int = 8, high: int = 8, after: bytes = b"") -> bytes:
    """Enough of a picture for a reader of segments."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, high, wide, 1) + b"\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
    return b"".join([b"\xff\xd8", *more, segment(0xDB, b"\0" * 65), frame, scan, b"\xff\xd9", after])


def photo(side: int = 6) -> bytes:
    told = segment(0xE1, b"Exif\0\0" + exif(side))
    return jpeg(
        told, segment(0xFE, b"by Karim"), segment(0xE2, b"ICC_PROFILE\0\1\1colours"), after=b"<script>x</script>"
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more: bytes, wide: int = 2, high: int = 2, after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    points = chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *more, points, chunk(b"IEND", b""), after])


def webp(*more: tuple[bytes, bytes], flags: int = 0x0C) -> bytes:
    parts = [(b"VP8X", bytes([flags, 0, 0, 0]) + b"\1\0\0\1\0\0"), (b"VP8L", b"\x2f\1\x40\0\0"), *more]
    whole = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in parts)
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def zipped(members: Mapping[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return made.getvalue()


def docx(more: Mapping[str, bytes | str] | None = None, main: str = _MAIN, body: str = "<w/>") -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return zipped({"[Content_Types].xml": types, "word/document.xml": body} | dict(more or {}))


def xlsx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    return docx(more, _MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet"))


def odt(what: str = "text") -> bytes:
    return zipped({"mimetype": f"{_ODF}.{what}", "content.xml": "<office/>"})


def _bomb() -> bytes:
    return docx({"word/media/zeros.bin": b"\0" * (101 * 1024 * 1024)})


def _lying_bomb() -> bytes:
    """Says that it unpacks to nothing."""
    honest = bytearray(_bomb())
    at = honest.find(b"PK\x01\x02", honest.find(b"PK\x01\x02", honest.find(b"PK\x01\x02") + 4) + 4)
    honest[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(honest)


def _locked() -> bytes:
    made = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark)
        made[at + place] |= 1
    return bytes(made)


_XXE = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
_LAUGHS = '<!DOCTYPE w [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><w>&b;</w>'
_MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
BAD = {
    "empty": b"",
    "bomb": _bomb(),
    "bomb that says it is small": _lying_bomb(),
    "nested": docx({"word/embeddings/a.xlsx": xlsx({"xl/embeddings/b.xlsx": xlsx()})}),
    "archive within": docx({"word/media/a.zip": zipped({"a": "b"})}),
    "program within": docx({"word/embeddings/a.bin": b"MZ\x90\0program"}),
    "entity": docx(body=_XXE),
    "entity in UTF-16": docx({"word/a.xml": _XXE.replace("1.0", '1.0" encoding="utf-16').encode("utf-16")}),
    "laughs": docx({"word/a.rels": _LAUGHS}),
    "macro renamed": docx({"word/vbaProject.bin": b"x"}, _MACRO_MAIN),
    "macro without its type": docx({"word/vbaProject.bin": b"x"}),
    "macro of another house": zipped({"mimetype": f"{_ODF}.text", "Basic/Standard/a.xml": "<a/>"}),
    "leads out": docx({"../../outside.xml": "<a/>"}),
    "leads to the root": docx({"/etc/outside.xml": "<a/>"}),
    "locked": _locked(),
    "locked, of the maker": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "cut archive": docx()[:-30],
    "no XML": docx({"word/a.xml": "<a><b></a>"}),
    "PDF and archive": PDF + zipped({"a": "b"}) + b"%%EOF",
    "PDF in the comment of an archive": PDF + zipped({"a": "b"})[:-2] + struct.pack("<H", 6) + b"\n%%EOF",
    "PDF and page": PDF.replace(b"1 0 obj", b"<HTML><Script>alert(1)</script>", 1),
    "PDF that breaks off": PDF[:-8],
    "PDF that runs": PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript >> /Type"),
    "JPEG that breaks off": photo()[:-30],
    "JPEG without a picture": b"\xff\xd8\xff\xe0\0\4ab\xff\xd9",
    "JPEG without points": jpeg(wide=0),
    "PNG of a wall": png(wide=60_000, high=60_000),
    "PNG with a wrong sum": png()[:40] + b"\1" + png()[41:],
    "WebP that says it is longer": webp()[:4] + b"\xff\xff\0\0" + webp()[8:],
}
UNKNOWN = {
    "page": b"<!doctype html><script>alert(1)</script>",
    "program": b"MZ\x90\0",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "GIF": b"GIF89a\1\0\1\0",
    "archive": zipped({"a.txt": "a"}),
    "old document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument",
}
GOOD = {
    "pdf": PDF,
    "jpg": photo(),
    "png": png(),
    "webp": webp(),
    "docx": docx({"word/embeddings/table.xlsx": xlsx()}),
    "xlsx": xlsx(),
    "pptx": docx(main=_MAIN.replace("wordprocessingml.document", "presentationml.presentation")),
    "odt": odt(),
    "ods": odt("spreadsheet"),
}
