"""Who sees which rows: the first condition of every list, item, count and export."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.permissions import Role, Viewer, managed
from app.models.actions import Action, ActionSupport
from app.models.indicators import Indicator
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation
from app.queries.scope import observed
from app.queries.scope.observed import Observed, ObservedShape

Condition = sa.ColumnElement[bool]
_READERS = (Role.SECRETARIAT, Role.VERIFIER, Role.OBSERVER)
_BESIDE, _SUPPORT = aliased(Action), aliased(ActionSupport)  # making them costs more than all else of a condition
_PROGRAMMES, _POSTS, _BODIES = "seen_programmes", "seen_posts", "seen_bodies"


class Shape(NamedTuple):
    """All by which the conditions of two viewers differ but for the ids: these are given when a statement runs."""

    is_everywhere: bool
    has_programmes: bool
    has_posts: bool
    has_bodies: bool
    observed: tuple[ObservedShape, ...] = ()


@dataclass(frozen=True)
class _Reach:
    """How far a viewer sees for themselves: sets of ids, or the names of sets; None: nothing there."""

    is_everywhere: bool
    programmes: Any
    posts: Any
    bodies: Any
    observed: tuple[Observed, ...] = ()


def shaped(viewer: Viewer) -> tuple[Shape, dict[str, object]]:
    """Of a viewer what to make a statement with, once for all who are like them, and what to run it with."""
    reach = _reach(viewer)
    ids = {_PROGRAMMES: reach.programmes, _POSTS: reach.posts, _BODIES: reach.bodies}
    given: dict[str, object] = {name: tuple(found) for name, found in ids.items() if found}
    has_programmes, has_posts, has_bodies = (name in given for name in ids)
    narrow = observed.shapes(reach.observed)
    shape = Shape(reach.is_everywhere, has_programmes, has_posts, has_bodies, narrow)
    return shape, given | observed.given(reach.observed)


def actions_of(shape: Shape) -> Condition:
    """As `actions`, for whoever has that shape."""
    there = zip((_PROGRAMMES, _POSTS, _BODIES), shape[1:-1], strict=True)
    named: list[Any] = [sa.bindparam(name, expanding=True) if is_there else None for name, is_there in there]
    programmes, posts, bodies = named
    reach = _Reach(shape.is_everywhere, programmes, posts, bodies, observed.places(shape.observed))
    return sa.or_(col(Action.is_public), _inside(reach))


def _reach(viewer: Viewer) -> _Reach:
    found = _programme_ids(viewer, _READERS)
    narrow = () if found is None else observed.of(viewer)
    return _Reach(found is None, found or None, viewer.post_ids or None, managed(viewer) or None, narrow)


def programmes(viewer: Viewer) -> Condition:
    return sa.or_(col(Programme.published_at).is_not(None), *_in_programmes(col(Programme.id), _reach(viewer)))


def meetings(viewer: Viewer) -> Condition:
    reach = _reach(viewer)
    narrow = [found for one in reach.observed if (found := observed.meetings(one)) is not None]
    return sa.or_(col(Meeting.is_public), *_in_programmes(col(Meeting.programme_id), reach), *narrow)


def recommendations(viewer: Viewer) -> Condition:
    """What is public, one's programmes and regions, and the recommendation of every action one sees for oneself."""
    reach = _reach(viewer)
    shown = [col(Recommendation.is_public), *_in_programmes(col(Recommendation.programme_id), reach)]
    regional = (observed.recommendations(one, col(Recommendation.meeting_id)) for one in reach.observed)
    shown += [found for found in regional if found is not None]
    if own := [*_own_actions(reach), *map(observed.actions, reach.observed)]:
        shown.append(col(Recommendation.id).in_(sa.select(col(Action.recommendation_id)).where(sa.or_(*own))))
    return sa.or_(*shown)


def actions(viewer: Viewer) -> Condition:
    """What is public, one's programmes, one's posts' and organisations' actions, and their siblings."""
    return sa.or_(col(Action.is_public), inside(viewer))


def kept_indicators(viewer: Viewer) -> Condition:
    """One's programmes', and those that one's posts keep: all whose page in the workspace the viewer reads."""
    reach = _reach(viewer)
    own = [] if reach.posts is None else [col(Indicator.post_id).in_(reach.posts)]
    return sa.or_(sa.false(), *_in_programmes(col(Indicator.programme_id), reach), *own)


