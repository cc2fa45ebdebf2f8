"""Invitations by mail: asked, sent again, withdrawn, accepted; nothing is theirs before they accept."""

import datetime as dt
import secrets
from typing import Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import addresses
from app.domain.errors import DomainError, NotAllowed, Refused
from app.domain.messages import N_
from app.domain.permissions import Role, Viewer
from app.models.access import Invitation
from app.models.people import Person, Post
from app.models.updates import Via
from app.queries.scope import locks, viewers
from app.queries.setup.invitations import hashed, waits
from app.services.kernel import audit, outbox
from app.services.kernel.audit import SERVICE, Actor
from app.services.setup import access, people, posts, roles
from app.services.setup.access import OpenedSession

LIFETIME = dt.timedelta(days=7)  # from the sending of its mail
MOST = 5  # mails to one person


class Wish(TypedDict, total=False):
    """Who is invited, and to what: a role, a post, or both."""

    name: Required[str]
    email: Required[str]
    locale: str
    role: Role | None
    programme_id: int | None
    post: Post | None


def invite(session: Session, actor: Actor, **wish: Unpack[Wish]) -> Invitation:
    """Whoever could give the role or the post at once may offer it; until it is accepted the person has no access."""
    role, post, programme_id = wish.get("role"), wish.get("post"), wish.get("programme_id")
    if role is None and post is None:
        raise Refused(N_("Choose the role or the post to which you invite"), "role")
    if post is not None:
        posts.require_reach(session, actor, post)
    if role is not None:
        roles.require_grantable(session, actor, role, programme_id)
    elif programme_id is not None:
        raise Refused(N_("A post belongs to no programme: leave the programme out"), "programme_id")
    guest = _guest(session, actor, wish)
    invited = Invitation(
        person_id=guest.id, invited_by_id=actor.person_id, role=role, programme_id=programme_id,
        post_id=post.id if post else None, created_at=clock.now(),
    )  # fmt: skip
    session.add(invited)
    session.flush()
    _send(session, invited)
    _record(session, actor, "invite", invited)
    return invited


def again(session: Session, actor: Actor, invited: Invitation) -> None:
    """Another mail with another key; the one before opens nothing any more."""
    _require_open(invited)
    if invited.sendings >= MOST:
        raise Refused(N_("It was sent five times already: withdraw it, and ask the person in another way"))
    invited.sendings += 1
    invited.token_hash = invited.expires_at = None
    session.flush()
    _send(session, invited)
    _record(session, actor, "invite_again", invited)


def withdraw(session: Session, actor: Actor, invited: Invitation) -> None:
    """The key opens nothing any more, and a mail that has not left stays here."""
    _require_open(invited)
    invited.withdrawn_at, invited.token_hash = clock.now(), None
    session.flush()
    _record(session, actor, "withdraw_invitation", invited)


def arm(session: Session, invitation_id: int, token: str, expires_at: dt.datetime) -> None:
    """The key of the mail that leaves now."""
    mine = sa.and_(col(Invitation.id) == invitation_id, col(Invitation.accepted_at).is_(None))
    armed = {"token_hash": hashed(token), "sent_at": clock.now(), "expires_at": expires_at}
    session.execute(sa.update(Invitation).where(mine, col(Invitation.withdrawn_at).is_(None)).values(**armed))


def fresh_key() -> str:
    return secrets.token_urlsafe(32)


def accept(session: Session, token: str, replaced: str | None = None) -> OpenedSession | None:
    """Let them in with what was offered; None where it ended, or whoever invited may not give that any more."""
    living = sa.select(Invitation).where(col(Invitation.token_hash) == hashed(token), waits(clock.now()))
    invited = session.scalars(living.with_for_update(**locks.ROW), execution_options=locks.FRESH).first()
    if invited is None:
        return None
    guest = session.get_one(Person, invited.person_id)
    try:
        with session.begin_nested():
            guest.is_active = True
            guest.version += 1
            invited.accepted_at = clock.now()
            session.flush()
            _give(session, _inviter(session, invited), guest, invited)
    except DomainError:
        session.expire_all()
        return None
    _record(session, Actor(Viewer(guest.id), Via.MAIL_LINK), "accept_invitation", invited)
    return OpenedSession(access.begin(session, guest.id, Via.MAIL_LINK, replaced), "")


def _guest(session: Session, actor: Actor, wish: Wish) -> Person:
    """A new person without access, or one who never accepted what was withdrawn or ran out."""
    known = sa.select(Person).where(col(Person.email) == addresses.email(wish["email"])).with_for_update(**locks.ROW)
    person = session.scalars(known).first()
    if person is not None:
        _require_free(session, person)
        person.name, person.locale = people.named(wish["name"]), people.spoken(wish.get("locale") or person.locale)
        return person
    person = people.create(session, actor, email=wish["email"], name=wish["name"], locale=wish.get("locale", ""))
    person.is_active = False
    session.flush()
    return person


def _require_free(session: Session, person: Person) -> None:
    mine = sa.select(Invitation).where(col(Invitation.person_id) == person.id)
    theirs = session.scalars(mine).all()
    if person.is_active or not theirs or any(one.accepted_at for one in theirs):
        raise Refused(N_("There is a person with this address already"), "email")
    if any(one.withdrawn_at is None for one in theirs):
        raise Refused(N_("This person is invited already: send that invitation again or withdraw it"), "email")


def _inviter(session: Session, invited: Invitation) -> Actor:
    """With the rights of today; the command line has all of them."""
    if invited.invited_by_id is None:
        return SERVICE
    viewer = viewers.by_person(session, invited.invited_by_id)
    if viewer is None:
        raise NotAllowed
    return Actor(viewer)


def _give(session: Session, giver: Actor, guest: Person, invited: Invitation) -> None:
    if invited.role is not None:
        roles.grant(session, giver, guest, invited.role, programme_id=invited.programme_id)
    if invited.post_id is not None:
        post = session.get_one(Post, invited.post_id)
        posts.hand_over(session, giver, post, guest, since_on=clock.today(settings().zone))


def _require_open(invited: Invitation) -> None:
    if invited.accepted_at is not None:
        raise Refused(N_("The invitation was accepted already"))
    if invited.withdrawn_at is not None:
        raise Refused(N_("The invitation was withdrawn already"))


def _send(session: Session, invited: Invitation) -> None:
    period = f"i{invited.id}-{invited.sendings}"
    about = ("invitation", invited.id)
    outbox.enqueue(session, "invitation", invited.person_id, period, about=about, sending=invited.sendings)


def _record(session: Session, actor: Actor, verb: str, invited: Invitation) -> None:
    whereto = {"invitation_id": invited.id, "role": invited.role, "post_id": invited.post_id}
    audit.record(session, actor, verb, "person", invited.person_id, invited.programme_id, **whereto)
