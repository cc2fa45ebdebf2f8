"""The one order in which rows are locked: programme, meeting, report, recommendations, actions; one kind by its ids.

Counts come last. Whoever takes a child before its parent waits for whoever did it the other way round: a deadlock.
SQLite has one writer and no row locks.
"""

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.models.actions import Action, AlsoServes
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


def above(action_ids: Any) -> Any:
    """What locks the recommendations of the actions that this selects: their homes, and the others they serve."""
    homes = sa.select(col(Action.recommendation_id)).where(col(Action.id).in_(action_ids))
    return _in_order(Recommendation, col(Recommendation.id).in_(homes.union(_served_by(action_ids))))


def hold_parent(session: Session, action: Action) -> None:
    """Lock the recommendations that an action counts in, as it is about to move, and read nothing of them."""
    if _has_rows(session):
        given = {"parent_id": action.recommendation_id} | ({"action_id": action.id} if action.serves_others else {})
        session.execute(_IDS_ABOVE if action.serves_others else _ID_OF_PARENT, given)


def with_served(session: Session, ref: str) -> None:
    """Lock a recommendation with those that its actions serve, too: what is public of it moves them all."""
    if _has_rows(session):
        session.execute(_WITH_SERVED, {"ref": ref})


def pair(session: Session, *recommendation_ids: int) -> None:
    """Lock these recommendations, whichever was named first."""
    if _has_rows(session):
        session.execute(_in_order(Recommendation, col(Recommendation.id).in_(recommendation_ids)))


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
    served = col(Recommendation.id).in_(_served_by(_at_home(col(Action.meeting_id).in_(meeting_ids))))
    for table, which in (
        (Meeting, col(Meeting.id).in_(meeting_ids)),
        (Recommendation, sa.or_(col(Recommendation.meeting_id).in_(meeting_ids), served)),
        (Action, col(Action.meeting_id).in_(meeting_ids)),
    ):
        session.execute(_in_order(table, which))
    session.expire_all()


def _in_order(table: Any, which: sa.ColumnElement[bool]) -> Any:
    return sa.select(col(table.id)).where(which).order_by(col(table.id)).with_for_update(**ROW)


def _served_by(action_ids: Any) -> Any:
    return sa.select(col(AlsoServes.recommendation_id)).where(col(AlsoServes.action_id).in_(action_ids))


def _at_home(which: sa.ColumnElement[bool]) -> Any:
    return sa.select(col(Action.id)).where(which)


_THE_PARENT = col(Recommendation.id) == sa.bindparam("parent_id")
_ID_OF_PARENT: Any = _in_order(Recommendation, _THE_PARENT)
_IDS_ABOVE: Any = _in_order(
    Recommendation, sa.or_(_THE_PARENT, col(Recommendation.id).in_(_served_by([sa.bindparam("action_id")])))
)
_REF = col(Recommendation.ref) == sa.bindparam("ref")
_BELOW_REF = _at_home(col(Action.recommendation_id).in_(sa.select(col(Recommendation.id)).where(_REF)))
_WITH_SERVED: Any = _in_order(Recommendation, sa.or_(_REF, col(Recommendation.id).in_(_served_by(_BELOW_REF))))
_PARENT: Any = sa.select(Recommendation).where(_THE_PARENT).with_for_update(**ROW)


def _has_rows(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
