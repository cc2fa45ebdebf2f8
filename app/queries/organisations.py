"""Organisations on the public pages: what they lead and owe, what they have done."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.titles import Titles
from app.domain.workflow import OPEN, State
from app.models.actions import Action, ActionSupport
from app.models.people import Organisation
from app.models.recommendations import Recommendation
from app.queries import actions, visible
from app.queries.actions import ActionRow

PER_PAGE = 25
DONE = 10


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    id: int
    slug: str
    titles: Titles
    region: str | None
    supports: int  # public actions that others lead


def public(session: Session, slug: str) -> OrganisationRow:
    """The organisation at an address, if anything public names it: of others nobody outside knows."""
    supports = (
        sa.select(sa.func.count())
        .select_from(ActionSupport)
        .join(Action, col(Action.id) == col(ActionSupport.action_id))
        .where(col(ActionSupport.organisation_id) == col(Organisation.id), visible.SHOWN)
        .scalar_subquery()
    )
    leads = sa.exists().where(col(Action.lead_organisation_id) == col(Organisation.id), visible.SHOWN)
    answered = sa.exists().where(
        col(Recommendation.response_by_id) == col(Organisation.id), col(Recommendation.is_public)
    )
    query = sa.select(
        col(Organisation.id), col(Organisation.slug), col(Organisation.titles), col(Organisation.region), supports
    ).where(col(Organisation.slug) == slug, sa.or_(leads, supports > 0, answered))
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return OrganisationRow(*found)


def owed(session: Session, organisation_id: int, after: tuple[dt.date, int] | None) -> list[ActionRow]:
    """What it leads and has not finished, by deadline; one row more than a page tells that there is another."""
    query: Any = sa.select(*actions.ROW).where(_leads(organisation_id), col(Action.state).in_(OPEN))
    if after:
        query = query.where(sa.tuple_(col(Action.due_on), col(Action.id)) > sa.tuple_(*after))
    return actions.rows(session, query.order_by(col(Action.due_on), col(Action.id)).limit(PER_PAGE + 1))


def done(session: Session, organisation_id: int) -> list[ActionRow]:
    """The latest that were verified."""
    query: Any = sa.select(*actions.ROW).where(_leads(organisation_id), col(Action.state) == State.VERIFIED)
    return actions.rows(session, query.order_by(col(Action.verified_at).desc(), col(Action.id).desc()).limit(DONE))


def longest_silence(session: Session, organisation_id: int, today: dt.date) -> int:
    """Days since the last word on the action that has waited longest; 0 when nothing is owed."""
    since: Any = sa.func.min(sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at)))
    owes = sa.select(since).where(_leads(organisation_id), col(Action.state).in_(OPEN - {State.SUBMITTED}))
    at = session.scalars(owes).first()
    return (today - at.date()).days if at else 0


def late_under_way(session: Session, organisation_id: int, today: dt.date) -> int:
    """How many of those under way are overdue: the hatched part of its bar."""
    under_way = col(Action.state).in_([State.IN_PROGRESS, State.BLOCKED])
    query = sa.select(sa.func.count()).select_from(Action)
    return session.scalars(query.where(_leads(organisation_id), under_way, col(Action.due_on) < today)).one()


def _leads(organisation_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(col(Action.lead_organisation_id) == organisation_id, visible.SHOWN)
