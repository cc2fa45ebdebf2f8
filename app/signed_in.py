"""The words for routes that need somebody: CurrentPerson and what follows from it. Public pages may not import this."""

import datetime as dt
import hashlib
from typing import Annotated

from fastapi import Depends, Request

from app import clock, db
from app.config import settings
from app.deps import Lang, Reading
from app.domain.errors import SignedOut
from app.domain.permissions import Role, has_role
from app.queries import viewers
from app.queries.viewers import SignedIn
from app.services import access
from app.services.audit import Actor

IDLE = dt.timedelta(minutes=30)
_PRIVILEGED = (Role.SECRETARIAT, Role.VERIFIER, Role.ADMINISTRATOR)
_SEEN_EVERY = dt.timedelta(minutes=1)


def _current(request: Request, lang: Lang, session: Reading) -> SignedIn:
    """Looked up in the session that the page reads with; one that will write has no use for it any more."""
    token = request.cookies.get(settings().cookie_name)
    if not token:
        raise SignedOut
    now = clock.now()
    person = viewers.by_session(session, hashlib.sha256(token.encode()).hexdigest(), now)
    if request.method not in {"GET", "HEAD"}:
        session.close()
    if person is None or _is_idle(person, now):
        raise SignedOut
    if now - person.last_seen_at >= _SEEN_EVERY:
        with db.current().write() as writing:
            access.seen(writing, person.session_id)
    return person


def _is_idle(person: SignedIn, now: dt.datetime) -> bool:
    return has_role(person.viewer, *_PRIVILEGED) and now - person.last_seen_at > IDLE


def _actor(person: Annotated[SignedIn, Depends(_current)]) -> Actor:
    return Actor(person.viewer)


CurrentPerson = Annotated[SignedIn, Depends(_current)]
CurrentActor = Annotated[Actor, Depends(_actor)]
