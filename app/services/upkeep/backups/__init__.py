"""One archive of everything: tables, files and a signed manifest; taken while running, restored into nothing.

Tables travel as lines of JSON, so that an archive of one kind of database restores into the other.
"""

import gzip
import io
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session

from app import clock, config, db, private
from app.config import VERSION, settings
from app.db import Database
from app.domain.errors import Refused
from app.domain.messages import N_
from app.models import metadata
from app.services.mailing.delivery import channel
from app.services.upkeep.backups import archive, json_rows, manifest
from app.services.upkeep.backups.manifest import (
    FILES,
    FORMAT,
    HEADS,
    KEY,
    MAC,
    MANIFEST,
    ArchiveMember,
    Checked,
    Manifest,
    UnfitArchive,
)
from app.services.upkeep.backups.places import placing

__all__ = ["Checked", "Manifest", "Restored", "UnfitArchive", "backup", "restore"]
Progress = Callable[[str, int], None]
Part = tuple[ArchiveMember, Callable[[], IO[bytes]]]  # what it is, and how it is opened when its turn has come


class Restored(NamedTuple):
    manifest: Manifest
    checked: Checked

    @property
    def rows(self) -> int:
        return self.manifest.rows


def backup(database: Database, target: Path, *, with_key: bool = False, progress: Progress = lambda *_: None) -> int:
    """Write the archive beside its name, then rename it: a half-written one never has the name. Returns the rows."""
    if target.exists():
        raise Refused(N_("There is already a file at %(path)s: choose another name"), path=target)
    half = target.with_name(f".{target.name}.partial")
    half.unlink(missing_ok=True)
    try:
        with ExitStack() as spools, private.opened(half, "xb") as file:
            made = _write(database, file, _spool(spools, target.parent), with_key, progress)
            private.sync(file)
        half.rename(target)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    private.sync_directory(target.parent)
    return made


def restore(
    database: Database, source: Path, *, data_dir: Path | None = None, progress: Progress = lambda *_: None
) -> Restored:
    """Read the archive into an empty, migrated database and a data directory: all of it, or nothing at all."""
    home = data_dir or settings().data_dir
    if not source.is_file():
        raise UnfitArchive(f"{source} is not a file")
    try:
        with _scratch(home) as scratch:
            found, checked = archive.unpack(source, scratch, config.known_key(settings()), lambda *_: None)
            with placing(scratch, home, found.placed) as put, database.write() as session:
                _load(session, scratch, found, progress)
                put()  # before the commit: a row never names a file that is not there
    except UnfitArchive as error:
        raise UnfitArchive(f"{source} can't be restored, and nothing was written: {error}") from error
    except SQLAlchemyError as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        raise UnfitArchive(
            f"{source} can't be restored, and nothing was written: the database refuses: {reason}"
        ) from error
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise UnfitArchive(
            f"{source} can't be restored, and nothing was written: {error or 'it breaks off'}"
        ) from error
    return Restored(found, checked)


def _write(
    database: Database, file: IO[bytes], spool: Callable[[], IO[bytes]], with_key: bool, progress: Progress
) -> int:
    parts, revision = _tables(database, spool, progress)
    parts += [_part(str(Path(FILES) / path.relative_to(_files_dir())), path) for path in _files()]
    if (heads := settings().data_dir / HEADS).exists():
        parts.append(_part(HEADS, heads))
    if with_key:
        parts.append((archive.measured(KEY, io.BytesIO(settings().key)), lambda: io.BytesIO(settings().key)))
    members = [member for member, _ in parts]
    said = Manifest(
        format=FORMAT, version=VERSION, revision=revision, taken_at=clock.now().isoformat(), members=members
    )
    text = json.dumps(said.model_dump(exclude_none=True), indent=1).encode()
    mac = manifest.signed(text, config.known_key(settings()))
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=3, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as written,
    ):
        for name, small in ((MANIFEST, text), (MAC, mac)):
            archive.add(written, name, io.BytesIO(small), len(small))
        for member, opened in parts:
            with opened() as content:
                archive.add(written, member.name, content, member.size)
    return said.rows


def _tables(database: Database, spool: Callable[[], IO[bytes]], progress: Progress) -> tuple[list[Part], str]:
    """Every table of one moment, and the revision they are of."""
    parts: list[Part] = []
    with database.snapshot() as session:
        revision = db.revision(session) or ""
        for table in metadata.sorted_tables:
            lines = spool()
            count, name = json_rows.write(session, table, lines), manifest.table_member(table.name)
            parts.append((archive.measured(name, lines, count), partial(_again, lines)))
            progress(name, count)
    return parts, revision


def _again(lines: IO[bytes]) -> IO[bytes]:
    return lines


def _part(name: str, path: Path) -> Part:
    with path.open("rb") as content:
        return archive.measured(name, content), lambda: path.open("rb")


def _spool(spools: ExitStack, folder: Path) -> Callable[[], IO[bytes]]:
    """Files without a name beside the archive: gone with the process, whatever happens to it."""
    return lambda: spools.enter_context(tempfile.TemporaryFile(dir=folder))


def _load(session: Session, scratch: Path, found: Manifest, progress: Progress) -> None:
    if any(session.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first() for t in metadata.sorted_tables):
        raise UnfitArchive("the target already holds something: restore into an empty one")
    said = {member.name: member.rows for member in found.members}
    for table in metadata.sorted_tables:
        name = manifest.table_member(table.name)
        with (scratch / name).open("rb") as lines:
            count = json_rows.load(session, table, lines)
        if count != said[name]:
            raise UnfitArchive(f"{name} has {count} rows, its manifest says {said[name]}")
        progress(table.name, count)
    channel.hold(session)  # an older backup would send again what has left since it was taken


@contextmanager
def _scratch(home: Path) -> Iterator[Path]:
    """A directory beside what is restored: on the same disk, so that files are renamed and not copied."""
    private.directory(home)
    for left in home.glob(".restore-*"):  # by a restore that was cut off
        shutil.rmtree(left, ignore_errors=True)
    path = Path(tempfile.mkdtemp(dir=home, prefix=".restore-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _files_dir() -> Path:
    return settings().data_dir / FILES


def _files() -> Iterator[Path]:
    """Asked for after the database was read: what a row names is there."""
    return (path for path in sorted(_files_dir().rglob("*")) if path.is_file())
