"""Nothing that the service writes may be opened by a neighbour on the machine, even where the umask forbids nothing."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import private
from app.config import ROOT

# Leaves without closing, so that the log and the shared memory of the database lie there as while it runs.
_LIFE = """
import os
os.umask(0)
from pathlib import Path
from app import db, demo, migrations
from app.config import settings
from app.services.upkeep import backups
migrations.to_head(settings().database)
database = db.init()
demo.load(database)
(settings().data_dir / "files").mkdir()
assert settings().key
backups.backup(database, settings().data_dir / "plain.tar.gz")
backups.backup(database, settings().data_dir / "keyed.tar.gz", with_key=True)
with database.write() as session:
    session.execute(__import__("sqlalchemy").text("UPDATE heartbeat SET epoch = epoch + 1"))
os._exit(0)
"""


def test_every_file_is_0600_and_every_directory_0700_whatever_the_umask(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "data"
    own = {name: value for name, value in os.environ.items() if not name.startswith("TATBIQ_")}
    environment = own | {"TATBIQ_DATA_DIR": str(home), "TATBIQ_DEMO": "1", "TATBIQ_SCHEDULER": "external"}
    done = subprocess.run([sys.executable, "-c", _LIFE], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    made = [tmp_path / "deep", *(tmp_path / "deep").rglob("*")]
    names = {path.name for path in made}
    wrong = [f"{path}: {_mode(path):o}" for path in made if _mode(path) != (0o700 if path.is_dir() else 0o600)]
    assert {"tatbiq.db", "tatbiq.db-wal", "tatbiq.db-shm", "secret.key", "plain.tar.gz", "keyed.tar.gz"} <= names
    assert [path for path in made if path.suffix == ".eml"]
    assert wrong == [f"{home / 'files'}: 777"]  # made by the test itself: what others make stays as it is


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o640])
def test_a_file_of_an_earlier_version_is_shut(tmp_path: Path, mode: int) -> None:
    old = tmp_path / "tatbiq.db"
    old.write_bytes(b"precious")
    old.chmod(mode)

    private.file(old)

    assert (_mode(old), old.read_bytes()) == (0o600, b"precious")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
