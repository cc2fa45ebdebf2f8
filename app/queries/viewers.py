"""Who stands at the door: a viewer with roles and posts, in one statement."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import Grant, Role, Viewer
from app.models.access import AuthSession
from app.models.people import Holding, Person, Post, RoleGrant


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session, and what the doors need to know of both."""

    viewer: Viewer
    session_id: int
    name: str
    locale: str
    timezone: str
    created_at: dt.datetime
    last_seen_at: dt.datetime


_SEPARATOR = "|"


def _roles(person_id: Any) -> sa.ScalarSelect[str]:
    """Every grant as `role,programme,organisation,region`."""
    part = (
        sa.cast(col(RoleGrant.role), sa.String)
        + ","
        + sa.func.coalesce(sa.cast(col(RoleGrant.programme_id), sa.String), "")
        + ","
        + sa.func.coalesce(sa.cast(col(RoleGrant.organisation_id), sa.String), "")
        + ","
        + sa.func.coalesce(col(RoleGrant.region), "")
    )
    aggregated = sa.func.aggregate_strings(part, _SEPARATOR)
    return sa.select(aggregated).where(col(RoleGrant.person_id) == person_id).scalar_subquery()


def _posts(person_id: Any) -> sa.ScalarSelect[str]:
    """Every post held now as `post,organisation,is_manager`."""
    manager = sa.case((col(Post.is_manager), "1"), else_="0")
    part = sa.cast(col(Post.id), sa.String) + "," + sa.cast(col(Post.organisation_id), sa.String) + "," + manager
    return (
        sa.select(sa.func.aggregate_strings(part, _SEPARATOR))
        .select_from(Holding)
        .join(Post, col(Post.id) == col(Holding.post_id))
        .where(col(Holding.person_id) == person_id, col(Holding.until_on).is_(None))
        .scalar_subquery()
    )


_PERSON = (
    col(Person.id),
    _roles(col(Person.id)).label("roles"),
    _posts(col(Person.id)).label("posts"),
    col(Person.locale),
)
_BY_SESSION: Any = (
    sa.select(
        *_PERSON,
        col(AuthSession.id).label("session_id"),
        col(Person.name),
        col(Person.timezone),
        col(AuthSession.created_at),
        col(AuthSession.last_seen_at),
    )
    .join(Person, col(Person.id) == col(AuthSession.person_id))
    .where(
        col(AuthSession.token_hash) == sa.bindparam("token_hash"),
        col(AuthSession.expires_at) > sa.bindparam("now"),
        col(Person.is_active),
    )
)
_BY_PERSON: Any = sa.select(*_PERSON).where(col(Person.id) == sa.bindparam("person_id"), col(Person.is_active))


def by_session(session: Session, token_hash: str, now: dt.datetime) -> SignedIn | None:
    row = session.execute(_BY_SESSION, {"token_hash": token_hash, "now": now}).first()
    if row is None:
        return None
    return SignedIn(_viewer(row), row.session_id, row.name, row.locale, row.timezone, row.created_at, row.last_seen_at)


def by_person(session: Session, person_id: int) -> Viewer | None:
    """The viewer that an active person is, by whatever door they come."""
    row = session.execute(_BY_PERSON, {"person_id": person_id}).first()
    return _viewer(row) if row else None


def _viewer(row: Any) -> Viewer:
    person_id, roles, posts, locale = row[0], str(row[1] or ""), str(row[2] or ""), str(row[3])
    held = [part.split(",") for part in posts.split(_SEPARATOR) if part]
    return Viewer(
        person_id=person_id if isinstance(person_id, int) else None,
        grants=frozenset(_grant(part) for part in roles.split(_SEPARATOR) if part),
        post_ids=frozenset(int(post) for post, _, _ in held),
        organisation_ids_managed=frozenset(int(organisation) for _, organisation, manager in held if manager == "1"),
        lang=locale,
    )


def _grant(part: str) -> Grant:
    role, programme, organisation, region = part.split(",")
    return Grant(
        Role(role),
        int(programme) if programme else None,
        int(organisation) if organisation else None,
        region or None,
    )
