"""Actions that serve several recommendations: which others one serves, and what these derive from it."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.models.actions import Action, AlsoServes
from app.models.base import table_of
from app.models.recommendations import Recommendation
from app.queries.scope import locks
from app.services.kernel import statuses

_ACT, _ALSO, _REC = (table_of(model) for model in (Action, AlsoServes, Recommendation))
_ACTIONS: Any = sa.bindparam("action_ids", expanding=True)
_MEETINGS: Any = sa.bindparam("meeting_ids", expanding=True)
# What a status rests on: the actions at home there, and those that serve it beside their own.
BELOW: Any = sa.union_all(
    sa.select(*statuses.FACTS).where(_ACT.c.recommendation_id == sa.bindparam("recommendation_id")),
    sa.select(*statuses.FACTS)
    .join(_ALSO, _ALSO.c.action_id == _ACT.c.id)
    .where(_ALSO.c.recommendation_id == sa.bindparam("recommendation_id")),
)
FACTS_OF: Any = sa.union_all(
    sa.select(_ACT.c.recommendation_id, *statuses.FACTS).where(_ACT.c.meeting_id.in_(_MEETINGS)),
    sa.select(_ALSO.c.recommendation_id, *statuses.FACTS)
    .join(_ALSO, _ALSO.c.action_id == _ACT.c.id)
    .join(_REC, _REC.c.id == _ALSO.c.recommendation_id)
    .where(_REC.c.meeting_id.in_(_MEETINGS)),
)


def served_by(session: Session, actions: Collection[Action]) -> list[Recommendation]:
    """The other recommendations that these serve, in the order of locks; they were locked with the actions."""
    ids = [action.id for action in actions if action.serves_others]
    return list(session.scalars(_SERVED, {"action_ids": ids}, execution_options=locks.FRESH)) if ids else []


def with_served(session: Session, meeting_ids: Sequence[int]) -> list[int]:
    """These meetings, and those with a recommendation that an action of these serves."""
    return sorted({*meeting_ids, *session.scalars(_BESIDE, {"meeting_ids": meeting_ids})})


_SERVED: Any = (
    sa.select(Recommendation)
    .where(_REC.c.id.in_(sa.select(_ALSO.c.recommendation_id).where(_ALSO.c.action_id.in_(_ACTIONS))))
    .order_by(_REC.c.id)
)
_BESIDE: Any = (
    sa.select(_REC.c.meeting_id)
    .join(_ALSO, _ALSO.c.recommendation_id == _REC.c.id)
    .join(_ACT, _ACT.c.id == _ALSO.c.action_id)
    .where(_ACT.c.meeting_id.in_(_MEETINGS))
    .distinct()
)
