"""What is measured on: made-up actions, made once a day for each size, copied for each side; and who is signed in."""

import datetime as dt
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db, migrations, synth
from app.config import ROOT
from app.db import Database
from app.domain.permissions import Role
from app.domain.workflow import State
from app.models.access import AuthSession
from app.models.actions import Action
from app.models.people import Holding, Organisation, Post, RoleGrant
from app.services.kernel.update_links import Bound
from benchmarks.client import Ask
from tests import scenes

SEED = 1
KEPT = ROOT / "var" / "bench"
WRITERS = 4
TOGETHER = 50
REGION = "OR"
_POSTS = 2
# A change that is shown on every page: pages in memory follow the log of such changes, and no other commit.
_TOUCH = """INSERT INTO public_change (xid, scopes) VALUES (0, '["all"]')"""


@dataclass(frozen=True)
class Case:
    """One line of the table; `stale`: something is committed before each request, so that no answer is kept."""

    name: str
    work: str  # whose statements the bare side runs
    ask: Ask
    aim: float | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class Scene:
    """A database with somebody of each kind signed in, keys in mails, and items that nobody writes to."""

    path: Path
    clean: str  # a public recommendation; no update that is measured is below it
    own: tuple[str, ...]  # actions of the holder, which the measured updates are about
    tokens: tuple[str, ...]  # a key for each of them
    body: str  # leads more than any other: its lists are full at every size
    together: tuple[str, ...]  # actions under way of one programme, to be changed in one go

    @property
    def cases(self) -> list[Case]:
        story = Ask(f"/ar/recommendations/{self.clean}")
        on_track = {"s": "on_track", "note": ""}
        news = {"s": "report", "note": "Vu en réunion", "public_summary": "Le guichet ouvre en mars"}
        paper = {"evidence_title": "Procès-verbal", "evidence_location": "2026/17"}
        room = f"/ar/workspace/actions/{self.own[1]}"
        return [
            Case("list of 50", "list", Ask("/ar/workspace/actions", cookie("secretariat")), 2),
            Case("update: on track", "update", Ask(f"/ar/u/{self.tokens[0]}", form=on_track, expected=303), 3),
            Case("update: news", "news", Ask(f"{room}/updates", cookie("owner"), news, 303), 3),
            Case("update: document", "document", Ask(f"{room}/evidence", cookie("owner"), paper, 303), 3),
            Case("story", "story", story, 2.5, is_stale=True),
            Case("overview", "overview", Ask("/ar/"), is_stale=True),
            Case("story, unchanged", "story", story),
            Case("overview, unchanged", "overview", Ask("/ar/")),
        ]


def cookie(name: str) -> dict[str, str]:
    return {"Cookie": f"tatbiq=benchmark-{name}", "Sec-Fetch-Site": "same-origin"}


