"""Pictures without what a camera adds to them: place, time, owner, comments, and whatever stands after their end.

What it takes to show them stays: the colour profile, and which side is up.
"""

import struct
import zlib
from collections.abc import Iterator

from app.domain.errors import Refused
from app.domain.messages import N_

MOST_PIXELS = 100_000_000
_BROKEN = N_("The picture can't be read to its end. Save or send it again.")
_HUGE = N_("The picture has more points than can be shown. Make it smaller.")
_UP = 1
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"}
)
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_TOLD = 0x08 | 0x04  # the flags that promise EXIF and XMP
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def jpeg(data: bytes) -> bytes:
    """Segment by segment to the end of the picture."""
    kept, side, at, has_frame = [b"\xff\xd8"], _UP, 2, False
    while True:
        marker, end = _jpeg_segment(data, at)
        if marker == 0xD9:
            _require(has_frame)
            kept.append(b"\xff\xd9")
            break
        segment, body = data[at:end], data[at + 4 : end]
        if marker in _FRAMES:
            _require(len(body) >= 6)
            has_frame = True
            _require_size(*struct.unpack(">HH", body[1:5]))
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            side = _side(body[6:])
        elif _is_kept(marker, body):
            kept.append(segment)
        at = end
        if marker == 0xDA:
            at = _after_scan(data, end)
            kept.append(data[end:at])
    if side != _UP:
        told = b"Exif\0\0" + _exif(side)
        kept.insert(1, b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told)
    return b"".join(kept)


def _jpeg_segment(data: bytes, at: int) -> tuple[int, int]:
    """The marker at this place, and where its segment ends."""
    _require(data[at : at + 1] == b"\xff" and len(data) > at + 1)
    marker = data[at + 1]
    if marker == 0xD9:
        return marker, at + 2
    _require(marker >= 0xC0 and len(data) >= at + 4)
    end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    _require(at + 4 <= end <= len(data))
    return marker, end


def _is_kept(marker: int, body: bytes) -> bool:
    """No comment; of what applications add, what says how the colours are meant."""
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\0")
    return marker in {0xE0, 0xEE} or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _after_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        _require(0 <= at < len(data) - 1)
        if data[at + 1] == 0xFF:
            at += 1
        elif data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        else:
            at += 2


def png(data: bytes) -> bytes:
    """Chunk by chunk, each with its checksum, to the last."""
    kept, side = [_PNG_HEAD], _UP
    seen: set[bytes] = set()
    for name, body, whole in _png_chunks(data):
        _require((name == b"IHDR") == (not seen))
        seen.add(name)
        if name == b"IHDR":
            _require(len(body) == 13)
            _require_size(*struct.unpack(">II", body[:8]))
        if name == b"eXIf":
            side = _side(body)
        elif name in _PNG_KEPT:
            kept.append(whole)
    _require({b"IDAT", b"IEND"} <= seen)
    if side != _UP:
        told = b"eXIf" + _exif(side)
        kept.insert(2, struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told)))
    return b"".join(kept)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at, name = len(_PNG_HEAD), b""
    while name != b"IEND":
        _require(len(data) >= at + 12)
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        _require(end <= len(data))
        name, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        _require(zlib.crc32(data[at + 4 : end - 4]) == int.from_bytes(data[end - 4 : end], "big"))
        yield name, body, data[at:end]
        at = end


def webp(data: bytes) -> bytes:
    """Chunk by chunk to the length that it says it has."""
    kept, side, has_frame = [], _UP, False
    for name, body in _webp_chunks(data):
        if name == b"EXIF":
            side = _side(body.removeprefix(b"Exif\0\0"))
        elif name in _WEBP_KEPT:
            has_frame = has_frame or name in {b"VP8 ", b"VP8L", b"ANMF"}
            _require_size(*_webp_size(name, body))
            kept.append((name, body))
    _require(has_frame)
    is_turned = side != _UP and kept[0][0] == b"VP8X"
    if kept[0][0] == b"VP8X":
        flags = kept[0][1][0] & ~_WEBP_TOLD | (0x08 if is_turned else 0)
        kept[0] = b"VP8X", bytes([flags]) + kept[0][1][1:]
    if is_turned:
        kept.append((b"EXIF", _exif(side)))
    whole = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in kept)
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    _require(end <= len(data))
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        _require(at + 8 + size <= end)
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        _require(len(body) == 10)
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if name == b"VP8 ":
        _require(len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a")
        wide, high = struct.unpack("<HH", body[6:10])
        return wide & 0x3FFF, high & 0x3FFF
    if name == b"VP8L":
        _require(len(body) >= 5 and body[0] == 0x2F)
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 1, 1


def _side(tiff: bytes) -> int:
    """Which side is up, as a camera noted it; a note that makes no sense is none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(first + 2, first + 2 + 12 * min(count, 200), 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if (tag, kind) == (0x0112, 3):
                return value if 1 <= value <= 8 else _UP
    except struct.error:
        pass
    return _UP


def _exif(side: int) -> bytes:
    """A note of nothing but which side is up."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, side, 0, 0)


def _require_size(first: int, second: int) -> None:
    _require(first > 0 and second > 0)
    if first * second > MOST_PIXELS:
        raise Refused(_HUGE)


def _require(holds: bool) -> None:
    if not holds:
        raise Refused(_BROKEN)
