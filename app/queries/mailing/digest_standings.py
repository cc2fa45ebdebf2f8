"""As whom somebody reads their week: the roles and posts of many people at once, and the shapes that these bring."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.digest_shapes import DigestShape
from app.domain.permissions import Grant, Role, Viewer, has_role, managed
from app.models.people import Holding, Post, RoleGrant
from app.queries.scope.seats import SEATED

_GRANTS = (Role.MANAGER, Role.SECRETARIAT, Role.OBSERVER)


def readers() -> sa.ColumnElement[bool] | sa.CompoundSelect[tuple[int]]:
    """The ids of all who have a shape, as a statement."""
    granted = sa.select(col(RoleGrant.person_id)).where(col(RoleGrant.role).in_(_GRANTS))
    return sa.union(sa.select(col(Holding.person_id)).where(SEATED), granted)


def of(session: Session, person_ids: Collection[int]) -> dict[int, Viewer]:
    """Two statements, however many they are."""
    grants, held = defaultdict[int, set[Grant]](set), defaultdict[int, set[tuple[int, int, bool]]](set)
    columns = (getattr(RoleGrant, name) for name in ("person_id", "role", "programme_id", "organisation_id", "region"))
    granted = sa.select(*map(col, columns)).where(col(RoleGrant.person_id).in_(person_ids))
    for person_id, *grant in session.execute(granted):
        grants[person_id].add(Grant(*grant))
    posts = (
        sa.select(col(Holding.person_id), col(Post.id), col(Post.organisation_id), col(Post.is_manager))
        .join(Post, col(Post.id) == col(Holding.post_id))
        .where(col(Holding.person_id).in_(person_ids), SEATED)
    )
    for person_id, *post in session.execute(posts):
        held[person_id].add((post[0], post[1], post[2]))
    return {person_id: _viewer(person_id, grants[person_id], held[person_id]) for person_id in person_ids}


def _viewer(person_id: int, grants: set[Grant], held: set[tuple[int, int, bool]]) -> Viewer:
    bodies = frozenset(body for _, body, is_manager in held if is_manager)
    return Viewer(person_id, frozenset(grants), frozenset(post for post, _, _ in held), bodies)


def shapes(viewer: Viewer) -> list[DigestShape]:
    """In the order of a mail."""
    has = {
        DigestShape.OWNER: bool(viewer.post_ids),
        DigestShape.MANAGER: bool(managed(viewer)),
        DigestShape.SECRETARIAT: has_role(viewer, Role.SECRETARIAT),
        DigestShape.OBSERVER: has_role(viewer, Role.OBSERVER),
    }
    return [shape for shape in DigestShape if has[shape]]
