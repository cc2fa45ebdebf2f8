"""The one order in which rows are locked: programme, meeting, report, recommendations, actions; one kind by its ids.

Counts come last. Whoever takes a child before its parent waits for whoever did it the other way round: a deadlock.
SQLite has one writer and no row locks.
"""

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation

# FOR NO KEY UPDATE: what merely refers to a locked row (an entry of the story, a grant) is written meanwhile.
ROW: dict[str, Any] = {"key_share": True}
# After the wait the row is read again, even where this session knew it already.
FRESH: dict[str, Any] = {"populate_existing": True}


def parents(session: Session, make: Callable[[], Any], given: dict[str, object]) -> None:
    """Lock the recommendations of actions that will be locked next, by a statement that `above` made."""
    if _has_rows(session):
        session.execute(make(), given)


def above(recommendation_ids: Any) -> Any:
    """What locks the recommendations that this selects."""
    return _in_order(Recommendation, col(Recommendation.id).in_(recommendation_ids))


def hold_parent(session: Session, action: Action) -> None:
    """Lock the recommendation of an action that is about to move, and read nothing of it."""
    if _has_rows(session):
        session.execute(_ID_OF_PARENT, {"parent_id": action.recommendation_id})


def parent(session: Session, action: Action) -> Recommendation:
    """The action's recommendation, locked: two siblings that move at once derive its status one after the other."""
    given = {"parent_id": action.recommendation_id}
    found: Recommendation = session.scalars(_PARENT, given, execution_options=FRESH).one()
    return found


def take(session: Session, row: SQLModel) -> None:
    """Lock one row and read it again; what this session has changed of it is written before."""
    session.flush()
    session.refresh(row, with_for_update=ROW)


def below(session: Session, meeting_ids: Collection[int]) -> None:
    """Lock these meetings and all that is below them."""
    session.flush()
    if not (meeting_ids and _has_rows(session)):
        return
    for table, column in (
        (Meeting, Meeting.id),
        (Recommendation, Recommendation.meeting_id),
        (Action, Action.meeting_id),
    ):
        session.execute(_in_order(table, col(column).in_(meeting_ids)))
    session.expire_all()


def _in_order(table: Any, which: sa.ColumnElement[bool]) -> Any:
    return sa.select(col(table.id)).where(which).order_by(col(table.id)).with_for_update(**ROW)


_THE_PARENT = col(Recommendation.id) == sa.bindparam("parent_id")
_ID_OF_PARENT: Any = _in_order(Recommendation, _THE_PARENT)
_PARENT: Any = sa.select(Recommendation).where(_THE_PARENT).with_for_update(**ROW)


def _has_rows(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
