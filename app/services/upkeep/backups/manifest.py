"""The manifest of an archive: what is in it, how long and with which checksum; signed, and first in the archive."""

import json
import re
from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app import config, db
from app.domain.errors import Refused
from app.models import metadata
from app.services.upkeep import signatures

MANIFEST, MAC, KEY, HEADS = "manifest.json", "manifest.mac", config.KEY_FILE, config.HEADS_FILE
FILES = "files"
FORMAT = 2
MOST_MEMBERS = 500_000
_PURPOSE = "backup manifest"
_FILE = re.compile(rf"{FILES}(/[A-Za-z0-9_-][\w.-]*)+", re.ASCII)


class UnfitArchive(Refused):
    """The archive can't be restored; the reason in one line of English, for whoever sits at the shell."""


class Checked(StrEnum):
    """What is known of who made the archive; a signature that doesn't fit is `Unfit`."""

    AUTHENTIC = "the manifest is signed with this service's secret key"
    BY_ITSELF = "the manifest is signed with the key inside the archive: it is whole, but anybody can have made it"
    UNKNOWN = "who made it could not be checked: there is no secret key here and none in the archive"
    UNSIGNED = "who made it could not be checked: it was made where no secret key was, and is not signed"


class ArchiveMember(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    name: str = Field(max_length=400)
    size: int = Field(ge=0, le=1 << 50)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    rows: int | None = Field(default=None, ge=0)


class Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    format: int
    version: str = Field(max_length=40)
    revision: str = Field(max_length=40)
    taken_at: str = Field(max_length=40)
    members: list[ArchiveMember] = Field(max_length=MOST_MEMBERS)

    @property
    def rows(self) -> int:
        return sum(member.rows or 0 for member in self.members)

    @property
    def size(self) -> int:
        return sum(member.size for member in self.members)

    @property
    def names(self) -> list[str]:
        return [member.name for member in self.members]

    @property
    def placed(self) -> list[ArchiveMember]:
        """What goes into the data directory."""
        return [member for member in self.members if not member.name.startswith("tables/")]


def table_member(name: str) -> str:
    return f"tables/{name}.ndjson"


def read(text: bytes) -> Manifest:
    """Raises Unfit for what this version doesn't restore: another format or revision, tables or names not its own."""
    try:
        said = json.loads(text)
        found = said if isinstance(said, dict) else {}
        if found.get("format") != FORMAT:
            raise UnfitArchive(f"its format is {str(found.get('format'))[:20]}, this version reads {FORMAT}")
        manifest = Manifest.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise UnfitArchive(f"its manifest says {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise UnfitArchive(f"its manifest can't be read: {str(error)[:200]}") from error
    if manifest.revision != db.expected_revision():
        raise UnfitArchive(
            f"it is of revision {manifest.revision} (version {manifest.version}), this version restores "
            f"{db.expected_revision()}: restore it with the version that made it"
        )
    _require_known(manifest.names)
    return manifest


def signed(text: bytes, key: bytes | None) -> bytes:
    return f"{signatures.name(key)} {signatures.sign(key, _PURPOSE, text)}\n".encode() if key else b""


def check(text: bytes, mac: bytes, key: bytes | None, inner: bytes | None) -> Checked:
    """`key`: what this service has; `inner`: what the archive brings. A signature that doesn't fit raises Unfit."""
    if not mac:
        if key is None:
            return Checked.UNSIGNED
        raise UnfitArchive(
            "it is not signed, and this service has a secret key: only where there is none it may be restored"
        )
    trusted = key or inner
    if trusted is None:
        return Checked.UNKNOWN
    made_by, _, signature = mac.decode("ascii", "replace").strip().partition(" ")
    if made_by != signatures.name(trusted):
        raise UnfitArchive(
            "it was signed with another secret key than this service has: set TATBIQ_SECRET_KEY to the one it was made "
            f"with, or move {KEY} out of the data directory"
        )
    if not signatures.fits(trusted, _PURPOSE, text, signature):
        raise UnfitArchive("the signature of its manifest does not fit: it was changed after it was made")
    return Checked.AUTHENTIC if key else Checked.BY_ITSELF


def _require_known(names: Iterable[str]) -> None:
    listed = list(names)
    twice = {name for name in listed if listed.count(name) > 1} if len(set(listed)) < len(listed) else set()
    tables = {table_member(table.name) for table in metadata.sorted_tables}
    if missing := sorted(tables - set(listed)):
        raise UnfitArchive(f"its manifest has no checksum of {missing[0]}")
    strange = [name for name in listed if name not in tables | {KEY, HEADS} and not _FILE.fullmatch(name)]
    if twice or strange:
        raise UnfitArchive(f"its manifest names {sorted(twice or strange)[0]!r:.100}, which does not belong there")
