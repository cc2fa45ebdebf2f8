"""Who has to hear: the holder of a post, the secretariat and verifiers of a programme, the managers of a body."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import Role
from app.domain.texts import Titles
from app.models.actions import ActionSupport
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.queries.scope import seats
from app.queries.scope.seats import SEATED, WRITTEN_TO


def holder(session: Session, post_id: int | None) -> int | None:
    """The active person to whom goes what the post is written: whoever acts these days, else its holder; or None."""
    return next(iter(seats.seated(session, post_id)), None)


def is_seated(session: Session, post_id: int | None, person_id: int) -> bool:
    """Whether a mail that was queued for somebody of the post is still theirs to answer."""
    return person_id in seats.seated(session, post_id)


def owing(session: Session, action_id: int, owner_post_id: int | None) -> list[int]:
    """Who is written to of the post that owns an action and of those that support it, each once."""
    supporting = sa.select(col(ActionSupport.post_id)).where(col(ActionSupport.action_id) == action_id)
    query = (
        sa.select(col(Holding.person_id))
        .join(Person, col(Person.id) == col(Holding.person_id))
        .where(
            sa.or_(col(Holding.post_id) == owner_post_id, col(Holding.post_id).in_(supporting)),
            WRITTEN_TO,
        )
        .order_by(col(Holding.person_id))
        .distinct()
    )
    return list(session.scalars(query))


def managers(session: Session, organisation_id: int | None) -> list[int]:
    query = (
        sa.select(col(Holding.person_id))
        .join(Post, col(Post.id) == col(Holding.post_id))
        .join(Person, col(Person.id) == col(Holding.person_id))
        .where(
            col(Post.organisation_id) == organisation_id,
            col(Post.is_manager),
            WRITTEN_TO,
        )
        .order_by(col(Holding.person_id))
        .distinct()
    )
    return list(session.scalars(query))


def secretariat(session: Session, programme_id: int) -> list[int]:
    return _with_role(session, programme_id, Role.SECRETARIAT)


def verifiers(session: Session, programme_id: int) -> list[int]:
    return _with_role(session, programme_id, Role.VERIFIER)


def standing(session: Session, person_id: int) -> tuple[Role, list[Titles]]:
    """As what somebody answers for mails: the secretariat of programmes, the manager of bodies, or an administrator."""
    programmes = list(session.scalars(_SECRETARIAT_OF, {"person_id": person_id}))
    if programmes:
        return Role.SECRETARIAT, programmes
    bodies = managed(session, person_id)
    return (Role.MANAGER, bodies) if bodies else (Role.ADMINISTRATOR, [])


def managed(session: Session, person_id: int) -> list[Titles]:
    return list(session.scalars(_MANAGER_OF, {"person_id": person_id}))


def observed(session: Session, person_id: int) -> list[Titles]:
    """The programmes that somebody reads as an observer, whole or in part."""
    return list(session.scalars(_with_grant(Role.OBSERVER), {"person_id": person_id}))


_PERSON_ID: Any = sa.bindparam("person_id")


def _with_grant(role: Role) -> Any:
    granted = sa.exists().where(
        col(RoleGrant.person_id) == _PERSON_ID,
        col(RoleGrant.role) == role,
        sa.or_(col(RoleGrant.programme_id) == col(Programme.id), col(RoleGrant.programme_id).is_(None)),
    )
    return sa.select(col(Programme.titles)).where(granted).order_by(col(Programme.id))


_SECRETARIAT_OF = _with_grant(Role.SECRETARIAT)
_MANAGED = (
    sa.select(col(Post.organisation_id))
    .join(Holding, col(Holding.post_id) == col(Post.id))
    .where(col(Holding.person_id) == _PERSON_ID, SEATED, col(Post.is_manager))
)
_MANAGER_OF = (
    sa.select(col(Organisation.titles)).where(col(Organisation.id).in_(_MANAGED)).order_by(col(Organisation.id))
)


def _with_role(session: Session, programme_id: int, role: Role) -> list[int]:
    query = (
        sa.select(col(RoleGrant.person_id))
        .join(Person, col(Person.id) == col(RoleGrant.person_id))
        .where(
            col(RoleGrant.role) == role,
            sa.or_(col(RoleGrant.programme_id) == programme_id, col(RoleGrant.programme_id).is_(None)),
            col(Person.is_active),
        )
        .order_by(col(RoleGrant.person_id))
        .distinct()
    )
    return list(session.scalars(query))
