"""Getting in and out without passwords: a mailed challenge, the link or code that answers it, the session it opens."""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.config import settings
from app.domain import addresses
from app.domain.errors import Gone, NotFound, Refused
from app.domain.messages import N_
from app.domain.permissions import Viewer
from app.domain.texts import language_of
from app.models.access import AuthSession, FormOnce, SignIn
from app.models.people import Person
from app.models.updates import Via
from app.services.kernel import audit, limits, outbox
from app.services.kernel.audit import Actor
from app.services.kernel.limits import Limit
from app.services.kernel.outbox import Priority

MINUTES = 10  # a challenge lives so long from the sending of its mail
LONGEST = dt.timedelta(hours=12)  # a session, whatever happens in it
WRONG_CODES = 5
_USEFUL = dt.timedelta(minutes=30)  # a sign-in mail that leaves later helps nobody
_QUARTER = dt.timedelta(minutes=15)
_BY_CLIENT = Limit("sign-in", 20, _QUARTER)
_BY_ADDRESS = Limit("mail", 3, _QUARTER)
_WRONG_BY_CLIENT = Limit("code", 20, _QUARTER)
_DIGITS = 8


@dataclass(frozen=True)
class OpenedSession:
    """A session just opened: its key, told once, and where its owner wanted to go."""

    token: str
    next_path: str


def require_patience(session: Session, client: str) -> None:
    """Raises TooMany where this network has asked too often for a mail."""
    limits.require(session, _BY_CLIENT, limits.network(client))


def require_guesses(session: Session, client: str) -> None:
    """Raises TooMany where this network has typed too many wrong codes."""
    limits.require(session, _WRONG_BY_CLIENT, limits.network(client))


def is_answerable(session: Session, token: str) -> bool:
    """Whether a sign-in waits for this link."""
    waits = sa.and_(col(SignIn.link_hash) == _hashed(token), col(SignIn.used_at).is_(None))
    living = sa.select(col(SignIn.id)).where(waits, col(SignIn.expires_at) > clock.now())
    return session.scalars(living).first() is not None


def is_open(session: Session, token: str | None) -> bool:
    """Whether this is the key of a session."""
    mine = col(AuthSession.token_hash) == _hashed(token or "")
    return session.scalars(sa.select(col(AuthSession.id)).where(mine)).first() is not None


def request_sign_in(session: Session, email: str, next_path: str, client: str) -> str:
    """Send a challenge, if there is somebody to send it to; returns the handle that the code's form carries.

    An unknown, disabled or too often used address takes the same way: its statements are made and then undone.
    """
    network = limits.network(client)
    limits.require(session, _BY_CLIENT, network)
    limits.spend(session, _BY_CLIENT, network)
    address = addresses.email(email)
    known = sa.select(col(Person.id)).where(col(Person.email) == address, col(Person.is_active))
    person_id = session.scalars(known.with_for_update()).first()
    is_wanted = limits.spend(session, _BY_ADDRESS, address) and person_id is not None
    anybody = session.scalars(sa.select(sa.func.min(col(Person.id)))).first()
    handle = secrets.token_urlsafe(24)
    if anybody is not None:
        _challenge(session, person_id or anybody, handle, next_path, keep=is_wanted)
    return handle


def arm(session: Session, sign_in_id: int) -> tuple[str, str]:
    """The link's token and the code for the mail that leaves now; what an earlier mail said is void.

    Raises Gone when nobody needs them any more: the challenge was answered, or the person was disabled.
    """
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    living = sa.select(col(Person.id)).where(col(Person.id) == col(SignIn.person_id), col(Person.is_active))
    armed = session.execute(
        sa.update(SignIn)
        .where(col(SignIn.id) == sign_in_id, col(SignIn.used_at).is_(None), living.exists())
        .values(
            link_hash=_hashed(token),
            code_hash=_code_hash(sign_in_id, code),
            expires_at=clock.now() + dt.timedelta(minutes=MINUTES),
        )
        .returning(col(SignIn.id))
    )
    if armed.first() is None:
        raise Gone
    return token, f"{code[:4]} {code[4:]}"


def open_by_link(session: Session, token: str, replaced: str | None = None) -> OpenedSession | None:
    """Open a session by the mail's link; None when the link was used, has expired or never was."""
    found = session.scalars(_living().where(col(SignIn.link_hash) == _hashed(token))).first()
    return _open(session, found, Via.MAIL_LINK, replaced) if found else None


def open_by_code(
    session: Session, handle: str, code: str, client: str, replaced: str | None = None
) -> OpenedSession | None:
    """Open a session by the typed code; None when it is wrong. Wrong ones are counted, so commit after None too."""
    network = limits.network(client)
    limits.require(session, _WRONG_BY_CLIENT, network)
    found = session.scalars(_living().where(col(SignIn.handle) == handle)).first()
    typed = _code_hash(found.id if found else 0, "".join(str(int(c)) for c in code if c.isdecimal()))
    is_right = hmac.compare_digest(typed, (found and found.code_hash) or "")
    if found and is_right and found.wrong_codes < WRONG_CODES:
        return _open(session, found, Via.WORKSPACE, replaced)
    limits.spend(session, _WRONG_BY_CLIENT, network)
    if found:
        found.wrong_codes += 1
    return None


