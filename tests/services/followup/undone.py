"""An action before and after an answer was undone, for those who compare."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.undoing import PUT_BACK
from app.domain.workflow import Verb
from app.models.actions import Action
from app.models.updates import Update, Via
from app.services.followup import undoing
from app.services.followup.transitions import Words
from tests.scenes import Scene

SAID = Words(note="Chez l'imprimeur.", public_summary="Le guide est chez l'imprimeur.", percent=80)


def undo(made: Scene, action: Action, answer: Update, who: str = "karim", via: Via = Via.WORKSPACE) -> None:
    undoing.undo(made.session, made.actor(who, via), action, answer.id)


def stands(action: Action) -> dict[str, object]:
    return {name: getattr(action, name) for name in (*PUT_BACK, "evidence")}


def story(session: Session, action: Action) -> list[tuple[object, ...]]:
    """What is told, and what the word of a holder is counted by."""
    told = sa.select(col(Update.id), col(Update.verb), col(Update.at), col(Update.public_summary))
    mine = col(Update.action_id) == action.id, col(Update.verb) != Verb.UNDO
    return [tuple(row) for row in session.execute(told.where(*mine).order_by(col(Update.id)))]
