"""Which other recommendations an action serves, and which actions of others serve one, as the viewer may know."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import permissions
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.models.actions import Action, AlsoServes
from app.models.recommendations import Recommendation
from app.queries.followup import actions
from app.queries.followup.actions import ROW, ActionRow
from app.queries.scope import visible


@dataclass(frozen=True, slots=True)
class ServedLine:
    ref: str
    titles: Titles


@dataclass(frozen=True, slots=True)
class ServingLine:
    """An action of another recommendation."""

    row: ActionRow
    home: str
    home_titles: Titles


def shareable(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Action:
    """For its secretariat; raises NotAllowed for others who see it. Whoever shares it takes the locks."""
    del lock
    found = actions.get(session, viewer, ref)
    permissions.require_secretariat(viewer, found.programme_id)
    return found


def served(session: Session, viewer: Viewer, action_id: int) -> list[ServedLine]:
    query = (
        sa.select(col(Recommendation.ref), col(Recommendation.titles))
        .join(AlsoServes, col(AlsoServes.recommendation_id) == col(Recommendation.id))
        .where(col(AlsoServes.action_id) == action_id, visible.recommendations(viewer))
    )
    return [ServedLine(*row) for row in session.execute(query.order_by(col(Recommendation.id)))]


def serving(session: Session, viewer: Viewer, recommendation_id: int) -> list[ServingLine]:
    query = (
        sa.select(col(Recommendation.ref), col(Recommendation.titles), *ROW)
        .select_from(AlsoServes)
        .join(Action, col(Action.id) == col(AlsoServes.action_id))
        .join(Recommendation, col(Recommendation.id) == col(Action.recommendation_id))
        .where(col(AlsoServes.recommendation_id) == recommendation_id, visible.actions(viewer))
    )
    rows = session.execute(query.order_by(col(Action.recommendation_id), col(Action.number)))
    return [ServingLine(ActionRow(*row), home, titles) for home, titles, *row in rows]