def open_as(session: Session, person_id: int, replaced: str | None = None) -> OpenedSession:
    """Step into the shoes of one of the cast; there is no such door outside the demo."""
    active = sa.select(col(Person.id)).where(col(Person.id) == person_id, col(Person.is_active))
    if not settings().demo or session.scalars(active).first() is None:
        raise NotFound
    return OpenedSession(begin(session, person_id, Via.WORKSPACE, replaced), "")


def issue_link(session: Session, actor: Actor, email: str) -> str:
    """A one-time address for whoever runs the service to hand over; for the first day, before any mail can leave."""
    known = sa.select(Person).where(col(Person.email) == email.strip().lower(), col(Person.is_active))
    person = session.scalars(known).first()
    if person is None:
        raise Refused(N_("There is no active person with the address %(email)s"), "email", email=email)
    sign_in_id = _insert(session, person.id, secrets.token_urlsafe(24), "")
    token, _ = arm(session, sign_in_id)
    audit.record(session, actor, "issue_link", "person", person.id)
    return f"{settings().base}/{language_of(person.locale)}/sign-in/link/{token}"


def seen(session: Session, session_id: int) -> None:
    """The session is in use: its idle time begins again."""
    session.execute(sa.update(AuthSession).where(col(AuthSession.id) == session_id).values(last_seen_at=clock.now()))


def sign_out(session: Session, token: str | None) -> None:
    """End the session of this key, if there is one."""
    ended = sa.delete(AuthSession).where(col(AuthSession.token_hash) == _hashed(token or ""))
    person_id = session.scalars(ended.returning(col(AuthSession.person_id))).first()
    if person_id is not None:
        audit.record(session, Actor(Viewer(person_id)), "sign_out", "person", person_id)


def end_sessions(session: Session, person_id: int) -> None:
    """Throw somebody out everywhere, and let no challenge under way bring them back."""
    session.execute(sa.delete(AuthSession).where(col(AuthSession.person_id) == person_id))
    open_ones = sa.and_(col(SignIn.person_id) == person_id, col(SignIn.used_at).is_(None))
    session.execute(sa.update(SignIn).where(open_ones).values(used_at=clock.now()))


def sweep(session: Session) -> int:
    """Forget what is over: sessions, challenges, attempts, forms nobody will send again; how many rows that were."""
    now = clock.now()
    yesterday = now - dt.timedelta(days=1)
    over = (
        sa.delete(AuthSession).where(col(AuthSession.expires_at) < now),
        sa.delete(SignIn).where(col(SignIn.created_at) < yesterday),
        sa.delete(FormOnce).where(col(FormOnce.at) < yesterday),
    )
    return sum(db.deleted(session, one) for one in over) + limits.sweep(session, yesterday)


def _challenge(session: Session, person_id: int, handle: str, next_path: str, *, keep: bool) -> None:
    with session.begin_nested() as attempt:
        sign_in_id = _insert(session, person_id, handle, next_path)
        outbox.enqueue(
            session,
            "sign_in",
            person_id,
            f"s{sign_in_id}",
            about=("sign_in", sign_in_id),
            expires_at=clock.now() + _USEFUL,
            priority=Priority.SIGN_IN,
        )
        if not keep:
            attempt.rollback()


def _insert(session: Session, person_id: int, handle: str, next_path: str) -> int:
    row = sa.insert(SignIn).values(
        handle=handle, person_id=person_id, next_path=next_path, created_at=clock.now(), wrong_codes=0
    )
    return session.scalars(row.returning(col(SignIn.id))).one() or 0


def _living() -> Any:
    """Challenges that may still be answered, by active people; locked, so that two answers come one after the other."""
    return (
        sa.select(SignIn)
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .where(col(SignIn.used_at).is_(None), col(SignIn.expires_at) > clock.now(), col(Person.is_active))
        .with_for_update(of=SignIn)
        .execution_options(populate_existing=True)
    )


def _open(session: Session, sign_in: SignIn, via: Via, replaced: str | None) -> OpenedSession:
    sign_in.used_at = clock.now()
    session.flush()
    return OpenedSession(begin(session, sign_in.person_id, via, replaced), sign_in.next_path)


def begin(session: Session, person_id: int, via: Via, replaced: str | None) -> str:
    """A new session under a new key; the one that the browser held before ends."""
    session.execute(sa.delete(AuthSession).where(col(AuthSession.token_hash) == _hashed(replaced or "")))
    token, now = secrets.token_urlsafe(32), clock.now()
    session.execute(
        sa.insert(AuthSession).values(
            token_hash=_hashed(token), person_id=person_id, created_at=now, last_seen_at=now, expires_at=now + LONGEST
        )
    )
    audit.record(session, Actor(Viewer(person_id), via), "sign_in", "person", person_id)
    return token


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hash(sign_in_id: int | None, code: str) -> str:
    """Keyed: eight digits alone are soon guessed by whoever holds a copy of the database."""
    return hmac.new(settings().key, f"sign-in|{sign_in_id}|{code}".encode(), hashlib.sha256).hexdigest()
