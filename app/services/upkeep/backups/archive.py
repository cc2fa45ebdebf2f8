"""The archive's bytes: written member by member, read as a stream in which nothing is believed before it is counted."""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from app import private
from app.services.upkeep.backups.manifest import (
    KEY,
    MAC,
    MANIFEST,
    ArchiveMember,
    Checked,
    Manifest,
    UnfitArchive,
    check,
    read,
)

Told = Callable[[str, int], None]
_PIECE = 1 << 20
_MOST_MANIFEST = 1 << 27
_MOST_MAC = 200
_HEADS = 8 * 512  # of a member: its header, its padding and a long name in headers of its own
_END = 1 << 16  # blocks of zeros after the last one
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)


def add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    archive.addfile(info, content)


def measured(name: str, content: IO[bytes], rows: int | None = None) -> ArchiveMember:
    """Size and SHA-256 from the beginning, read in pieces: a table may be larger than memory."""
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := content.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    content.seek(0)
    return ArchiveMember(name=name, size=size, sha256=digest.hexdigest(), rows=rows)


def unpack(source: Path, into: Path, key: bytes | None, told: Told) -> tuple[Manifest, Checked]:
    """Every member into an empty directory, each as long and with the checksum that the signed manifest says."""
    with source.open("rb") as packed, gzip.GzipFile(fileobj=packed) as plain:
        counted = _Counted(plain, _MOST_MANIFEST)
        with tarfile.open(fileobj=counted, mode="r|") as archive:
            text = _small(archive, MANIFEST, _MOST_MANIFEST)
            mac = _small(archive, MAC, _MOST_MAC)
            manifest = read(text)
            checked = check(text, mac, key, None)
            _require_room(manifest, into)
            counted.left = manifest.size + _HEADS * (len(manifest.members) + 1) + _END
            for member in manifest.members:
                _unpack(archive, member, into)
                told(member.name, member.size)
            if archive.next() is not None:
                raise UnfitArchive("it holds more than its manifest names")
        while counted.read(_PIECE):  # to the end: the checksum of the compression stands there
            pass
    inner = into / KEY
    return manifest, check(text, mac, key, inner.read_bytes().strip()) if inner.exists() and not key else checked


class _Counted(io.RawIOBase):
    """A stream with an end: what unpacks to more than was said is a bomb."""

    def __init__(self, stream: gzip.GzipFile, left: int) -> None:
        self.stream, self.left = stream, left

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(min(size if size >= 0 else _PIECE, _PIECE))
        self.left -= len(piece)
        if self.left < 0:
            raise UnfitArchive("it unpacks to more than its manifest says")
        return piece


def _small(archive: tarfile.TarFile, name: str, most: int) -> bytes:
    member = _next(archive, name)
    if member.size > most:
        raise UnfitArchive(f"its {name} is too large")
    content = archive.extractfile(member)
    text = content.read() if content else b""
    if len(text) != member.size:
        raise UnfitArchive(f"it breaks off within {name}")
    return text


def _next(archive: tarfile.TarFile, name: str) -> tarfile.TarInfo:
    member = archive.next()
    archive.members = []  # type: ignore[attr-defined]
    if member is None:
        raise UnfitArchive(f"it ends before {name}")
    if member.name != name:
        raise UnfitArchive(f"it holds {member.name!r:.100} where {name} should be")
    if member.type not in _PLAIN or member.issparse():
        raise UnfitArchive(f"its {name} is not a plain file")
    return member


def _unpack(archive: tarfile.TarFile, said: ArchiveMember, into: Path) -> None:
    member = _next(archive, said.name)
    content = archive.extractfile(member)
    if member.size != said.size or content is None:
        raise UnfitArchive(f"{said.name} has another length than its manifest says")
    target, digest, size = into / said.name, hashlib.sha256(), 0
    private.directory(target.parent)
    with private.opened(target, "xb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        private.sync(file)
    if size != said.size:
        raise UnfitArchive(f"it breaks off within {said.name}")
    if digest.hexdigest() != said.sha256:
        raise UnfitArchive(f"{said.name} differs from its checksum")


def _require_room(manifest: Manifest, into: Path) -> None:
    free = shutil.disk_usage(into).free
    if manifest.size > free:
        raise UnfitArchive(f"it unpacks to {manifest.size:,} bytes and {os.fspath(into.parent)} has {free:,} left")
