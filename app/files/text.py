"""Bytes or pasted characters in, one clean text out: encoding, line ends, NFC; what is not text is refused in words."""

import codecs
import re
import unicodedata

from app.domain.errors import Refused
from app.domain.messages import Message
from app.files.readers import reader

MAX_REPORT_BYTES = 5 * 1024 * 1024
# The first bytes of what people upload instead of a text (file(1) knows them all; these are the ones that come).
_DOCUMENTS = (b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_BINARIES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
)
# The one-byte encodings of Arabic and French Windows machines: the only ones a report of these offices comes in.
_CODE_PAGES = ("cp1256", "cp1252")
_MAX_CHAOS = 0.2
# Control characters and lone surrogates can neither be shown nor stored.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_WRITING = re.compile("[\\n\\r\\t -~\\xa0-\\u024f\\u0600-\\u06ff\\u200b-\\u20bf\\ufeff]+")
_SAMPLE = 64 * 1024

_EMPTY = Message("The report is empty. Paste its text or choose another file.")
_DOCUMENT = Message("For now only plain text is accepted. Open the document, copy its text and paste it here.")
_BINARY = Message("This file is not text. Paste the text of the report, or choose a .txt file.")
_UNDECODABLE = Message("The encoding of this file is not recognised. Save it as UTF-8 text, or paste its text.")


def decode(data: bytes) -> str:
    """The text of an uploaded file: NFC, unix line ends; raises `Refused` with what to do instead."""
    _check_size(len(data))
    if data.startswith(_DOCUMENTS):
        raise Refused(_DOCUMENT, field="report")
    if data.startswith(_BINARIES):
        raise Refused(_BINARY, field="report")
    return clean_text(_unicode(data) if data else "")


def clean_text(text: str) -> str:
    """A pasted text under the same limits as a file."""
    _check_size(len(text.encode("utf-8", "surrogatepass")))
    if "\0" in text:
        raise Refused(_BINARY, field="report")
    unix = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    plain = unicodedata.normalize("NFC", _CONTROLS.sub("", unix))
    if not plain.strip():
        raise Refused(_EMPTY, field="report")
    return plain


def _unicode(data: bytes) -> str:
    wide = _utf16(data)
    if wide is not None:
        return wide
    if b"\0" in data:
        raise Refused(_BINARY, field="report")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _code_page(data)


def _utf16(data: bytes) -> str | None:
    """UTF-16 by its mark, or without one when every other byte of the beginning is of one small script."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Refused(_UNDECODABLE, field="report") from error
    if len(data) < 4 or len(data) % 2 or b"\0" not in data[:_SAMPLE]:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        if "\0" not in text and _is_plausible(text[:_SAMPLE]):
            return text
    return None


def _code_page(data: bytes) -> str:
    guess = reader("charsets").from_bytes(data, cp_isolation=list(_CODE_PAGES)).best()
    if guess is None or guess.chaos > _MAX_CHAOS:
        raise Refused(_UNDECODABLE, field="report")
    text = str(guess)
    if not _is_plausible(text[:_SAMPLE]):
        raise Refused(_UNDECODABLE, field="report")
    return text


def _is_plausible(text: str) -> bool:
    """Nearly all of it is Arabic or Latin writing: a code page turns any bytes into something, but not into this."""
    good = sum(map(len, _WRITING.findall(text)))
    letters = sum(map(str.isalpha, text))
    return good >= 0.97 * len(text) and letters >= 0.4 * len(text)


def _check_size(size: int) -> None:
    """Refuse what is larger than a report may be, before anybody spends work on it."""
    if size > MAX_REPORT_BYTES:
        raise Refused(
            "The report is larger than %(limit)s MB. Keep only the part that holds the recommendations.",
            field="report",
            limit=MAX_REPORT_BYTES // (1024 * 1024),
        )
