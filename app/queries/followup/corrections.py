"""Which entries of an action's story the viewer may correct, and which were corrected."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import Role, Viewer, may
from app.domain.undoing import ANSWERS
from app.models.actions import Action
from app.models.updates import Update

_LATEST = 60  # as many as the story shows


class Correctable(NamedTuple):
    corrections: int  # how often its words were: what a form was made from
    corrected_at: dt.datetime | None
    is_theirs: bool  # to correct


def of_action(session: Session, viewer: Viewer, action: Action, *, is_concerned: bool) -> dict[int, Correctable]:
    """By entry; `is_concerned`: whether the action is the viewer's business at all."""
    is_secretariat = may(viewer, action.programme_id, Role.SECRETARIAT)
    columns = (Update.id, Update.corrections, Update.corrected_at, Update.person_id)
    answers = sa.select(*(col(column) for column in columns)).where(
        col(Update.action_id) == action.id, col(Update.verb).in_(sorted(ANSWERS))
    )
    found = session.execute(answers.order_by(col(Update.id).desc()).limit(_LATEST))
    return {
        row[0]: Correctable(row[1], row[2], is_secretariat or (is_concerned and row[3] == viewer.person_id))
        for row in found
    }
