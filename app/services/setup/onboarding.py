"""Giving people their place in one act: a body with its first post, a post filled, somebody with roles."""

import datetime as dt
from collections.abc import Sequence
from typing import Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.permissions import Role
from app.domain.texts import Titles
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, PlannedSeat, Post
from app.services.kernel.audit import Actor
from app.services.setup import organisations, people, posts, roles, seats
from app.services.setup.organisations import NewBody

BY_POST = (Role.OWNER, Role.CONTRIBUTOR, Role.MANAGER)


class HolderWish(TypedDict, total=False):
    """Who shall hold a post: somebody known, somebody new by name and address, or, where it is meant, nobody."""

    since_on: Required[dt.date]
    person_id: int | None
    name: str
    email: str
    locale: str
    is_vacant: bool
    note: str
    version: int | None


def fill(session: Session, actor: Actor, post: Post, **wish: Unpack[HolderWish]) -> Holding | PlannedSeat | None:
    """Hand the post to the person chosen, or to the one described by name and address.

    From a day to come it is planned, and that day's pass carries it out. To nobody only where `is_vacant` says that
    it is meant: a form sent too early must not silence a post.
    """
    posts.require_reach(session, actor, post)
    person_id, name, email = wish.get("person_id"), wish.get("name", ""), wish.get("email", "")
    _require_one_wish(is_known=bool(person_id), is_new=bool(name or email), is_vacant=wish.get("is_vacant", False))
    person = session.get(Person, person_id) if person_id else None
    if person_id and person is None:
        raise Refused(N_("Choose a person of the list"), "person_id")
    if name or email:
        person = people.create(session, actor, email=email, name=name, locale=wish.get("locale", ""))
    note, version, since_on = wish.get("note", ""), wish.get("version"), wish["since_on"]
    if since_on > clock.today(settings().zone):
        return seats.plan_change(session, actor, post, person, since_on=since_on, note=note, version=version)
    return posts.hand_over(session, actor, post, person, since_on=since_on, note=note, version=version)


def establish(
    session: Session,
    actor: Actor,
    *,
    post: Titles | None = None,
    name: str = "",
    email: str = "",
    locale: str = "",
    **body: Unpack[NewBody],
) -> Organisation:
    """An organisation, with its first post and the holder of that post as far as they are named."""
    made = organisations.create(session, actor, **body)
    is_held = bool(name or email)
    if any((post or {}).values()):
        first = posts.create(session, actor, made, titles=post or {})
        if is_held:
            today = clock.today(settings().zone)
            fill(session, actor, first, since_on=today, name=name, email=email, locale=locale)
    elif is_held:
        raise Refused(N_("Name the post that this person holds"), "post.ar")
    return made


def _require_one_wish(*, is_known: bool, is_new: bool, is_vacant: bool) -> None:
    if is_vacant and (is_known or is_new):
        raise Refused(N_("Name somebody or leave the post empty, not both"), "is_vacant")
    if not (is_vacant or is_known or is_new):
        raise Refused(N_("Choose somebody, enter somebody new, or tick that the post stays empty"), "person_id")
    if is_known and is_new:
        raise Refused(N_("Choose somebody of the list or enter somebody new, not both"), "person_id")


def enrol(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    locale: str,
    duties: Sequence[tuple[Role, str]],
    post_slug: str = "",
) -> Person:
    """Enter a new person with roles, each with the slug of its programme or nothing; by-post roles take the post."""
    by_post = [role for role, _ in duties if role in BY_POST]
    if by_post and not post_slug:
        raise Refused(N_("Owners, contributors and managers have their role by the post they hold"), "post")
    person = people.create(session, actor, email=email, name=name, locale=locale)
    for role, programme_slug in duties:
        if role not in BY_POST:
            roles.grant(session, actor, person, role, programme_id=_programme(session, programme_slug))
        elif programme_slug:
            raise Refused(N_("A post belongs to no programme: leave the programme out"), "role")
    if post_slug:
        _take(session, actor, person, post_slug, is_manager=Role.MANAGER in by_post)
    return person


def _programme(session: Session, slug: str) -> int | None:
    if not slug:
        return None
    found = session.scalars(sa.select(col(Programme.id)).where(col(Programme.slug) == slug)).first()
    if found is None:
        raise Refused(N_("There is no programme %(slug)s"), "role", slug=slug)
    return found


def _take(session: Session, actor: Actor, person: Person, slug: str, *, is_manager: bool) -> None:
    post = session.scalars(sa.select(Post).where(col(Post.slug) == slug)).first()
    if post is None:
        raise Refused(N_("There is no post %(slug)s"), "post", slug=slug)
    if is_manager and not post.is_manager:
        posts.edit(session, actor, post, is_manager=True)
    posts.hand_over(session, actor, post, person, since_on=clock.today(settings().zone))
