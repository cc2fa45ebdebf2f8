"""Actions as their viewers may see them: one, and the lists of the workspace."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import references, schedule
from app.domain.errors import NotFound
from app.domain.marks import Marks, for_action
from app.domain.permissions import PUBLIC, ActionFacts, Viewer
from app.domain.schedule import Judgement
from app.domain.titles import Titles
from app.domain.workflow import Evidence, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.updates import Update
from app.queries import visible


def get(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Action:
    """The action behind a canonical reference, if the viewer may know of it; `lock` for those who will change it."""
    query = sa.select(Action).where(col(Action.ref) == canonical(ref))
    condition = col(Action.is_public) if viewer is PUBLIC else visible.actions(viewer)
    action = session.scalars((query.with_for_update() if lock else query).where(condition)).first()
    if action is None:
        raise NotFound
    return action


def canonical(ref: str) -> str:
    """The reference in its one spelling; raises NotFound when it is none."""
    found = references.parse(ref)
    if found is None:
        raise NotFound
    return str(found)


def facts(session: Session, action: Action) -> ActionFacts:
    """What decides who may do what with the action."""
    support = session.execute(_SUPPORT, {"action_id": action.id}).all()
    return ActionFacts(
        programme_id=action.programme_id,
        lead_organisation_id=action.lead_organisation_id,
        owner_post_id=action.owner_post_id,
        supporting_post_ids=frozenset(row[1] for row in support if row[1]),
        submitter_id=action.submitted_by_id,
        supporting_organisation_ids=frozenset(row[0] for row in support),
        is_draft=action.assigned_at is None,
    )


_SUPPORT: Any = sa.select(col(ActionSupport.organisation_id), col(ActionSupport.post_id)).where(
    col(ActionSupport.action_id) == sa.bindparam("action_id")
)


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
        submitted_on = self.submitted_at.date() if self.submitted_at else None
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
    return [ActionRow(*row) for row in session.execute(query)]


def of_recommendation(session: Session, viewer: Viewer, recommendation_id: int) -> list[ActionRow]:
    """Its actions in the order of their numbers, as far as the viewer sees them."""
    condition = col(Action.is_public) if viewer is PUBLIC else visible.actions(viewer)
    query = sa.select(*ROW).where(col(Action.recommendation_id) == recommendation_id, condition)
    return rows(session, query.order_by(col(Action.number)))


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
    return moment.date() if moment else None
