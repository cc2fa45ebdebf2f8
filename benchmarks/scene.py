"""What is measured on: ten thousand actions, made once and kept, copied for each side; a session and a mailed key."""

import datetime as dt
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from app import clock, db, migrations, synth
from app.config import ROOT
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.access import AuthSession
from app.models.actions import Action
from app.models.notifications import Purpose
from app.models.people import Holding, RoleGrant
from app.services import update_links
from benchmarks.client import Ask

ACTIONS, SEED = 10_000, 1
KEPT = ROOT / "var" / "bench"
_SESSION = "benchmark-session"
_TOUCH = "INSERT OR REPLACE INTO heartbeat (name, at, epoch, detail) VALUES ('bench', '2026-01-01', 0, '{}')"


@dataclass(frozen=True)
class Case:
    """One line of the table; `stale`: something is committed before each request, so that no answer is kept."""

    name: str
    work: str  # whose statements the bare side runs
    ask: Ask
    aim: float | None = None
    is_stale: bool = False


def prepared(folder: Path) -> tuple[Path, list[Case]]:
    """A database in `folder` with somebody signed in and a key in a mail, and what is asked of it."""
    path = folder / "tatbiq.db"
    shutil.copyfile(_kept(), path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        now = clock.now()
        secretary = session.scalars(sa.select(col(RoleGrant.person_id)).where(col(RoleGrant.role) == Role.SECRETARIAT))
        session.add(
            AuthSession(
                token_hash=hashlib.sha256(_SESSION.encode()).hexdigest(),
                person_id=secretary.one(),
                created_at=now,
                last_seen_at=now,
                expires_at=now + dt.timedelta(hours=8),
            )
        )
        action = session.scalars(
            sa.select(Action).where(col(Action.state) == State.IN_PROGRESS, col(Action.is_public)).limit(1)
        ).one()
        holder = sa.select(col(Holding.person_id)).where(col(Holding.post_id) == action.owner_post_id)
        token = update_links.issue(
            session, session.scalars(holder).one(), action.owner_post_id or 0, action.id or 0, Purpose.REPORT,
            now + dt.timedelta(days=20),
        )  # fmt: skip
        reference = action.ref.rpartition(".")[0]
    database.dispose()
    return path, _cases(reference, token)


def _cases(reference: str, token: str) -> list[Case]:
    signed_in = {"Cookie": f"tatbiq={_SESSION}"}
    overview, story = Ask("/ar/"), Ask(f"/ar/recommendations/{reference}")
    return [
        Case("list of 50", "list", Ask("/ar/workspace/actions", signed_in), 2.5),
        Case("update", "update", Ask(f"/ar/u/{token}", form={"s": "on_track", "note": ""}, expected=303), 4.0),
        Case("story", "story", story, 3.0, is_stale=True),
        Case("overview", "overview", overview, 3.0, is_stale=True),
        Case("story, unchanged", "story", story),
        Case("overview, unchanged", "overview", overview),
    ]


@contextmanager
def toucher(path: Path) -> Iterator[Callable[[], None]]:
    """Something to call that commits a change beside the service."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("PRAGMA synchronous=OFF")

        def touch() -> None:
            connection.execute(_TOUCH)

        yield touch


def _kept() -> Path:
    """Made once a day for this revision of the tables."""
    path = KEPT / f"{db.expected_revision()}-{SEED}-{ACTIONS}-{clock.now():%Y%m%d}.db"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".partial")
        for leftover in KEPT.glob(f"{fresh.name}*"):
            leftover.unlink()
        migrations.to_head(f"sqlite:///{fresh}")
        database = Database(f"sqlite:///{fresh}")
        synth.make(database, ACTIONS, SEED, None, lambda _: None)
        database.dispose()  # the last connection leaves one whole file
        fresh.rename(path)
    return path
