"""The first page: what moved lately, who is waited for longest, which recommendations under way are late."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import schedule
from app.domain.progress import GROUPS, Group
from app.domain.titles import Titles
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.meetings import Programme
from app.models.people import Organisation
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries import visible
from app.queries.tallies import OWED

WEEK = dt.timedelta(days=7)
# What is news to a reader; receipts and corrections of course are in the story.
_NEWS = (Verb.ASSIGN, Verb.REPORT, Verb.ON_TRACK, Verb.BLOCK, Verb.UNBLOCK, Verb.SUBMIT, Verb.VERIFY, Verb.RETURN,
         Verb.CANCEL, Verb.SUPERSEDE, Verb.NOT_APPLICABLE, Verb.REOPEN)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """The latest act on an action."""

    ref: str
    titles: Titles
    verb: Verb
    at: dt.datetime
    state: State


@dataclass(frozen=True, slots=True)
class Waited:
    """An organisation whose word is awaited, by the action that has waited longest."""

    slug: str
    titles: Titles
    silence: int
    owed: int
    overdue: int


def moved_since(session: Session, since: dt.datetime, limit: int) -> list[Moved]:
    """The actions that moved, newest first, each once by its latest act."""
    programmes = sa.select(col(Programme.id)).where(col(Programme.published_at).is_not(None))
    latest = (
        sa.select(col(Update.action_id), sa.func.max(col(Update.id)).label("id"))
        .where(col(Update.programme_id).in_(programmes), col(Update.at) >= since, col(Update.verb).in_(_NEWS))
        .group_by(col(Update.action_id))
        .subquery()
    )
    query = (
        sa.select(col(Action.ref), col(Action.titles), col(Update.verb), col(Update.at), col(Update.state_after))
        .select_from(latest)
        .join(Update, col(Update.id) == latest.c.id)
        .join(Action, col(Action.id) == latest.c.action_id)
        .where(visible.SHOWN)
        .order_by(col(Update.at).desc(), col(Update.id).desc())
        .limit(limit)
    )
    return [Moved(*row) for row in session.execute(query)]


def waited_for(session: Session, today: dt.date, limit: int) -> list[Waited]:
    """The organisations that lead what is owed, the longest silence first; those who spoke lately are not there."""
    since: Any = sa.func.min(sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at)))
    overdue = sa.func.sum(sa.case((col(Action.due_on) < today, 1), else_=0))
    lead = col(Action.lead_organisation_id)
    longest = (
        sa.select(lead.label("id"), since.label("since"), sa.func.count().label("owed"), overdue.label("overdue"))
        .where(col(Action.is_public), col(Action.state).in_(OWED), lead.is_not(None))
        .group_by(lead)
        .order_by(since, lead)
        .limit(limit)
        .subquery()
    )
    query: Any = (
        sa.select(col(Organisation.slug), col(Organisation.titles), longest.c.since, longest.c.owed, longest.c.overdue)
        .join(longest, longest.c.id == col(Organisation.id))
        .order_by(longest.c.since, longest.c.id)
    )
    rows = [
        Waited(slug, titles, (today - at.date()).days, owed, late)
        for slug, titles, at, owed, late in session.execute(query)
        if at is not None
    ]
    return [row for row in rows if row.silence >= schedule.STALE_DAYS or row.overdue]


def late_by_meeting(session: Session, today: dt.date, meeting_id: int | None = None) -> dict[int, int]:
    """How many recommendations under way have an overdue public action: the hatched part of a meeting's bar."""
    query = (
        sa.select(col(Action.meeting_id), sa.func.count(sa.distinct(col(Action.recommendation_id))))
        .join(Recommendation, col(Recommendation.id) == col(Action.recommendation_id))
        .where(col(Action.is_public), col(Action.state).in_(OWED), col(Action.due_on) < today)
        .where(col(Recommendation.public_status).in_(GROUPS[Group.UNDER_WAY]))
        .group_by(col(Action.meeting_id))
    )
    if meeting_id is not None:
        query = query.where(col(Action.meeting_id) == meeting_id)
    return {row[0]: row[1] for row in session.execute(query)}
