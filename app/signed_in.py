"""The words for routes that need somebody: who it is, and what is theirs. Public pages may not import this."""

import datetime as dt
import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app import clock, db
from app.config import settings
from app.deps import Lang
from app.domain.errors import Busy, NotFound, SignedOut
from app.domain.permissions import Role, Viewer, has_role
from app.queries.scope import viewers
from app.queries.scope.viewers import SignedIn
from app.routes import Later, later
from app.services.setup import access

T = TypeVar("T")
IDLE = dt.timedelta(minutes=30)
_PRIVILEGED = (Role.SECRETARIAT, Role.VERIFIER, Role.ADMINISTRATOR)
_SEEN_EVERY = dt.timedelta(minutes=1)


class SessionHolder(Later[SignedIn]):
    """Whoever holds the session's key; looked up once for a request."""

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._found: SignedIn | None = None

    def look(self, session: Session) -> SignedIn:
        if self._found is None:
            self._found = _signed_in(session, self._token)
        return self._found


async def _person(request: Request, _lang: Lang) -> SessionHolder:
    return SessionHolder(request.cookies.get(settings().cookie_name))


Whoever = Annotated[SessionHolder, Depends(_person)]  # for words that are made of it: nobody has been asked for yet


class _Item(Later[T]):
    """Something that a route is about, loaded through the person's own scope: judged by reading, taken with a lock."""

    def __init__(self, load: Callable[..., T], person: SessionHolder, names: list[str | int]) -> None:
        self._load, self._person, self._names = load, person, names

    def look(self, session: Session) -> T:
        return self._load(session, self._person.look(session).viewer, *self._names)

    def take(self, session: Session) -> T:
        return self._load(session, self._person.look(session).viewer, *self._names, lock=True)


class _Right(Later[None]):
    def __init__(self, require: Callable[[Viewer], object], person: SessionHolder) -> None:
        self._require, self._person = require, person

    def look(self, session: Session) -> None:
        self._require(self._person.look(session).viewer)


def item(load: Callable[..., Any], *names: str) -> Any:
    """What `load(session, viewer, *the path's parts of these names, lock=…)` finds, for a route that changes it."""

    def found(request: Request, person: Whoever) -> Later[Any]:
        return _Item(load, person, [_part(request, name) for name in names])

    return later(found)


def _part(request: Request, name: str) -> str | int:
    """A number where the name says so; that it is one the route itself declares."""
    part: str = request.path_params[name]
    if not name.endswith("_id"):
        return part
    if not part.isdecimal():
        raise NotFound
    return int(part)


def right(require: Callable[[Viewer], object]) -> Any:
    """`require(viewer)` raises where the route is not theirs: asked before any lock."""

    def judged(person: Whoever) -> Later[None]:
        return _Right(require, person)

    return later(judged)


def _signed_in(session: Session, token: str | None) -> SignedIn:
    if not token:
        raise SignedOut
    now = clock.now()
    person = viewers.by_session(session, hashlib.sha256(token.encode()).hexdigest(), now)
    if person is None or _is_idle(person, now):
        raise SignedOut
    if now - person.last_seen_at >= _SEEN_EVERY:
        # Where somebody else is writing it is noted with the next page: reading never waits for a writer.
        with suppress(Busy, OperationalError), db.current().write_at_once() as writing:
            access.seen(writing, person.session_id)
    return person


def _is_idle(person: SignedIn, now: dt.datetime) -> bool:
    return has_role(person.viewer, *_PRIVILEGED) and now - person.last_seen_at > IDLE
