"""Who stands at the door: a viewer with roles and posts, in one statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.permissions import Grant, Role, Viewer
from app.models.access import AuthSession
from app.models.base import table_of
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.queries.scope.seats import SEATED
from app.statements import Statement


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
_SESSIONS, _PEOPLE, _POSTS = table_of(AuthSession), table_of(Person), table_of(Post)
_GRANTS, _HOLDINGS, _BODIES = table_of(RoleGrant), table_of(Holding), table_of(Organisation)


def _words(text: str) -> Any:
    """Our own words in a statement that every page runs: as parameters they would be put in anew each time."""
    return sa.literal_column(f"'{text}'", sa.String())


_COMMA, _NOTHING = _words(","), _words("")


def _joined(part: Any) -> Any:
    """All of them in one text."""
    return sa.func.aggregate_strings(part, _words(_SEPARATOR))


def _roles(person_id: Any) -> sa.ScalarSelect[str]:
    """Every grant as `role,programme,organisation,region`."""
    part = (
        sa.cast(_GRANTS.c.role, sa.String)
        + _COMMA
        + sa.func.coalesce(sa.cast(_GRANTS.c.programme_id, sa.String), _NOTHING)
        + _COMMA
        + sa.func.coalesce(sa.cast(_GRANTS.c.organisation_id, sa.String), _NOTHING)
        + _COMMA
        + sa.func.coalesce(_GRANTS.c.region, _NOTHING)
    )
    return sa.select(_joined(part)).where(_GRANTS.c.person_id == person_id).scalar_subquery()


def _posts(person_id: Any) -> sa.ScalarSelect[str]:
    """Every post held now as `post,organisation,is_manager,is_partner`."""
    manager = sa.case((_POSTS.c.is_manager, _words("1")), else_=_words("0"))
    partner = sa.case((_BODIES.c.is_partner, _words("1")), else_=_words("0"))
    ids = sa.cast(_POSTS.c.id, sa.String) + _COMMA + sa.cast(_POSTS.c.organisation_id, sa.String)
    part = ids + _COMMA + manager + _COMMA + partner
    return (
        sa.select(_joined(part))
        .select_from(_HOLDINGS)
        .join(_POSTS, _POSTS.c.id == _HOLDINGS.c.post_id)
        .join(_BODIES, _BODIES.c.id == _POSTS.c.organisation_id)
        .where(_HOLDINGS.c.person_id == person_id, SEATED)
        .scalar_subquery()
    )


_PERSON = (
    _PEOPLE.c.id,
    _roles(_PEOPLE.c.id).label("roles"),
    _posts(_PEOPLE.c.id).label("posts"),
    _PEOPLE.c.locale,
)
_BY_SESSION = Statement(
    sa.select(
        *_PERSON,
        _SESSIONS.c.id,
        _PEOPLE.c.name,
        _PEOPLE.c.timezone,
        _SESSIONS.c.created_at,
        _SESSIONS.c.last_seen_at,
    )
    .join(_PEOPLE, _PEOPLE.c.id == _SESSIONS.c.person_id)
    .where(
        _SESSIONS.c.token_hash == sa.bindparam("token_hash"),
        _SESSIONS.c.expires_at > sa.bindparam("now"),
        _PEOPLE.c.is_active,
    )
)
_BY_PERSON = Statement(sa.select(*_PERSON).where(_PEOPLE.c.id == sa.bindparam("person_id"), _PEOPLE.c.is_active))


def by_session(session: Session, token_hash: str, now: dt.datetime) -> SignedIn | None:
    row = _BY_SESSION.first(session, {"token_hash": token_hash, "now": now})
    if row is None:
        return None
    session_id, name, timezone, created_at, last_seen_at = row[len(_PERSON) :]
    viewer = _viewer(row)
    return SignedIn(viewer, session_id, name, viewer.lang, timezone, created_at, last_seen_at)


def by_person(session: Session, person_id: int) -> Viewer | None:
    """The viewer that an active person is, by whatever door they come."""
    row = _BY_PERSON.first(session, {"person_id": person_id})
    return _viewer(row) if row else None


def _viewer(row: Sequence[Any]) -> Viewer:
    person_id, roles, posts, locale = row[0], str(row[1] or ""), str(row[2] or ""), str(row[3])
    held = [part.split(",") for part in posts.split(_SEPARATOR) if part]
    return Viewer(
        person_id=person_id if isinstance(person_id, int) else None,
        grants=frozenset(_grant(part) for part in roles.split(_SEPARATOR) if part),
        post_ids=frozenset(int(post) for post, _, _, _ in held),
        organisation_ids_managed=frozenset(int(organisation) for _, organisation, manager, _ in held if manager == "1"),
        is_partner=bool(held) and all(partner == "1" for *_, partner in held),
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
