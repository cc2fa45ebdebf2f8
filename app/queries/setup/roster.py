"""Everybody who was entered, with roles and posts in the words of `tatbiq person add`; for who runs the service."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.queries.scope.seats import SEATED


@dataclass(frozen=True, slots=True)
class Entered:
    """One person; a role is `verifier@exports`, further limits in brackets; a post is its slug."""

    email: str
    name: str
    locale: str
    active: bool
    roles: tuple[str, ...]
    posts: tuple[str, ...]


def everybody(session: Session) -> list[Entered]:
    """By address, in three statements."""
    roles, posts = _roles(session), _posts(session)
    query = sa.select(
        col(Person.id), col(Person.email), col(Person.name), col(Person.locale), col(Person.is_active)
    ).order_by(col(Person.email))
    return [
        Entered(email, name, locale, active, tuple(roles[person_id or 0]), tuple(posts[person_id or 0]))
        for person_id, email, name, locale, active in session.execute(query).all()
    ]


def _roles(session: Session) -> defaultdict[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    query: Any = (
        sa.select(
            col(RoleGrant.person_id),
            col(RoleGrant.role),
            col(Programme.slug),
            col(Organisation.slug).label("body"),
            col(RoleGrant.region),
        )
        .outerjoin(Programme, col(Programme.id) == col(RoleGrant.programme_id))
        .outerjoin(Organisation, col(Organisation.id) == col(RoleGrant.organisation_id))
        .order_by(col(RoleGrant.id))
    )
    for person_id, role, programme, body, region in session.execute(query).all():
        limits = ", ".join(limit for limit in (body, region) if limit)
        found[person_id].append(f"{role}{'@' if programme else ''}{programme or ''}{f' ({limits})' if limits else ''}")
    return found


def _posts(session: Session) -> defaultdict[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    query = (
        sa.select(col(Holding.person_id), col(Post.slug))
        .join(Post, col(Post.id) == col(Holding.post_id))
        .where(SEATED)
        .order_by(col(Post.slug))
    )
    for person_id, slug in session.execute(query).all():
        found[person_id].append(slug)
    return found
