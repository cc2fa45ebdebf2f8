"""Which programmes made or use a body or a post, and whose addresses a viewer may read."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import Role, Viewer, has_role
from app.domain.shared import Ownership
from app.models.actions import Action, ActionSupport
from app.models.meetings import Programme
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.queries.scope import visible
from app.queries.scope.seats import SEATED


def on_post(session: Session, post: Post) -> Ownership:
    owning = sa.select(col(Action.programme_id)).where(col(Action.owner_post_id) == post.id)
    supporting = _supported(col(ActionSupport.post_id) == post.id)
    return Ownership(post.owner_programme_id, _programmes(session, owning, supporting))


def on_organisation(session: Session, organisation: Organisation) -> Ownership:
    """Also a post that another programme made in it, and a response in its name."""
    uses = (
        sa.select(col(Action.programme_id)).where(col(Action.lead_organisation_id) == organisation.id),
        _supported(col(ActionSupport.organisation_id) == organisation.id),
        sa.select(col(Recommendation.programme_id)).where(col(Recommendation.response_by_id) == organisation.id),
        sa.select(col(Post.owner_programme_id)).where(col(Post.organisation_id) == organisation.id),
    )
    return Ownership(organisation.owner_programme_id, _programmes(session, *uses))


def on_theme(session: Session, theme: Theme) -> Ownership:
    carried = sa.select(col(Recommendation.programme_id)).join(
        RecommendationTheme, col(RecommendationTheme.recommendation_id) == col(Recommendation.id)
    )
    return Ownership(
        theme.owner_programme_id, _programmes(session, carried.where(col(RecommendationTheme.theme_id) == theme.id))
    )


def on_manager(session: Session, post: Post) -> Ownership:
    """Of a post whose holder sees all that the organisation owes: what its posts are used for counts."""
    organisation = session.get_one(Organisation, post.organisation_id)
    return Ownership(
        post.owner_programme_id, on_post(session, post).users | on_organisation(session, organisation).users
    )


def on_seat(session: Session, post: Post) -> Ownership:
    """Of who seats its holder: of a manager, also what the organisation is used for, or a seat opens drafts."""
    return on_manager(session, post) if post.is_manager else on_post(session, post)


def addresses(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Of which people the viewer may read the address: those they have to deal with."""
    own = _own(viewer)
    if has_role(viewer, Role.ADMINISTRATOR) or own is None:
        return sa.true()
    inside = col(Action.programme_id).in_(own)
    supported = _supported(col(ActionSupport.post_id) == col(Holding.post_id)).where(inside)
    owes = sa.exists().where(col(Action.owner_post_id) == col(Holding.post_id), inside)
    holds = sa.exists().where(col(Holding.person_id) == col(Person.id), SEATED, sa.or_(owes, supported.exists()))
    granted = sa.exists().where(col(RoleGrant.person_id) == col(Person.id), col(RoleGrant.programme_id).in_(own))
    is_own = col(Person.id) == (viewer.person_id or 0)
    return sa.or_(is_own, col(Person.owner_programme_id).in_(own), granted, holds)


def told(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Of which programmes the set-up may tell the viewer the title."""
    return sa.true() if has_role(viewer, Role.ADMINISTRATOR) else visible.programmes(viewer)


def _own(viewer: Viewer) -> frozenset[int] | None:
    """The programmes of which the viewer is the secretariat; None: of all."""
    own = {grant.programme_id for grant in viewer.grants if grant.role is Role.SECRETARIAT}
    return None if None in own else frozenset(one for one in own if one)


def _supported(which: sa.ColumnElement[bool]) -> Any:
    return (
        sa.select(col(Action.programme_id))
        .join(ActionSupport, col(ActionSupport.action_id) == col(Action.id))
        .where(which)
    )


def _programmes(session: Session, *uses: Any) -> frozenset[int]:
    """Asked of each programme, not counted over the actions: a body may have thousands."""
    some = (use.where(_of(use) == col(Programme.id)).correlate(Programme).exists() for use in uses)
    return frozenset(one for one in session.scalars(sa.select(col(Programme.id)).where(sa.or_(*some))) if one)


def _of(use: Any) -> Any:
    return use.selected_columns[0]
