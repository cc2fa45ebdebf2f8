"""One archive of everything: tables, files and a manifest with checksums; taken while running, restored into nothing.

Tables travel as lines of JSON, so that an archive of one kind of database restores into the other.
"""

import base64
import datetime as dt
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock, db
from app.config import VERSION, settings
from app.db import Database
from app.domain.errors import N_, Refused
from app.models import metadata
from app.models.base import UtcDateTime
from app.services.delivery import channel

_MANIFEST = "manifest.json"
_FILES = "files"
_KEY = "secret.key"
_BATCH = 500
Progress = Callable[[str, int], None]


def backup(database: Database, target: Path, *, with_key: bool = False, progress: Progress = lambda *_: None) -> int:
    """Write the archive beside its name, then rename it: a half-written one never has the name. Returns the rows."""
    if target.exists():
        raise Refused(N_("There is already a file at %(path)s: choose another name"), path=target)
    partial = target.with_name(f".{target.name}.partial")
    sums: dict[str, str] = {}
    rows = 0
    with tarfile.open(partial, "w:gz", compresslevel=3) as archive:
        with database.snapshot() as session:
            revision = db.revision(session)
            for table in metadata.sorted_tables:
                count, name = _add_table(archive, session, table, sums), f"tables/{table.name}.ndjson"
                rows += count
                progress(name, count)
        for path in _files():  # after the database: what a row names is there
            _add(archive, f"{_FILES}/{path.relative_to(_files_dir())}", path.read_bytes(), sums)
        if with_key:
            _add(archive, _KEY, settings().key, sums)
        manifest = {
            "version": VERSION,
            "revision": revision,
            "taken_at": clock.now().isoformat(),
            "rows": rows,
            "sha256": sums,
        }
        _add(archive, _MANIFEST, json.dumps(manifest, indent=1).encode(), {})
    with partial.open("rb") as written:
        _sync(written)
    partial.rename(target)
    return rows


def restore(database: Database, source: Path, *, progress: Progress = lambda *_: None) -> int:
    """Read the archive into an empty, migrated database, all or nothing. Returns the rows."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            return _restore(database, archive, progress)
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError) as error:
        raise Refused(N_("%(path)s is not a whole backup: %(error)s"), path=source, error=error) from error


def _restore(database: Database, archive: tarfile.TarFile, progress: Progress) -> int:
    manifest = json.loads(_read(archive, _MANIFEST))
    if manifest["revision"] != db.expected_revision():
        raise Refused(
            N_("The backup is of revision %(found)s, this version restores %(expected)s: use the version that made it"),
            found=manifest["revision"],
            expected=db.expected_revision(),
        )
    for name, expected in manifest["sha256"].items():
        if _sum(_open(archive, name)) != expected:
            raise Refused(N_("%(name)s differs from its checksum: the backup is damaged"), name=name)
    with database.write() as session:
        if any(
            session.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first() for t in metadata.sorted_tables
        ):
            raise Refused(N_("The target already holds something: restore into an empty one"))
        rows = sum(_load(session, archive, table, progress) for table in metadata.sorted_tables)
        channel.hold(session)  # what was queued then may have been sent since
    _restore_files(archive, manifest["sha256"])
    return rows


def _load(session: Session, archive: tarfile.TarFile, table: sa.Table, progress: Progress) -> int:
    count = 0
    lines = iter(_open(archive, f"tables/{table.name}.ndjson"))
    while batch := [_decoded(table, json.loads(line)) for line in islice(lines, _BATCH)]:
        session.execute(sa.insert(table), batch)
        count += len(batch)
    progress(table.name, count)
    if session.connection().dialect.name == "postgresql" and "id" in table.c and count:
        session.execute(
            sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")  # noqa: S608 - our own table names
        )
    return count


def _add_table(archive: tarfile.TarFile, session: Session, table: sa.Table, sums: dict[str, str]) -> int:
    count = 0
    order = list(table.primary_key.columns)
    with tempfile.TemporaryFile() as spool:
        for row in session.execute(
            sa.select(table).order_by(*order), execution_options={"yield_per": _BATCH}
        ).mappings():
            spool.write(json.dumps(_encoded(row), ensure_ascii=False).encode() + b"\n")
            count += 1
        _add_file(archive, f"tables/{table.name}.ndjson", spool, sums)
    return count


def _encoded(row: Any) -> dict[str, object]:
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _decoded(table: sa.Table, row: dict[str, Any]) -> dict[str, object]:
    return {key: _typed(table.c[key].type, value) for key, value in row.items()}


def _typed(kind: sa.types.TypeEngine[Any], value: Any) -> object:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return dt.date.fromisoformat(value)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, sa.Enum) and kind.enum_class:
        return kind.enum_class(value)
    return value


def _files_dir() -> Path:
    return settings().data_dir / _FILES


def _files() -> Iterator[Path]:
    return (path for path in sorted(_files_dir().rglob("*")) if path.is_file())


def _restore_files(archive: tarfile.TarFile, names: dict[str, str]) -> None:
    for name in names:
        if name.startswith(f"{_FILES}/") and ".." not in Path(name).parts:
            target = settings().data_dir / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_read(archive, name))
    if _KEY in names:
        target = settings().data_dir / _KEY
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(_read(archive, _KEY))


def _add(archive: tarfile.TarFile, name: str, content: bytes, sums: dict[str, str]) -> None:
    _add_file(archive, name, io.BytesIO(content), sums)


def _add_file(archive: tarfile.TarFile, name: str, content: IO[bytes], sums: dict[str, str]) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = content.seek(0, os.SEEK_END), 0o600
    sums[name] = _sum(content)
    content.seek(0)
    archive.addfile(info, content)


def _sum(content: IO[bytes]) -> str:
    """SHA-256 from the beginning, read in pieces: a table may be larger than memory."""
    content.seek(0)
    digest = hashlib.sha256()
    while piece := content.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _open(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    return _open(archive, name).read()


def _sync(written: IO[bytes]) -> None:
    os.fsync(written.fileno())
