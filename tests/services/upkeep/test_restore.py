"""What somebody may do to an archive on its way: one clear line, and neither a row nor a file is written."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.config import settings
from app.db import Database
from app.models import metadata
from app.services.upkeep import backups
from app.services.upkeep.backups import UnfitArchive, manifest
from tests.fixtures.databases import Sqlite
from tests.fixtures.settings import Configure
from tests.services.upkeep.test_backups import fill

KEY = "a key of this service alone, 32 characters and more"
Members = dict[str, bytes]
Said = dict[str, Any]


@pytest.fixture
def archive(sqlite_backend: Sqlite, configure: Configure, tmp_path: Path) -> Iterator[Path]:
    """A backup of a small service with a file and a key."""
    configure(secret_key=KEY, data_dir=str(tmp_path / "source"))
    (tmp_path / "source" / "files").mkdir(parents=True)
    (tmp_path / "source" / "files" / "one.bin").write_bytes(b"\x00\x01")
    source = Database(sqlite_backend.make(migrated=True))
    fill(source)
    backups.backup(source, tmp_path / "all.tar.gz")
    source.dispose()
    configure(data_dir=str(tmp_path / "target"))
    yield tmp_path / "all.tar.gz"
    sqlite_backend.drop(str(source.url))


def test_the_archive_as_it_was_made_is_restored_and_authentic(database: Database, archive: Path) -> None:
    done = backups.restore(database, archive)

    assert done.checked is backups.Checked.AUTHENTIC
    assert (settings().data_dir / "files" / "one.bin").read_bytes() == b"\x00\x01"
    assert not list(settings().data_dir.glob(".restore-*"))


def _without_a_sum(_parts: Members, said: Said) -> None:
    said["members"] = [one for one in said["members"] if one["name"] != "tables/person.ndjson"]


def _without_a_table(parts: Members, said: Said) -> None:
    _without_a_sum(parts, said)
    del parts["tables/person.ndjson"]


def _one_more(parts: Members, _said: Said) -> None:
    parts["files/two.bin"] = b"not in the manifest"


def _named_twice(_parts: Members, said: Said) -> None:
    said["members"].append(said["members"][-1])


def _longer_than_said(parts: Members, _said: Said) -> None:
    parts["files/one.bin"] = b"\0" * 5_000_000


def _another_byte(parts: Members, _said: Said) -> None:
    parts["tables/programme.ndjson"] = parts["tables/programme.ndjson"].replace("برنامج".encode(), "برنامك".encode())


def _foreign(name: str, value: object) -> Callable[[Members, Said], None]:
    return lambda _parts, said: said.update({name: value})


def _out(name: str) -> Callable[[Members, Said], None]:
    def change(parts: Members, said: Said) -> None:
        parts[name] = b"evil"
        said["members"].append({"name": name, "size": 4, "sha256": hashlib.sha256(b"evil").hexdigest()})

    return change


def _row(old: str, new: str, table: str = "programme") -> Callable[[Members, Said], None]:
    def change(parts: Members, said: Said) -> None:
        name = f"tables/{table}.ndjson"
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
        for one in said["members"]:
            if one["name"] == name:
                one |= {"size": len(parts[name]), "sha256": hashlib.sha256(parts[name]).hexdigest()}

    return change


# What was done, and what the line has to say of it.
CHANGED: dict[str, tuple[Callable[[Members, Said], None], str]] = {
    "a table without a checksum": (_without_a_sum, "no checksum of tables/person"),
    "a table left out": (_without_a_table, "no checksum of tables/person"),
    "a member that the manifest does not name": (_one_more, "more than its manifest names"),
    "a member named twice": (_named_twice, "does not belong there"),
    "a member longer than it says": (_longer_than_said, "another length"),
    "a byte changed": (_another_byte, "differs from its checksum|another length"),
    "another revision": (_foreign("revision", "0000"), "of revision 0000"),
    "another format": (_foreign("format", 3), "its format is 3"),
    "a manifest of other kinds": (_foreign("members", {"tables": 1}), "its manifest says members"),
    "a field more": (_foreign("extra", 1), "its manifest says extra"),
    "a way up": (_out("files/../../evil"), "does not belong there"),
    "an absolute way": (_out("/tmp/evil"), "does not belong there"),
    "a name of its own": (_out(".env"), "does not belong there"),
    "a hidden file": (_out("files/.ssh/authorized_keys"), "does not belong there"),
    "a number that is a text": (_row('"id": 1', '"id": "1"'), "programme, line 1: id"),
    "a number too large": (_row('"id": 1', f'"id": {2**63}'), "programme, line 1: id"),
    "a truth that is a number": (_row('"is_public": false', '"is_public": 0', "meeting"), "meeting, line 1"),
    "an instant that is none": (_row('"created_at": "20', '"created_at": "xx'), "programme, line 1: created_at"),
    "a state that is none": (_row('"merged"', '"married"', "recommendation"), "recommendation, line 1: response"),
    "a column more": (_row('"id": 1', '"ix": 1, "id": 1'), "programme, line 1: not a row"),
    "what has to be there is empty": (_row('"slug": "', '"slug": null, "x": "'), "programme, line 1: not a row"),
    "a line that is no row": (_row('{"', '[{"'), "programme, line 1"),
    "a depth without end": (_row('{"', "[" * 100_000 + '{"'), "programme, line 1"),
    "a parent that is not there": (_row('"programme_id": 1', '"programme_id": 77', "meeting"), "the database refuses"),
}


@pytest.mark.parametrize("what", CHANGED)
@pytest.mark.parametrize("signer", ["nobody", "this service"])
def test_a_changed_archive_is_refused_whoever_signed_it(
    database: Database, archive: Path, configure: Configure, what: str, signer: str
) -> None:
    change, reason = CHANGED[what]
    rewrite(archive, change, KEY.encode() if signer == "this service" else None)
    if signer == "nobody":
        configure(secret_key="")

    assert_refused(database, archive, reason)


@pytest.mark.sqlite_only
def test_what_was_changed_and_given_new_checksums_is_found_by_the_signature(database: Database, archive: Path) -> None:
    original = read(archive)["manifest.mac"]
    rewrite(archive, _row("\u0628\u0631\u0646\u0627\u0645\u062c", "\u063a\u064a\u0631\u0647"), None, original)

    assert_refused(database, archive, "the signature of its manifest does not fit")


@pytest.mark.sqlite_only
def test_the_signature_taken_away_is_refused_where_there_is_a_key(database: Database, archive: Path) -> None:
    rewrite(archive, lambda *_: None, None)

    assert_refused(database, archive, "it is not signed")


@pytest.mark.sqlite_only
def test_another_key_is_refused_and_the_line_says_what_to_do(
    database: Database, archive: Path, configure: Configure
) -> None:
    configure(secret_key="another key, as long as that of the first one")

    assert_refused(database, archive, "TATBIQ_SECRET_KEY")


@pytest.mark.sqlite_only
def test_without_a_key_at_hand_it_is_restored_and_said(database: Database, archive: Path, configure: Configure) -> None:
    configure(secret_key="")

    assert backups.restore(database, archive).checked is backups.Checked.UNKNOWN


@pytest.mark.sqlite_only
def test_the_key_inside_is_enough_to_see_that_all_is_whole(
    database: Database, configure: Configure, tmp_path: Path
) -> None:
    fill(database)
    assert settings().key
    backups.backup(database, tmp_path / "with.tar.gz", with_key=True)
    target = tmp_path / "elsewhere"
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    from app import migrations

    migrations.to_head(url)
    configure(data_dir=str(target))
    done = backups.restore(Database(url), tmp_path / "with.tar.gz")
    assert done.checked is backups.Checked.BY_ITSELF
    assert (target / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("cut in half", "all.tar.gz"), ("its last bytes cut", "all.tar.gz"), ("empty", "all.tar.gz"),
        ("not a tar", "all.tar.gz"), ("a tar of something else", "manifest.json should be"), ("no gzip", "gzip"),
        ("a directory", "is not a file"), ("nowhere", "is not a file"), ("a link", "not a plain file"),
        ("a file with holes", "not a plain file"), ("a bomb", "unpacks to more"), ("a large manifest", "too large"),
        ("more than the disk holds", "left"),
    ],
)  # fmt: skip
def test_what_is_no_archive_is_refused(database: Database, archive: Path, kind: str, reason: str) -> None:
    spoil(archive, kind)

    assert_refused(database, archive, reason)


@pytest.mark.sqlite_only
def test_files_are_taken_back_when_the_commit_fails(
    database: Database, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError
    from sqlmodel import Session

    def full(_session: Session) -> None:
        assert (settings().data_dir / "files" / "one.bin").exists(), "files stand before the rows are committed"
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    monkeypatch.setattr(Session, "commit", full)

    assert_refused(database, archive, "disk full")


@pytest.mark.sqlite_only
def test_another_file_of_that_name_is_not_overwritten(database: Database, archive: Path) -> None:
    mine = settings().data_dir / "files" / "one.bin"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")

    with pytest.raises(UnfitArchive, match="is there already"):
        backups.restore(database, archive)
    assert mine.read_bytes() == b"mine"


def assert_refused(database: Database, path: Path, reason: str) -> None:
    with pytest.raises(UnfitArchive, match=reason) as refused:
        backups.restore(database, path)

    assert "\n" not in str(refused.value)
    with database.read() as session:
        assert not [table.name for table in metadata.sorted_tables if session.execute(sa.select(table)).first()]
    assert not [path for path in settings().data_dir.rglob("*") if path.is_file()]


def read(path: Path) -> Members:
    with tarfile.open(path) as old:
        return {member.name: old.extractfile(member).read() for member in old}  # type: ignore[union-attr]


def rewrite(path: Path, change: Callable[[Members, Said], None], key: bytes | None, mac: bytes | None = None) -> None:
    """The archive again with something changed, its manifest signed by `key` or with the signature `mac`."""
    parts = read(path)
    said = json.loads(parts.pop("manifest.json"))
    parts.pop("manifest.mac")
    change(parts, said)
    text = json.dumps(said).encode()
    head = {"manifest.json": text, "manifest.mac": mac or manifest.signed(text, key)}
    with tarfile.open(path, "w:gz") as new:
        for name, content in (head | parts).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))


def spoil(path: Path, kind: str) -> None:
    whole = path.read_bytes()
    if kind in {"a directory", "nowhere"}:
        path.unlink()
        path.mkdir() if kind == "a directory" else None
    elif kind == "more than the disk holds":
        rewrite(path, lambda _parts, said: said["members"][0].update(size=1 << 49), KEY.encode())
    elif kind in {"a tar of something else", "a link", "a file with holes", "a bomb", "a large manifest"}:
        _forge(path, kind)
    else:
        path.write_bytes(
            {
                "cut in half": whole[: len(whole) // 2], "its last bytes cut": whole[:-6], "empty": b"",
                "not a tar": gzip.compress(b"hello" * 1000), "no gzip": b"%PDF-1.7",
            }[kind]
        )  # fmt: skip


def _forge(path: Path, kind: str) -> None:
    parts = read(path)
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as new:
        first = tarfile.TarInfo("notes.txt" if kind == "a tar of something else" else "manifest.json")
        first.size = len(parts["manifest.json"])
        if kind == "a link":
            first.type, first.linkname, first.size = tarfile.SYMTYPE, "/etc/passwd", 0
        elif kind == "a file with holes":
            first.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40), "GNU.sparse.realsize": "9"}
        elif kind == "a bomb":
            first.pax_headers = {"comment": "0" * 300_000_000}
        elif kind == "a large manifest":
            first.size = 300_000_000
            new.addfile(first, _Zeros())  # type: ignore[arg-type]
            return
        new.addfile(first, io.BytesIO(parts["manifest.json"]))


class _Zeros:
    def read(self, size: int) -> bytes:
        return b"\0" * size
