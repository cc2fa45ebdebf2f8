"""Restored files on their way into the data directory: written and synced beside it, renamed, taken back on failure."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app import private
from app.services.upkeep.backups.archive import measured
from app.services.upkeep.backups.manifest import ArchiveMember, UnfitArchive


@contextmanager
def placing(scratch: Path, data_dir: Path, members: Sequence[ArchiveMember]) -> Iterator[Callable[[], None]]:
    """The block gets a function that renames the files into place; what fails after that takes them away again."""
    missing = [member for member in members if not _is_there(data_dir, member)]
    moved: list[Path] = []

    def put() -> None:
        for member in missing:
            target = data_dir / member.name
            private.directory(target.parent)
            (scratch / member.name).rename(target)
            moved.append(target)
        for folder in {path.parent for path in moved}:
            private.sync_directory(folder)

    try:
        yield put
    except BaseException:
        for path in moved:
            path.unlink(missing_ok=True)
        raise


def _is_there(data_dir: Path, member: ArchiveMember) -> bool:
    """The same bytes may lie there, from a restore that was cut off; others are not overwritten."""
    target = data_dir / member.name
    if not target.exists():
        return False
    with target.open("rb") as file:
        if measured(member.name, file).sha256 != member.sha256:
            raise UnfitArchive(f"another {target} is there already: restore into an empty data directory")
    return True
