"""A person's own calendar: its key made, made anew, and taken back, by that person alone."""

import base64
import secrets

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import keys
from app.domain.errors import NotAllowed
from app.models.feeds import CalendarFeed
from app.models.people import Person
from app.queries.setup.feeds import LIVING
from app.services.kernel import audit
from app.services.kernel.audit import Actor


def make(session: Session, actor: Actor, person: Person) -> str:
    """The key, told this once and kept nowhere; the one before it opens nothing any more."""
    _require_own(actor, person)
    end(session, person.id)
    token = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    session.add(CalendarFeed(person_id=person.id, token_hash=keys.hashed(token), created_at=clock.now()))
    session.flush()
    audit.record(session, actor, "make_calendar", "person", person.id)
    return token


def revoke(session: Session, actor: Actor, person: Person) -> None:
    """Without one nothing happens: it is as asked for."""
    _require_own(actor, person)
    if end(session, person.id):
        audit.record(session, actor, "revoke_calendar", "person", person.id)


def end(session: Session, person_id: int) -> bool:
    """Whether there was one."""
    mine = sa.update(CalendarFeed).where(col(CalendarFeed.person_id) == person_id, LIVING)
    ended = session.connection().execute(mine.values(revoked_at=clock.now()))
    return bool(ended.rowcount)


def _require_own(actor: Actor, person: Person) -> None:
    if actor.person_id != person.id:
        raise NotAllowed
