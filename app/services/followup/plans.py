"""Planning under a recommendation: one form makes an action and, if wanted, gives it to its post at once."""

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from app.domain.texts import Titles
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.services.followup import actions
from app.services.followup.transitions import require_secretariat
from app.services.kernel import deadlines
from app.services.kernel.audit import Actor


def plan(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    *,
    titles: Titles,
    owner_post_id: int | None = None,
    due_on: dt.date | None = None,
    supporting: Sequence[int] = (),
    description: str = "",
    is_priority: bool = False,
    is_past: bool = False,
    assign: bool = False,
) -> Action:
    """A draft, or an assigned action whose holder hears at once. `supporting` holds organisations."""
    require_secretariat(actor, recommendation.programme_id)
    deadlines.ask_back(due_on, is_meant=is_past)
    action = actions.create(
        session, actor, recommendation,
        titles=titles, owner_post_id=owner_post_id, due_on=due_on, description=description, is_priority=is_priority,
        supporting=[(organisation_id, None, None) for organisation_id in supporting],
    )  # fmt: skip
    if assign:
        actions.assign(session, actor, action, is_past=is_past)
    return action
