"""Who sees which rows: the first condition of every list, item, count and export."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.permissions import Role, Viewer, managed
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation

Condition = sa.ColumnElement[bool]
# What the public pages show of actions: a draft doesn't exist outside, whatever its flag says.
SHOWN = sa.and_(col(Action.is_public), col(Action.state) != State.DRAFT)
_READERS = (Role.SECRETARIAT, Role.VERIFIER, Role.OBSERVER)


def programmes(viewer: Viewer) -> Condition:
    return sa.or_(col(Programme.published_at).is_not(None), *_in_programmes(col(Programme.id), viewer))


def meetings(viewer: Viewer) -> Condition:
    return sa.or_(col(Meeting.is_public), *_in_programmes(col(Meeting.programme_id), viewer), *_narrow_meetings(viewer))


def recommendations(viewer: Viewer) -> Condition:
    """What is public, one's programmes, and the recommendation of every action one sees for oneself."""
    shown = [col(Recommendation.is_public), *_in_programmes(col(Recommendation.programme_id), viewer)]
    if own := _own_actions(viewer):
        shown.append(col(Recommendation.id).in_(sa.select(col(Action.recommendation_id)).where(sa.or_(*own))))
    return sa.or_(*shown)


def actions(viewer: Viewer) -> Condition:
    """What is public, one's programmes, one's posts' and organisations' actions, and their siblings."""
    return sa.or_(col(Action.is_public), inside(viewer))


def inside(viewer: Viewer) -> Condition:
    """Actions of which the viewer sees more than the public page shows."""
    shown = workspace_actions(viewer)
    if viewer.post_ids:
        shown.append(sa.and_(_has_own_beside(viewer), col(Action.assigned_at).is_not(None)))
    return sa.or_(sa.false(), *shown)


def _has_own_beside(viewer: Viewer) -> Condition:
    """Asked of the few actions of one recommendation: a post may owe thousands elsewhere."""
    beside, support = aliased(Action), aliased(ActionSupport)
    supports = sa.exists().where(col(support.action_id) == col(beside.id), col(support.post_id).in_(viewer.post_ids))
    return (
        sa.exists()
        .where(
            col(beside.recommendation_id) == col(Action.recommendation_id),
            col(beside.assigned_at).is_not(None),
            sa.or_(col(beside.owner_post_id).in_(viewer.post_ids), supports.correlate(beside)),
        )
        .correlate(Action)
    )


def workspace_actions(viewer: Viewer) -> list[Condition]:
    """The conditions under which an action is the viewer's business; none: nothing is."""
    return [*_in_programmes(col(Action.programme_id), viewer), *_own_actions(viewer)]


def in_workspace(viewer: Viewer) -> Condition:
    return sa.or_(sa.false(), *workspace_actions(viewer))


def with_notes(viewer: Viewer) -> Condition:
    """Which actions the viewer sees in full, internal notes included: observers don't."""
    readers = _programme_ids(viewer, (Role.SECRETARIAT, Role.VERIFIER))
    conditions: list[Condition] = [] if readers is None else [col(Action.programme_id).in_(readers)]
    if readers is None:
        conditions = [sa.true()]
    return sa.or_(sa.false(), *conditions, *_own_actions(viewer))


def _own_actions(viewer: Viewer) -> list[Condition]:
    conditions = _of_posts(viewer) if viewer.post_ids else []
    if organisations := managed(viewer):
        supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.organisation_id).in_(organisations))
        conditions += [
            sa.and_(col(Action.lead_organisation_id).in_(organisations), col(Action.assigned_at).is_not(None)),
            sa.and_(col(Action.id).in_(supported), col(Action.assigned_at).is_not(None)),
        ]
    return conditions


def _of_posts(viewer: Viewer) -> list[Condition]:
    """Drafts are the secretariat's alone: an owner sees what was assigned."""
    supported = sa.select(col(ActionSupport.action_id)).where(col(ActionSupport.post_id).in_(viewer.post_ids))
    assigned = col(Action.assigned_at).is_not(None)
    return [
        sa.and_(col(Action.owner_post_id).in_(viewer.post_ids), assigned),
        sa.and_(col(Action.id).in_(supported), assigned),
    ]


def _in_programmes(column: Any, viewer: Viewer) -> list[Condition]:
    programme_ids = _programme_ids(viewer, _READERS)
    if programme_ids is None:
        return [sa.true()]
    return [column.in_(programme_ids)] if programme_ids else []


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


def _narrow_meetings(viewer: Viewer) -> list[Condition]:
    """An observer of one region sees its meetings."""
    return [
        sa.and_(
            col(Meeting.region) == grant.region,
            sa.true() if grant.programme_id is None else col(Meeting.programme_id) == grant.programme_id,
        )
        for grant in viewer.grants
        if grant.role == Role.OBSERVER and grant.region and grant.organisation_id is None
    ]


def held(column: Any, viewer: Viewer, *roles: Role) -> Condition:
    """Rows of the programmes in which the viewer holds one of these roles in full; `column` is their programme."""
    programme_ids = _programme_ids(viewer, roles)
    return sa.true() if programme_ids is None else column.in_(programme_ids)


def programme_ids(session: Session, viewer: Viewer, *roles: Role) -> tuple[int, ...]:
    """The programmes in which the viewer holds one of these roles in full, all of them where the role is general."""
    found = _programme_ids(viewer, roles or _READERS)
    if found is None:
        found = frozenset(known for known in session.scalars(sa.select(col(Programme.id))) if known)
    return tuple(sorted(found))