def prepared(folder: Path, actions: int) -> Scene:
    path = folder / "tatbiq.db"
    shutil.copyfile(_kept(actions), path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        for role in (Role.SECRETARIAT, Role.VERIFIER, Role.ADMINISTRATOR):
            granted = sa.select(col(RoleGrant.person_id)).where(col(RoleGrant.role) == role)
            _sign_in(session, role, session.scalars(granted.limit(1)).one())
        own = _owned(session)
        holder = sa.select(col(Holding.person_id)).where(col(Holding.post_id) == own[0].owner_post_id)
        person_id = session.scalars(holder).one()
        _sign_in(session, "owner", person_id)
        until = clock.now() + dt.timedelta(days=20)
        tokens = tuple(scenes.issue(session, Bound(person_id, item.owner_post_id or 0, item.id), until) for item in own)
        _sign_in(session, "busy", _busy(session, besides=own[0].owner_post_id))
        _sign_in(session, "manager", _manager(session))
        _sign_in(session, "observer", _observer(session))
        _sign_in(session, "observer-region", _observer(session, REGION))
        clean = _clean(session, [item.recommendation_id for item in own])
        refs = tuple(item.ref for item in own)
        scene = Scene(path, clean, refs, tokens, _body(session), _together(session))
    database.dispose()
    return scene


def _owned(session: Session) -> list[Action]:
    """As many actions under way as there are writers, of one holder, each below a recommendation of its own."""
    under_way: Any = sa.select(Action).where(col(Action.state) == State.IN_PROGRESS, col(Action.is_public))
    first = session.scalars(under_way.order_by(col(Action.id)).limit(1)).one()
    found: dict[int, Action] = {}
    for item in session.scalars(under_way.where(col(Action.owner_post_id) == first.owner_post_id).limit(20 * WRITERS)):
        found.setdefault(item.recommendation_id, item)
    return list(found.values())[:WRITERS]


def _together(session: Session) -> tuple[str, ...]:
    under_way: Any = sa.select(col(Action.ref)).where(col(Action.state) == State.IN_PROGRESS)
    first = sa.select(sa.func.min(col(Action.programme_id))).scalar_subquery()
    found = under_way.where(col(Action.programme_id) == first).order_by(col(Action.id)).limit(TOGETHER)
    return tuple(session.scalars(found))


def _clean(session: Session, written: list[int]) -> str:
    """The reference of another recommendation with two public actions."""
    query = (
        sa.select(sa.func.min(col(Action.ref)))
        .where(col(Action.is_public), col(Action.recommendation_id).not_in(written))
        .group_by(col(Action.recommendation_id))
        .having(sa.func.count() > 1)
        .order_by(col(Action.recommendation_id))
    )
    ref: str = session.execute(query.limit(1)).scalar_one()
    return ref.rpartition(".")[0]


def _busy(session: Session, besides: int | None) -> int:
    """Somebody who holds so many posts that every section of what they owe is full, at every size."""
    mine = col(Action.owner_post_id)
    plain = sa.select(col(Post.id)).where(~col(Post.is_manager), col(Post.id) != besides)
    most = sa.select(mine).where(mine.in_(plain)).group_by(mine).order_by(sa.func.count().desc(), mine).limit(_POSTS)
    held = col(Holding.post_id).in_(session.scalars(most).all()), col(Holding.until_on).is_(None)
    person_id: int = session.scalars(sa.select(sa.func.min(col(Holding.person_id))).where(*held)).one()
    session.execute(sa.update(Holding).where(*held).values(person_id=person_id))
    return person_id


def _observer(session: Session, region: str | None = None) -> int:
    person_id = scenes.person(session, f"benchmark-observer-{region or 'all'}")
    programme_id: int = session.execute(sa.select(sa.func.min(col(Action.programme_id)))).scalar_one()
    session.add(
        RoleGrant(
            person_id=person_id, role=Role.OBSERVER, programme_id=programme_id, region=region, created_at=clock.now()
        )
    )
    return person_id


def _body(session: Session) -> str:
    return session.scalars(sa.select(col(Organisation.slug)).where(col(Organisation.id) == _LARGEST)).one()


def _manager(session: Session) -> int:
    """Who manages that organisation: a post of theirs is made where it has none."""
    body: int = session.execute(sa.select(_LARGEST)).scalar_one()
    seated = col(Holding.post_id) == col(Post.id), col(Holding.until_on).is_(None), col(Post.is_manager)
    query = sa.select(col(Holding.person_id)).where(*seated, col(Post.organisation_id) == body)
    person_id = session.scalars(query.limit(1)).first()
    if person_id is not None:
        return person_id
    person_id = scenes.person(session, "benchmark-manager")
    scenes.holds(session, person_id, scenes.post(session, "benchmark-manager", body, is_manager=True))
    return person_id


_LEAD = col(Action.lead_organisation_id)
# Leads more than any other.
_LARGEST = sa.select(_LEAD).group_by(_LEAD).order_by(sa.func.count().desc(), _LEAD).limit(1).scalar_subquery()


def _sign_in(session: Session, name: str, person_id: int | None) -> None:
    now = clock.now()
    session.add(
        AuthSession(
            token_hash=hashlib.sha256(f"benchmark-{name}".encode()).hexdigest(),
            person_id=person_id or 0,
            created_at=now,
            last_seen_at=now,
            expires_at=now + dt.timedelta(hours=8),
        )
    )


def touch(path: str) -> None:
    """One change beside the service."""
    with toucher(Path(path)) as change:
        change()


@contextmanager
def toucher(path: Path) -> Iterator[Callable[[], None]]:
    """Something to call that commits a change beside the service."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("PRAGMA synchronous=OFF")

        def touch() -> None:
            connection.execute(_TOUCH)

        yield touch


def _kept(actions: int) -> Path:
    """Made once a day for this revision of the tables."""
    path = KEPT / f"{db.expected_revision()}-{SEED}-{actions}-{clock.now():%Y%m%d}.db"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".partial")
        for leftover in [*KEPT.glob(f"{fresh.name}*"), *KEPT.glob(f"*-{SEED}-{actions}-*.db")]:
            leftover.unlink()
        migrations.to_head(f"sqlite:///{fresh}")
        database = Database(f"sqlite:///{fresh}")
        synth.make(database, actions, SEED, None, lambda _: None)
        database.dispose()  # the last connection leaves one whole file
        fresh.rename(path)
    return path