def public_indicators() -> Condition:
    """Beside their programme and, where they measure one, their recommendation."""
    about = sa.or_(col(Indicator.recommendation_id).is_(None), col(Recommendation.is_public))
    return sa.and_(col(Indicator.published_at).is_not(None), col(Programme.published_at).is_not(None), about)


def inside(viewer: Viewer) -> Condition:
    """Actions of which the viewer sees more than the public page shows."""
    return _inside(_reach(viewer))


def _inside(reach: _Reach) -> Condition:
    shown = _business(reach)
    if reach.posts is not None:
        shown.append(sa.and_(_has_own_beside(reach.posts), col(Action.assigned_at).is_not(None)))
    return sa.or_(sa.false(), *shown)


def _has_own_beside(posts: Any) -> Condition:
    """Asked of the few actions of one recommendation: a post may owe thousands elsewhere."""
    supports = sa.exists().where(col(_SUPPORT.action_id) == col(_BESIDE.id), col(_SUPPORT.post_id).in_(posts))
    return (
        sa.exists()
        .where(
            col(_BESIDE.recommendation_id) == col(Action.recommendation_id),
            col(_BESIDE.assigned_at).is_not(None),
            sa.or_(col(_BESIDE.owner_post_id).in_(posts), supports.correlate(_BESIDE)),
        )
        .correlate(Action)
    )


def workspace_actions(viewer: Viewer) -> list[Condition]:
    """The conditions under which an action is the viewer's business; none: nothing is."""
    return _business(_reach(viewer))


def _business(reach: _Reach) -> list[Condition]:
    read = [*_in_programmes(col(Action.programme_id), reach), *map(observed.actions, reach.observed)]
    return [*read, *_own_actions(reach)]


def in_workspace(viewer: Viewer) -> Condition:
    return sa.or_(sa.false(), *workspace_actions(viewer))


def with_notes(viewer: Viewer) -> Condition:
    """Which actions the viewer sees in full, internal notes included: observers don't."""
    readers = _programme_ids(viewer, (Role.SECRETARIAT, Role.VERIFIER))
    conditions: list[Condition] = [] if readers is None else [col(Action.programme_id).in_(readers)]
    if readers is None:
        conditions = [sa.true()]
    return sa.or_(sa.false(), *conditions, *_own_actions(_reach(viewer)))


def sight(session: Session, viewer: Viewer, action_id: int) -> tuple[bool, bool]:
    """Whether the viewer sees more of an action than the public, and whether also its internal notes."""
    asked = inside(viewer).label("is_inside"), with_notes(viewer).label("has_notes")
    is_inside, has_notes = session.execute(sa.select(*asked).where(col(Action.id) == action_id)).one()
    return bool(is_inside), bool(has_notes)


def _own_actions(reach: _Reach) -> list[Condition]:
    conditions = [] if reach.posts is None else _of_posts(reach.posts)
    if reach.bodies is not None:
        supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.organisation_id).in_(reach.bodies))
        conditions += [
            sa.and_(col(Action.lead_organisation_id).in_(reach.bodies), col(Action.assigned_at).is_not(None)),
            sa.and_(col(Action.id).in_(supported), col(Action.assigned_at).is_not(None)),
        ]
    return conditions


def _of_posts(posts: Any) -> list[Condition]:
    """Drafts are the secretariat's alone: an owner sees what was assigned."""
    supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.post_id).in_(posts))
    assigned = col(Action.assigned_at).is_not(None)
    return [
        sa.and_(col(Action.owner_post_id).in_(posts), assigned),
        sa.and_(col(Action.id).in_(supported), assigned),
    ]


def _in_programmes(column: Any, reach: _Reach) -> list[Condition]:
    if reach.is_everywhere:
        return [sa.true()]
    return [] if reach.programmes is None else [column.in_(reach.programmes)]


def _programme_ids(viewer: Viewer, roles: tuple[Role, ...]) -> frozenset[int] | None:
    """The programmes in which one of these roles holds in full; None: in every one."""
    grants = [
        grant
        for grant in viewer.grants
        if grant.role in roles and grant.organisation_id is None and grant.region is None
    ]
    if any(grant.programme_id is None for grant in grants):
        return None
    return frozenset(grant.programme_id for grant in grants if grant.programme_id is not None)


def programme_ids(session: Session, viewer: Viewer, *roles: Role) -> tuple[int, ...]:
    """The programmes in which the viewer holds one of these roles in full, all of them where the role is general."""
    found = _programme_ids(viewer, roles or _READERS)
    if found is None:
        found = frozenset(known for known in session.scalars(sa.select(col(Programme.id))) if known)
    return tuple(sorted(found))
