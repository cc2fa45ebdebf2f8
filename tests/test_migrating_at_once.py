"""Several processes migrate one empty database at the same moment: each ends well, and the tables are there once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import migrations
from app.config import ROOT

pytestmark = pytest.mark.slow
# Each says that it is ready and waits for the word: all begin together, whatever their start takes.
_PROCESS = """
import sys
from app.cli import command
print("ready", flush=True)
sys.stdin.readline()
command()(["migrate"])
"""


def test_all_of_four_that_migrate_at_once_from_empty_end_well(empty_url: str, tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("TATBIQ_")}
    environment = own | {"TATBIQ_DATABASE_URL": empty_url, "TATBIQ_DATA_DIR": str(tmp_path / "data")}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("now\n")
        process.stdin.flush()
    ended = [(*process.communicate(timeout=120), process.returncode) for process in running]

    assert [code for _, _, code in ended] == [0] * 4, "\n".join(err[-500:] for _, err, _ in ended)
    assert len({out for out, _, _ in ended}) == 1
    migrations.compare(empty_url)
