"""People: making, editing, disabling, and what they choose for themselves; roles and posts have rooms of their own."""

from typing import Any, Required, TypedDict, Unpack
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import addresses, shared
from app.domain.calendar import REMINDER_HOURS
from app.domain.errors import NotAllowed, Refused
from app.domain.messages import N_
from app.domain.texts import LANGS, one_line
from app.models.access import Invitation
from app.models.people import Person
from app.queries.setup import invitations
from app.services.kernel import audit, update_links
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.setup import access, feeds, posts
from app.services.setup.organisations import require_set_up
from app.services.setup.roles import keep_an_administrator, require_administrator

HOURS = range(6, 20)
_EDITABLE = ("name", "email", "locale", "is_name_public")
_CHOSEN = ("locale", "timezone", "reminder_hour", "has_digest", "digest_weekday", "digest_hour")


class PersonWords(TypedDict, total=False):
    """What a new person is made of; without language or zone, those of the house."""

    email: Required[str]
    name: Required[str]
    locale: str
    timezone: str


def create(session: Session, actor: Actor, **new: Unpack[PersonWords]) -> Person:
    """Somebody who may sign in from now on, with no role yet: a post or a grant brings that."""
    require_set_up(actor)
    person = Person(
        email=_free(session, new["email"]),
        name=named(new["name"]),
        locale=spoken(new.get("locale") or settings().default_locale),
        timezone=_timezone(new.get("timezone") or settings().timezone),
        owner_programme_id=shared.home(actor.viewer),
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    _record(session, actor, "create", person)
    return person


def edit(session: Session, actor: Actor, person: Person, *, version: int | None = None, **changes: Any) -> None:
    """Change what the house knows of somebody; a new address ends the sign-ins under way at the old one."""
    require_administrator(actor)
    expect(person, version, _EDITABLE)
    if "email" in changes:
        changes["email"] = _free(session, changes["email"], person)
    if "name" in changes:
        changes["name"] = named(changes["name"])
    if "locale" in changes:
        changes["locale"] = spoken(changes["locale"])
    changed = [name for name in _EDITABLE if name in changes and changes[name] != getattr(person, name)]
    for name in changed:
        setattr(person, name, changes[name])
    person.version += 1
    session.flush()
    if "email" in changed:
        access.end_sessions(session, person.id)
    _record(session, actor, "edit", person, changed=changed)


def disable(session: Session, actor: Actor, person: Person) -> None:
    """End everything at once: sessions, challenges, links, invitations, posts held, acting for others.

    The record keeps the person.

    What is left without anybody to answer alarms its secretariat.
    """
    require_administrator(actor)
    if not person.is_active:
        return
    keep_an_administrator(session, person)
    person.is_active = False
    person.version += 1
    session.flush()
    access.end_sessions(session, person.id)
    update_links.revoke_for_person(session, person.id)
    feeds.end(session, person.id)
    _withdraw_invitations(session, person)
    posts.leave_all(session, actor, person)
    _record(session, actor, "disable", person)


def _withdraw_invitations(session: Session, person: Person) -> None:
    """Accepting one would let them in again."""
    open_ones = sa.update(Invitation).where(col(Invitation.person_id) == person.id, invitations.OPEN)
    session.execute(open_ones.values(withdrawn_at=clock.now(), token_hash=None))


def enable(session: Session, actor: Actor, person: Person) -> None:
    require_administrator(actor)
    if not person.is_active:
        person.is_active = True
        person.version += 1
        _record(session, actor, "enable", person)


def choose(session: Session, actor: Actor, person: Person, *, version: int | None = None, **choices: Any) -> None:
    """What somebody decides for themselves: language, zone, hour of reminders, day and hour of the digest or none."""
    if actor.person_id != person.id:
        raise NotAllowed
    expect(person, version, _CHOSEN)
    spoken(choices.get("locale", person.locale))
    _timezone(choices.get("timezone", person.timezone))
    if choices.get("reminder_hour", person.reminder_hour) not in REMINDER_HOURS:
        raise Refused(N_("Choose an hour from 8 to 19"), "reminder_hour")
    if choices.get("digest_hour", person.digest_hour) not in HOURS:
        raise Refused(N_("Choose an hour from 6 to 19"), "digest_hour")
    if choices.get("digest_weekday", person.digest_weekday) not in range(7):
        raise Refused(N_("Choose a day of the week"), "digest_weekday")
    if choices.get("has_digest") and not person.has_digest:
        person.digest_since_at = clock.now()  # what happened while it was off is not told
    for name in _CHOSEN:
        if name in choices:
            setattr(person, name, choices[name])
    person.version += 1
    session.flush()
    _record(session, actor, "choose", person, **{name: choices[name] for name in _CHOSEN if name in choices})


def switch_digest(session: Session, actor: Actor, person: Person, *, is_on: bool) -> None:
    """Off or on by the key of a mail; what stands so already is no news, however often it is asked for."""
    if actor.person_id != person.id:
        raise NotAllowed
    if person.has_digest == is_on:
        return
    person.has_digest = is_on
    if is_on:
        person.digest_since_at = clock.now()  # what happened while it was off is not told
    person.version += 1
    session.flush()
    _record(session, actor, "choose", person, has_digest=is_on)


def _free(session: Session, typed: str, own: Person | None = None) -> str:
    """A canonical address that nobody else has."""
    address = addresses.email(typed)
    taken = session.scalars(sa.select(col(Person.id)).where(col(Person.email) == address)).first()
    if taken is not None and (own is None or own.id != taken):
        raise Refused(N_("There is a person with this address already"), "email")
    return address


def named(typed: str) -> str:
    name = one_line(typed)
    if not name:
        raise Refused(N_("Enter the name"), "name")
    return name


def spoken(code: str) -> str:
    if code not in LANGS:
        raise Refused(N_("Choose one of the languages"), "locale")
    return code


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused(N_("There is no time zone of this name"), "timezone") from None
    return name


def _record(session: Session, actor: Actor, verb: str, person: Person, **data: object) -> None:
    audit.record(session, actor, verb, "person", person.id, None, **data)
