"""What one post owes now: the open actions that it owns, and its parts of those that it merely supports."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.workflow import OPEN, State
from app.models.actions import Action, ActionSupport

_STATES = OPEN - {State.DECLINED}  # what was declined waits for the secretariat


@dataclass(frozen=True, slots=True)
class PostDuty:
    """`due_on`: of its part, where it merely supports."""

    action_id: int
    is_part: bool
    state: State
    due_on: dt.date | None


def of_post(session: Session, post_id: int) -> list[PostDuty]:
    """The nearest first, in one statement."""
    found = found_of(post_id)
    query = sa.select(found).order_by(found.c.due_on.is_(None), found.c.due_on, found.c.id)
    return [PostDuty(*row) for row in session.execute(query)]


def found_of(post_id: int) -> sa.Subquery:
    """The same as a table: id, is_part, state, due_on."""
    owned = _open(sa.false(), col(Action.due_on)).where(col(Action.owner_post_id) == post_id)
    part_on: Any = sa.func.min(sa.func.coalesce(col(ActionSupport.due_on), col(Action.due_on)))
    others = sa.func.coalesce(col(Action.owner_post_id), 0) != post_id
    supported = _open(sa.true(), part_on).join(ActionSupport, col(ActionSupport.action_id) == col(Action.id))
    parts = supported.where(col(ActionSupport.post_id) == post_id, others).group_by(col(Action.id))
    return sa.union_all(owned, parts).subquery()


def _open(is_part: Any, due_on: Any) -> sa.Select[Any]:
    row = sa.select(col(Action.id), is_part.label("is_part"), col(Action.state), due_on.label("due_on"))
    return row.where(col(Action.state).in_(_STATES), col(Action.assigned_at).is_not(None))
