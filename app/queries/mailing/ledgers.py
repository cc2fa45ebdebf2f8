"""Whose ledger it is: which messages concern what a viewer answers for, and which texts they may read."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.domain.permissions import Role, Viewer, has_role
from app.domain.texts import Titles
from app.models.actions import Action, ActionSupport, Milestone
from app.models.notifications import Envelope, Reminder
from app.models.people import Holding, Post, RoleGrant
from app.queries.mailing.ladder_candidates import portions
from app.queries.scope import ranges
from app.queries.scope.seats import SEATED

WEEKLY = ("digest", "digest_owner", "digest_secretariat")  # the last two until all became one
NOT_SECRET = col(Envelope.kind) != "sign_in"


@dataclass(frozen=True)
class LedgerScope:
    """The programmes answered for; None: all of them."""

    programme_ids: frozenset[int] | None


def scope(viewer: Viewer) -> LedgerScope | None:
    """None for whoever sees no ledger. Administrators see every envelope, but not what is in it."""
    grants = [grant for grant in viewer.grants if grant.role is Role.SECRETARIAT]
    if has_role(viewer, Role.ADMINISTRATOR) or any(grant.programme_id is None for grant in grants):
        return LedgerScope(None)
    return LedgerScope(frozenset(grant.programme_id for grant in grants if grant.programme_id)) if grants else None


def visible(whose: LedgerScope) -> list[Any]:
    """Messages about actions of these programmes, or to people whose posts owe some, or who run them."""
    if whose.programme_ids is None:
        return []
    inside = _inside(whose.programme_ids)
    return [sa.or_(about(inside), _weekly(whose), _of_posts(inside))]


def _inside(programme_ids: Collection[int]) -> Any:
    """Asked of an action that is found by another key."""
    return ranges.unindexed(col(Action.programme_id)).in_(programme_ids)


def about(which: Any) -> Any:
    """Messages about such actions, of themselves or by the reminders in them: asked of each message, by its keys."""
    itself = _there(Envelope, Action, col(Action.id) == col(Envelope.about_id), which)
    reminded = _there(Envelope, Reminder, col(Reminder.message_id) == col(Envelope.id), _reminds(which))
    return sa.or_(sa.and_(col(Envelope.about_kind) == "action", itself), reminded)


def _reminds(which: Any) -> Any:
    """The reminder is of such an action, of a part of it or of a milestone."""
    is_stone = col(Reminder.subject_kind) == "milestone"
    stone = sa.and_(col(Milestone.id) == col(Reminder.subject_id), col(Action.id) == col(Milestone.action_id))
    of_stone = _there(Reminder, Milestone, stone, which)
    of_action = _there(Reminder, Action, col(Action.id) == col(Reminder.subject_id), which)
    is_of_action = col(Reminder.subject_kind).in_(("action", "part", "word"))
    return sa.or_(sa.and_(is_stone, of_stone), sa.and_(is_of_action, of_action))


def _there(of: Any, table: Any, *conditions: Any) -> Any:
    """Whether a row is there, asked for each row of `of`: PostgreSQL would answer EXISTS from all rows, hashed."""
    one: Any = sa.select(sa.literal_column("1")).select_from(table).where(*conditions).limit(1)
    return one.correlate(of).scalar_subquery().is_not(None)


def of_action(ref: str) -> Any:
    """The ids of the messages about one action: found from the action, however many others there are."""
    action = sa.select(col(Action.id)).where(col(Action.ref) == ref).scalar_subquery()
    stones = sa.select(col(Milestone.id)).where(col(Milestone.action_id) == action)
    itself = sa.select(col(Envelope.id)).where(col(Envelope.about_kind) == "action", col(Envelope.about_id) == action)
    reminded = sa.select(col(Reminder.message_id)).where(col(Reminder.message_id).is_not(None))
    return itself.union(
        reminded.where(col(Reminder.subject_kind).in_(("action", "part", "word")), col(Reminder.subject_id) == action),
        reminded.where(col(Reminder.subject_kind) == "milestone", col(Reminder.subject_id).in_(stones)),
    )


def weekly_readers(whose: LedgerScope) -> Any:
    """The readers of a weekly mail that the scope concerns, as a subquery of ids; None: all."""
    if whose.programme_ids is None:
        return None
    granted = sa.select(col(RoleGrant.person_id)).where(
        col(RoleGrant.role).in_({Role.SECRETARIAT, Role.OBSERVER}), col(RoleGrant.programme_id).in_(whose.programme_ids)
    )
    owes = _owes(_inside(whose.programme_ids), col(Holding.post_id), Holding)
    holds = sa.select(col(Holding.person_id)).where(SEATED, sa.or_(owes, _manages(whose.programme_ids)))
    return sa.union(granted, holds)


def _manages(programme_ids: Collection[int]) -> Any:
    """It is a manager's post, of an organisation that leads such an action."""
    mine = aliased(Post)
    led = sa.and_(col(Action.lead_organisation_id) == col(mine.organisation_id), _inside(programme_ids))
    asked: Any = sa.select(col(mine.id)).where(
        col(mine.id) == col(Holding.post_id), col(mine.is_manager), _there(mine, Action, led)
    )
    return asked.correlate(Holding).scalar_subquery().is_not(None)


def actions(session: Session, whose: LedgerScope, ids: Collection[int]) -> dict[int, tuple[str, Titles]]:
    """Reference and titles of those among them that lie in the scope."""
    told: dict[int, tuple[str, Titles]] = {}
    for some in portions(ids):
        query = sa.select(col(Action.id), col(Action.ref), col(Action.titles)).where(col(Action.id).in_(some))
        if whose.programme_ids is not None:
            # Said so that no index of programmes is taken: the actions are found by their keys.
            of = sa.func.coalesce(col(Action.programme_id), sa.null())
            query = query.where(of.in_(whose.programme_ids))
        told.update({row[0]: (row[1], row[2]) for row in session.execute(query)})
    return told


def readable(viewer: Viewer) -> Any:
    """Messages whose whole text is of programmes whose secretariat the viewer is; one's own mails always are."""
    grants = [grant.programme_id for grant in viewer.grants if grant.role is Role.SECRETARIAT]
    if None in grants:
        return sa.true()
    own = [one for one in grants if one]
    is_inside = sa.and_(about(col(Action.programme_id).in_(own)), ~about(col(Action.programme_id).not_in(own)))
    return sa.or_(col(Envelope.person_id) == viewer.person_id, is_inside)


def _weekly(whose: LedgerScope) -> Any:
    return sa.and_(col(Envelope.kind).in_(WEEKLY), col(Envelope.person_id).in_(weekly_readers(whose)))


def _of_posts(inside: Any) -> Any:
    """A handover is about a post."""
    return sa.and_(col(Envelope.about_kind) == "post", _owes(inside, col(Envelope.about_id), Envelope))


def _owes(inside: Any, post_id: Any, of: Any) -> Any:
    """Whether a post owns or supports such an action: the first one found is enough."""
    owns = _there(of, Action, col(Action.owner_post_id) == post_id, inside)
    mine = sa.and_(col(ActionSupport.post_id) == post_id, col(Action.id) == col(ActionSupport.action_id))
    return sa.or_(owns, _there(of, ActionSupport, mine, inside))
