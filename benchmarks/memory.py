"""A mix of public pages with and without writing beside: what one write a second costs those who only read."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select
from starlette.types import ASGIApp, Message

from app.db import Database
from app.domain.permissions import Viewer
from app.domain.workflow import State
from app.main import create_app
from app.models.actions import Action
from app.models.meetings import Meeting, Programme
from app.models.people import Holding, Organisation
from app.models.recommendations import Recommendation
from app.queries.scope import viewers
from app.services.followup import updates
from app.services.kernel.audit import Actor

ADDRESSES, LANGS, SECONDS = 325, ("ar", "fr", "en"), 8
AIM = 3  # times what a read costs at rest
RATES = (240, None)  # reads a second; None: as many as there can be
_KINDS = ((Recommendation.ref, "recommendations", 150), (Action.ref, "actions", 100), (Meeting.slug, "meetings", 45),
          (Organisation.slug, "organisations", 25))  # fmt: skip


@dataclass(frozen=True)
class Row:
    """CPU milliseconds a request; `quiet` while nothing is written, `written` with one update a second."""

    name: str
    quiet: float
    written: float

    @property
    def ratio(self) -> float:
        return self.written / self.quiet


def rows(database: Database) -> list[Row]:
    """The mix through the application in this process: what a reader costs, at rest and while somebody writes."""
    with database.read() as session:
        paths = [f"/{lang}/{path}" for lang in LANGS for path in _addresses(session)]
    return asyncio.run(_measured(database, create_app(), paths))


def _addresses(session: Session) -> list[str]:
    """So many of each kind as a public record has of them, and the first pages."""
    first = ["", "meetings/", "about", "privacy", f"programmes/{session.exec(select(Programme.slug)).first()}"]
    for column, noun, most in _KINDS:
        model = column.class_  # type: ignore[attr-defined]
        shown = [model.is_public] if hasattr(model, "is_public") else []
        found = session.scalars(sa.select(column).where(*shown).order_by(model.id).limit(most))  # type: ignore[call-overload]
        first += [f"{noun}/{name}" for name in found]
    return first[:ADDRESSES]


async def _measured(database: Database, app: ASGIApp, paths: list[str]) -> list[Row]:
    for path in paths:  # all of them lie in memory
        await _ask(app, path)
    acting, measured = _acts(database), []
    for rate in RATES:
        quiet = await _mix(app, paths, rate, None)
        written = await _mix(app, paths, rate, acting)
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        measured.append(Row(f"{len(paths)} pages, {kind}, {rate or 'all it can'} reads/s", quiet, written))
    return measured


async def _mix(app: ASGIApp, paths: list[str], rate: int | None, acting: Iterator[None] | None) -> float:
    """CPU milliseconds a request, the writing itself taken off; page after page, so that what fell is asked for."""
    asked, writing, begun, spent = 0, 0.0, time.monotonic(), time.process_time()
    for second in range(1, SECONDS + 1):
        if acting:
            started = time.process_time()
            next(acting)
            writing += time.process_time() - started
        until = asked + rate if rate else None
        while time.monotonic() < begun + second and (until is None or asked < until):
            await _ask(app, paths[asked * 7 % len(paths)])
            asked += 1
        await asyncio.sleep(max(0.0, begun + second - time.monotonic()))
    return (time.process_time() - spent - writing) / asked * 1000


def _acts(database: Database) -> Iterator[None]:
    """One update after the other, each on another action, by who holds its post."""
    with database.read() as session:
        query = (
            sa.select(col(Action.id), col(Holding.person_id))
            .join(Holding, col(Holding.post_id) == col(Action.owner_post_id))
            .where(col(Action.state) == State.IN_PROGRESS, col(Action.is_public), col(Holding.until_on).is_(None))
        )
        found = session.execute(query.order_by(col(Action.id)).limit(200)).all()
    for action_id, person_id in found:
        with database.write() as session:
            viewer: Viewer | None = viewers.by_person(session, person_id)
            assert viewer
            updates.on_track(session, Actor(viewer), session.get_one(Action, action_id))
        yield


async def _ask(app: ASGIApp, path: str) -> None:
    status = 0

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000), "headers": [(b"host", b"127.0.0.1:8000"), (b"accept-encoding", b"gzip")],
    }  # fmt: skip
    await app(scope, receive, send)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
