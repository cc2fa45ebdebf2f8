"""After which day the desk has to look at an action because of its parts: derived from them, settled, compared."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.workflow import PartState, State
from app.models.actions import Action, ActionSupport

CONFIRMED_WITHIN = dt.timedelta(days=7)
_PART = (
    col(ActionSupport.part_state),
    col(ActionSupport.due_on),
    col(ActionSupport.asked_at),
    col(ActionSupport.post_id),
)


def settle(session: Session, action: Action) -> None:
    """The earliest day after which a part is late, or was never confirmed."""
    session.flush()
    parts: Any = session.execute(sa.select(*_PART).where(col(ActionSupport.action_id) == action.id)).all()
    action.parts_due_on = _earliest(parts)


def faults(session: Session) -> list[str]:
    """Of the actions that were assigned: drafts are asked about nothing yet."""
    parts: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(sa.select(*_PART, col(ActionSupport.action_id))):
        parts[row[-1]].append(row[:-1])
    given = sa.select(col(Action.id), col(Action.ref), col(Action.parts_due_on)).where(col(Action.state) != State.DRAFT)
    wanted = given.where(sa.or_(col(Action.parts_due_on).is_not(None), col(Action.id).in_(_SUPPORTED)))
    return [
        f"{ref}: parts_due_on is {kept}, not {day}"
        for action_id, ref, kept in session.execute(wanted)
        if kept != (day := _earliest(parts[action_id]))
    ]


def rebuild(session: Session) -> None:
    for action in session.scalars(sa.select(Action).where(col(Action.id).in_(_SUPPORTED))):
        if action.state is not State.DRAFT:
            settle(session, action)


_SUPPORTED = sa.select(col(ActionSupport.action_id))


def _earliest(parts: Iterable[tuple[PartState, dt.date | None, dt.datetime | None, int | None]]) -> dt.date | None:
    days = []
    for state, due_on, asked_at, post_id in parts:
        if state is not PartState.DONE and due_on:
            days.append(due_on)
        if state is PartState.ASKED and asked_at and post_id:
            days.append(clock.day(asked_at, dt.UTC) + CONFIRMED_WITHIN)
    return min(days, default=None)
