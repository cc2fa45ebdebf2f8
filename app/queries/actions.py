"""Actions as their viewers may see them: one, and the lists of the workspace."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import references, schedule
from app.domain.errors import NotFound
from app.domain.marks import Marks, for_action
from app.domain.permissions import PUBLIC, ActionFacts, Viewer
from app.domain.schedule import Judgement
from app.domain.titles import Titles
from app.domain.workflow import Evidence, State, Verb
from app.models.actions import Action, ActionSupport, Milestone
from app.models.audit import AuditEvent
from app.models.evidence import EvidenceItem
from app.models.updates import ON_BEHALF, Update
from app.queries import locks, visible


def get(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Action:
    """The action behind a canonical reference, if the viewer may know of it; `lock` for those who will change it."""
    found = _seen(session, viewer, [canonical(ref)], lock=lock)
    if not found:
        raise NotFound
    return found[0]


def several(session: Session, viewer: Viewer, refs: Iterable[str], *, lock: bool = False) -> list[Action]:
    """These actions, in the one order of locks; raises NotFound when the viewer may not know of every one of them."""
    wanted = {canonical(ref) for ref in refs}
    found = _seen(session, viewer, wanted, lock=lock)
    if len(found) < len(wanted):
        raise NotFound
    return found


def _seen(session: Session, viewer: Viewer, refs: Collection[str], *, lock: bool) -> list[Action]:
    """With `lock` their recommendations are locked before them."""
    condition = col(Action.is_public) if viewer is PUBLIC else visible.actions(viewer)
    query = sa.select(Action).where(col(Action.ref).in_(refs), condition)
    query = query.order_by(col(Action.recommendation_id), col(Action.id))
    if not lock:
        return list(session.scalars(query))
    locks.parents(session, sa.select(col(Action.recommendation_id)).where(col(Action.ref).in_(refs), condition))
    return list(session.scalars(query.with_for_update(**locks.ROW), execution_options=locks.FRESH))


def canonical(ref: str) -> str:
    """The reference in its one spelling; raises NotFound when it is none."""
    found = references.parse(ref)
    if found is None:
        raise NotFound
    return str(found)


def facts(session: Session, action: Action) -> ActionFacts:
    """What decides who may do what with the action."""
    concerned = session.execute(_CONCERNED, {"action_id": action.id}).all()
    return ActionFacts(
        programme_id=action.programme_id,
        lead_organisation_id=action.lead_organisation_id,
        owner_post_id=action.owner_post_id,
        supporting_post_ids=frozenset(row[1] for row in concerned if row[1]),
        submitter_id=action.submitted_by_id,
        recorder_ids=frozenset(row[2] for row in concerned if row[2]),
        supporting_organisation_ids=frozenset(row[0] for row in concerned if row[0]),
        is_draft=action.assigned_at is None,
    )


def _concerned() -> Any:
    """In one statement: who supports the action, and who put something of its evidence there for its owner.

    What was recorded on behalf counts until a return or a reopening asks for word again.
    """
    of: Any = sa.bindparam("action_id")
    nobody, later = sa.null(), aliased(Update)
    asked_again = sa.exists().where(
        col(later.action_id) == col(Update.action_id),
        col(later.id) > col(Update.id),
        col(later.verb).in_([Verb.RETURN, Verb.REOPEN]),
    )
    support = sa.select(col(ActionSupport.organisation_id), col(ActionSupport.post_id), nobody)
    pieces = sa.select(nobody, nobody, col(EvidenceItem.person_id)).where(col(EvidenceItem.action_id) == of)
    recorded = sa.select(nobody, nobody, col(Update.person_id)).where(col(Update.action_id) == of, ON_BEHALF)
    return support.where(col(ActionSupport.action_id) == of).union_all(pieces, recorded.where(~asked_again))


_CONCERNED: Any = _concerned()


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One line of a list: columns, not objects."""

    id: int
    ref: str
    titles: Titles
    state: State
    evidence: Evidence
    due_on: dt.date | None
    baseline_on: dt.date | None
    submitted_at: dt.datetime | None
    assigned_at: dt.datetime | None
    last_word_at: dt.datetime | None
    percent: int | None
    extensions: int
    owner_post_id: int | None
    lead_organisation_id: int | None
    recommendation_id: int
    version: int
    is_public: bool
    is_priority: bool

    def judged(self, today: dt.date) -> Judgement:
        submitted_on = clock.day(self.submitted_at, settings().zone) if self.submitted_at else None
        return schedule.judge(
            self.state, baseline_on=self.baseline_on, due_on=self.due_on, submitted_on=submitted_on, today=today
        )

    def silence(self, today: dt.date) -> int | None:
        return schedule.silence_days(_date(self.last_word_at), _date(self.assigned_at), today)

    def marks(self, today: dt.date) -> Marks:
        stale = schedule.is_stale(_date(self.last_word_at), _date(self.assigned_at), today)
        return for_action(self.state, self.judged(today), self.evidence, is_stale=stale)


ROW = tuple(col(getattr(Action, name)) for name in ActionRow.__dataclass_fields__)


def rows(session: Session, query: sa.Select[Any]) -> list[ActionRow]:
    """The lines of a query over ROW."""
    return [ActionRow(*row) for row in session.execute(query).all()]


def of_recommendation(session: Session, viewer: Viewer, recommendation_id: int) -> list[ActionRow]:
    """Its actions in the order of their numbers, as far as the viewer sees them."""
    condition = col(Action.is_public) if viewer is PUBLIC else visible.actions(viewer)
    query = sa.select(*ROW).where(col(Action.recommendation_id) == recommendation_id, condition)
    return rows(session, query.order_by(col(Action.number)))


def is_baseline_open(session: Session, action: Action) -> bool:
    """Whether its first deadline can still be corrected: nobody has ever acknowledged it, and it was never public."""
    if action.state not in {State.ASSIGNED, State.DECLINED} or action.acknowledged_at or action.published_at:
        return False
    acknowledged = sa.select(col(Update.id)).where(
        col(Update.action_id) == action.id, col(Update.verb) == Verb.ACKNOWLEDGE
    )
    published = sa.select(col(AuditEvent.id)).where(
        col(AuditEvent.subject_kind) == "action", col(AuditEvent.subject_id) == action.id, _PUBLISHED
    )
    return not session.scalars(sa.select(sa.or_(acknowledged.exists(), published.exists()))).one()


_PUBLISHED = col(AuditEvent.verb) == "publish"


def piece(session: Session, action: Action, evidence_id: int) -> EvidenceItem:
    """A piece of evidence of this action."""
    found = session.get(EvidenceItem, evidence_id)
    if found is None or found.action_id != action.id:
        raise NotFound
    return found


def milestone(session: Session, action: Action, milestone_id: int) -> Milestone:
    """A milestone of this action."""
    found = session.get(Milestone, milestone_id)
    if found is None or found.action_id != action.id:
        raise NotFound
    return found


def update(session: Session, action: Action, update_id: int) -> Update:
    """An act of this action's story."""
    found = session.get(Update, update_id)
    if found is None or found.action_id != action.id:
        raise NotFound
    return found


def _date(moment: dt.datetime | None) -> dt.date | None:
    return clock.day(moment, settings().zone) if moment else None
