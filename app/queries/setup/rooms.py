"""The set-up rooms: who may look in, the programmes and organisations there, and how far the first hour has come."""

from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import shared
from app.domain.errors import NotFound
from app.domain.permissions import Role, Viewer, has_role, may
from app.domain.texts import Titles
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Person, Post
from app.queries.scope import locks
from app.queries.scope.seats import SEATED
from app.queries.setup import ownership

T = TypeVar("T")
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    id: int
    slug: str
    titles: Titles
    is_published: bool
    meetings: int


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    id: int
    slug: str
    titles: Titles
    region: str | None
    posts: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list to choose from."""

    id: int
    slug: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class FirstHour:
    """What there is already; a person counts once somebody besides the first administrator is known."""

    programme: bool
    organisation: bool
    post: bool
    person: bool
    holder: bool
    meeting: bool

    @property
    def is_over(self) -> bool:
        return self.programme and self.organisation and self.post and self.person and self.holder and self.meeting

    @property
    def next(self) -> str:
        """What is still lacking of it, first things first; nobody is entered before the post that they will hold."""
        lacking = (
            name for name in ("programme", "organisation", "post", "holder", "meeting") if not getattr(self, name)
        )
        return next(lacking, "")


def require(viewer: Viewer) -> None:
    """Raises NotFound for whoever sets nothing up."""
    if not has_role(viewer, Role.ADMINISTRATOR, Role.SECRETARIAT):
        raise NotFound


def first_hour(session: Session) -> FirstHour:
    second = sa.select(sa.func.count()).select_from(Person).scalar_subquery() > 1
    held = sa.exists().where(SEATED)
    there: list[Any] = [sa.exists().select_from(table) for table in (Programme, Organisation, Post)]
    found = session.execute(sa.select(*there, second, held, sa.exists().select_from(Meeting))).one()
    return FirstHour(*map(bool, found))


def programmes(session: Session, viewer: Viewer, after: tuple[str, int] | None = None) -> list[ProgrammeLine]:
    """Those the viewer may edit, by slug; one more than a page holds tells that there is another."""
    require(viewer)
    meetings = (
        sa.select(sa.func.count()).where(col(Meeting.programme_id) == col(Programme.id)).correlate(Programme)
    ).scalar_subquery()
    query: Any = sa.select(
        col(Programme.id),
        col(Programme.slug),
        col(Programme.titles),
        col(Programme.published_at).is_not(None),
        meetings,
    ).where(_own(viewer))
    return [ProgrammeLine(*row) for row in session.execute(_page(query, Programme, after)).all()]


def programme(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Programme:
    require(viewer)
    query = sa.select(Programme).where(col(Programme.slug) == slug, _own(viewer))
    return _found(session.scalars(query.with_for_update(**locks.ROW) if lock else query).first())


def organisations(session: Session, viewer: Viewer, after: tuple[str, int] | None = None) -> list[OrganisationLine]:
    require(viewer)
    posts = sa.select(sa.func.count()).where(col(Post.organisation_id) == col(Organisation.id)).correlate(Organisation)
    query: Any = sa.select(
        col(Organisation.id),
        col(Organisation.slug),
        col(Organisation.titles),
        col(Organisation.region),
        posts.scalar_subquery(),
    )
    return [OrganisationLine(*row) for row in session.execute(_page(query, Organisation, after)).all()]


def organisation(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Organisation:
    require(viewer)
    query = sa.select(Organisation).where(col(Organisation.slug) == slug)
    return _found(session.scalars(query.with_for_update(**locks.ROW) if lock else query).first())


def changeable_organisation(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Organisation:
    """Raises NotAllowed where it is not the viewer's to change."""
    found = organisation(session, viewer, slug, lock=lock)
    shared.require_change(viewer, ownership.on_organisation(session, found))
    return found


def organisation_choices(session: Session) -> list[Choice]:
    query = sa.select(col(Organisation.id), col(Organisation.slug), col(Organisation.titles))
    return [Choice(*row) for row in session.execute(query.order_by(col(Organisation.slug))).all()]


def programme_choices(session: Session, viewer: Viewer) -> list[Choice]:
    query = sa.select(col(Programme.id), col(Programme.slug), col(Programme.titles)).where(_own(viewer))
    return [Choice(*row) for row in session.execute(query.order_by(col(Programme.slug))).all()]


def _own(viewer: Viewer) -> sa.ColumnElement[bool]:
    """An administrator sets up every programme, a secretariat its own."""
    if has_role(viewer, Role.ADMINISTRATOR) or may(viewer, 0, Role.SECRETARIAT):
        return sa.true()
    own = {grant.programme_id for grant in viewer.grants if grant.role is Role.SECRETARIAT}
    return col(Programme.id).in_(own)


def _page(query: Any, table: Any, after: tuple[str, int] | None) -> Any:
    if after:
        query = query.where(col(table.slug) > after[0])
    return query.order_by(col(table.slug)).limit(PER_PAGE + 1)


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
