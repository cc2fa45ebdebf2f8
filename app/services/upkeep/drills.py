"""The drill: an archive restored into scratch and looked over, as if the service had to begin again from it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app import config, migrations
from app.config import settings
from app.db import Database
from app.files import store
from app.services.upkeep import backups, evidence_files, integrity, record_heads
from app.services.upkeep.backups import Restored, UnfitArchive
from app.services.upkeep.backups.archive import measured
from app.services.upkeep.backups.manifest import KEY

Progress = Callable[[int], None]


@dataclass
class Drill:
    """What was seen, a line each, and what is missing or wrong."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def drill(source: Path, progress: Progress = lambda _: None) -> Drill:
    """Restore into a directory of its own that is gone afterwards; the settings' database and files are not touched.

    Of the settings only the secret key is asked for, to see who made the archive.
    """
    done, begun = Drill(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tatbiq-drill-") as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'tatbiq.db'}"
        migrations.to_head(url)
        database = Database(url)
        try:
            restored = backups.restore(database, source, data_dir=home, progress=lambda _, rows: progress(rows))
            done.lines += _told(source, restored)
            done.lines.append(f"restored    in {time.monotonic() - begun:.1f} s")
            done.faults += _missing(home, restored)
            _look(database, home, done)
        except UnfitArchive as error:
            done.faults.append(str(error))
        finally:
            database.dispose()
    return done


def _told(source: Path, restored: Restored) -> Iterator[str]:
    said = restored.manifest
    files = [member for member in said.placed if member.name.startswith("files/")]
    tables = [member for member in said.members if member.rows is not None]
    yield f"archive     {source}: version {said.version}, revision {said.revision}, taken {said.taken_at}"
    yield f"manifest    {restored.checked}"
    yield f"checksums   {len(said.members)} members, {said.size:,} bytes, all as the manifest says"
    yield f"rows        {said.rows:,} in {len(tables)} tables"
    yield f"files       {len(files)}"
    yield f"secret key  {'inside' if KEY in said.names else 'not inside: see that you have it elsewhere'}"


def _missing(home: Path, restored: Restored) -> Iterator[str]:
    """What should lie in the data directory and does not, or not as it was."""
    for member in restored.manifest.placed:
        path = home / member.name
        if not path.is_file():
            yield f"{member.name} is missing after the restore"
            continue
        with path.open("rb") as file:
            if measured(member.name, file).sha256 != member.sha256:
                yield f"{member.name} is not what was put into the archive"


def _look(database: Database, home: Path, done: Drill) -> None:
    """The record, and all that is derived, as `audit verify` and `check --deep` would."""
    key = config.known_key(settings()) or config.known_key(settings().model_copy(update={"data_dir": home}))
    outside = record_heads.outside(home, key)
    with database.snapshot() as session:
        verdict = integrity.verify(session, known=outside.known)
        differing = integrity.differences(session)
        differing += evidence_files.faults(session, store.within(home))
    done.lines.append(f"record      {verdict.events} events, {verdict.sealed} sealed, head {verdict.head}")
    done.lines.append(f"heads       {len(outside.known)} known outside the tables")
    done.lines.append(f"derived     {'all as it should be' if not differing else 'differs'}")
    done.lines += [f"note        {note}" for note in outside.notes]
    done.faults += [*outside.faults, *verdict.faults, *differing]
