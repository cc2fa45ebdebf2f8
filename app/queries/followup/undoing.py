"""Answers that their author can still undo: which, until when, and whether anything has followed from them."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain.errors import NotFound
from app.domain.permissions import Viewer
from app.domain.workflow import Evidence
from app.models.actions import Action
from app.models.audit import AuditEvent
from app.models.evidence import EvidenceItem
from app.models.takebacks import KeptAnswer
from app.models.updates import Update


class UnsettledAnswer(NamedTuple):
    update_id: int
    until_at: dt.datetime


def kept(session: Session, action: Action, update_id: int) -> KeptAnswer:
    """What is kept of an answer about this action, undone or not; as it stands now: the action is locked."""
    query = sa.select(KeptAnswer).where(col(KeptAnswer.update_id) == update_id, col(KeptAnswer.action_id) == action.id)
    found: KeptAnswer | None = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def last(session: Session, viewer: Viewer, action_id: int) -> UnsettledAnswer | None:
    """The viewer's own answer that can be undone now: the last act on the action, a few minutes old."""
    query = (
        sa.select(KeptAnswer)
        .join(Update, col(Update.id) == col(KeptAnswer.update_id))
        .where(
            col(KeptAnswer.action_id) == action_id,
            col(KeptAnswer.until_at) > clock.now(),
            col(KeptAnswer.undone_at).is_(None),
            col(Update.person_id) == viewer.person_id,
            col(Update.post_id).in_(viewer.post_ids),
            col(Update.released_by_id).is_(None),
            col(Update.withheld_reason) == "",
        )
        .order_by(col(KeptAnswer.update_id).desc())
        .limit(1)
    )
    found: KeptAnswer | None = session.scalars(query).first()
    if found is None or is_touched(session, found, viewer.person_id):
        return None
    return UnsettledAnswer(found.update_id, found.until_at)


def last_of(session: Session, viewer: Viewer, ref: str) -> UnsettledAnswer | None:
    """The same of the action with this reference, whatever was asked for."""
    action_id = session.scalars(sa.select(col(Action.id)).where(col(Action.ref) == ref)).first()
    return last(session, viewer, action_id) if action_id else None


# What comes with an answer, or is added to it by the same hand, undoes nothing and is in nobody's way.
OWN = ("attach", "reach_milestone")


def is_touched(session: Session, answer: KeptAnswer, person_id: int | None) -> bool:
    """Whether anybody has done anything with the action since."""
    own = sa.and_(col(AuditEvent.actor_id) == person_id, col(AuditEvent.verb).in_(OWN))
    since = sa.select(col(AuditEvent.id)).where(
        col(AuditEvent.subject_kind) == "action",
        col(AuditEvent.subject_id) == answer.action_id,
        col(AuditEvent.id) > answer.event_id,
        sa.not_(own),
    )
    return session.scalars(since.limit(1)).first() is not None


def evidence_left(session: Session, action: Action) -> Evidence:
    """The axis as the pieces at hand make it, of an action that is not declared done."""
    pieces = sa.select(col(EvidenceItem.id)).where(col(EvidenceItem.action_id) == action.id)
    return Evidence.NONE if session.scalars(pieces.limit(1)).first() is None else Evidence.DOCUMENTED


def was_undone(session: Session, action_id: int, update_id: int) -> bool:
    found = session.get(KeptAnswer, update_id)
    return found is not None and found.action_id == action_id and found.undone_at is not None
