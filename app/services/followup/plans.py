"""Planning under a recommendation: one form makes an action and, if wanted, gives it to its post at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Required, TypedDict, Unpack

from sqlmodel import Session

from app.domain.texts import Titles
from app.models.actions import Action
from app.models.recommendations import Recommendation
from app.services.followup import actions
from app.services.followup.transitions import require_secretariat
from app.services.kernel import deadlines
from app.services.kernel.audit import Actor


class Planned(TypedDict, total=False):
    """What the form says; `supporting` holds organisations, `is_past` says that a date before today is meant."""

    titles: Required[Titles]
    owner_post_id: int | None
    due_on: dt.date | None
    supporting: Sequence[int]
    description: str
    is_priority: bool
    is_past: bool
    assign: bool


def plan(session: Session, actor: Actor, recommendation: Recommendation, **planned: Unpack[Planned]) -> Action:
    """A draft, or an assigned action whose holder hears at once."""
    require_secretariat(actor, recommendation.programme_id)
    is_past = planned.get("is_past", False)
    deadlines.ask_back(planned.get("due_on"), is_meant=is_past)
    action = actions.create(
        session,
        actor,
        recommendation,
        titles=planned["titles"],
        owner_post_id=planned.get("owner_post_id"),
        due_on=planned.get("due_on"),
        description=planned.get("description", ""),
        is_priority=planned.get("is_priority", False),
        supporting=[(organisation_id, None, None) for organisation_id in planned.get("supporting", ())],
    )
    if planned.get("assign"):
        actions.assign(session, actor, action, is_past=is_past)
    return action
