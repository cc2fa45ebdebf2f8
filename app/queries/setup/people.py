"""People with their duties, for those who set up, for their own profile, and as the demo's cast."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, NotFound
from app.domain.permissions import Role, Viewer
from app.domain.texts import Titles
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.queries.scope import locks
from app.queries.scope.seats import SEATED
from app.queries.setup import ownership, rooms

PER_PAGE = rooms.PER_PAGE


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    name: str
    email: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A role granted (`grant_id`) or a post held (`post`): what somebody is here for."""

    role: Role
    programme: Titles | None = None
    organisation: Titles | None = None
    region: str | None = None
    post: Titles | None = None
    grant_id: int | None = None


def _rows(viewer: Viewer) -> Any:
    """`email` is empty where the viewer has nothing to do with the person."""
    email = sa.case((ownership.addresses(viewer), col(Person.email)), else_="")
    return sa.select(col(Person.id), col(Person.name), email, col(Person.is_active))


def listed(session: Session, viewer: Viewer, after: tuple[str, int] | None = None, q: str = "") -> list[PersonRow]:
    """By name; `q` is part of a name or readable address; one more than a page holds tells that there is another."""
    rooms.require(viewer)
    query = _rows(viewer).order_by(col(Person.name), col(Person.id)).limit(PER_PAGE + 1)
    if after:
        query = query.where(sa.tuple_(col(Person.name), col(Person.id)) > sa.tuple_(*after))
    if q:
        named, addressed = (column.icontains(q, autoescape=True) for column in (col(Person.name), col(Person.email)))
        query = query.where(sa.or_(named, sa.and_(addressed, ownership.addresses(viewer))))
    return [PersonRow(*row) for row in session.execute(query)]


def get(session: Session, viewer: Viewer, person_id: int, *, lock: bool = False) -> Person:
    rooms.require(viewer)
    return _one(session, person_id, lock)


def reachable(session: Session, viewer: Viewer, person_id: int, *, lock: bool = False) -> Person:
    """Somebody whose address the viewer may read; refused before any lock."""
    person = get(session, viewer, person_id, lock=lock)
    if not address(session, viewer, person):
        raise NotAllowed
    return person


def own(session: Session, viewer: Viewer, *, lock: bool = False) -> Person:
    """The viewer's own row."""
    return _one(session, viewer.person_id or 0, lock)


def grant(session: Session, viewer: Viewer, person_id: int, grant_id: int, *, lock: bool = False) -> RoleGrant:
    """One role of one person."""
    rooms.require(viewer)
    query = sa.select(RoleGrant).where(col(RoleGrant.id) == grant_id, col(RoleGrant.person_id) == person_id)
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found


def address(session: Session, viewer: Viewer, person: Person) -> str:
    """Empty where it is not the viewer's to read."""
    query = sa.select(col(Person.email)).where(col(Person.id) == person.id, ownership.addresses(viewer))
    return session.scalars(query).first() or ""


def choices(session: Session, viewer: Viewer) -> list[PersonRow]:
    """Everybody who may act, by name, for a list to choose a holder from."""
    query = _rows(viewer).where(col(Person.is_active)).order_by(col(Person.name), col(Person.id))
    return [PersonRow(*row) for row in session.execute(query)]


def duties(
    session: Session, people: Collection[int], told: sa.ColumnElement[bool] | None = None
) -> dict[int, list[Duty]]:
    """What each of them does here, in two statements: roles first, then posts.

    Roles in programmes that are not `told` are left out (see `claims.told`); without it nothing is.
    """
    found: dict[int, list[Duty]] = {person_id: [] for person_id in people}
    for person_id, role, programme, organisation, region, grant_id in session.execute(_grants(people, told)):
        found[person_id].append(Duty(role, programme, organisation, region, grant_id=grant_id))
    for person_id, is_manager, post, organisation in session.execute(_posts(people)):
        role = Role.MANAGER if is_manager else Role.OWNER
        found[person_id].append(Duty(role, organisation=organisation, post=post))
    return found


def _grants(people: Collection[int], told: sa.ColumnElement[bool] | None) -> Any:
    shown = sa.true() if told is None else sa.or_(col(RoleGrant.programme_id).is_(None), told)
    return (
        sa.select(
            col(RoleGrant.person_id),
            col(RoleGrant.role),
            col(Programme.titles),
            col(Organisation.titles).label("organisation"),
            col(RoleGrant.region),
            col(RoleGrant.id),
        )
        .outerjoin(Programme, col(Programme.id) == col(RoleGrant.programme_id))
        .outerjoin(Organisation, col(Organisation.id) == col(RoleGrant.organisation_id))
        .where(col(RoleGrant.person_id).in_(people), shown)
        .order_by(col(RoleGrant.id))
    )


def _posts(people: Collection[int]) -> Any:
    return (
        sa.select(
            col(Holding.person_id), col(Post.is_manager), col(Post.titles), col(Organisation.titles).label("body")
        )
        .join(Post, col(Post.id) == col(Holding.post_id))
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(col(Holding.person_id).in_(people), SEATED)
        .order_by(col(Post.slug))
    )


def _one(session: Session, person_id: int, lock: bool) -> Person:
    query = sa.select(Person).where(col(Person.id) == person_id)
    found = session.scalars(query.with_for_update(**locks.ROW) if lock else query).first()
    if found is None:
        raise NotFound
    return found
