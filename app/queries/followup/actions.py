"""Actions as their viewers may see them: one, and the lists of the workspace."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import references, schedule
from app.domain.errors import NotFound
from app.domain.marks import Marks, for_action
from app.domain.permissions import ActionFacts, Viewer
from app.domain.schedule import Judgement
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.domain.workflow import ASKS_AGAIN, Evidence, State, Verb
from app.models.actions import Action, ActionSupport, Milestone
from app.models.audit import AuditEvent
from app.models.base import table_of
from app.models.evidence import EvidenceItem
from app.models.people import Organisation, Post
from app.models.updates import ON_BEHALF, Update
from app.queries.scope import locks, visible
from app.queries.scope.visible import Shape
from app.statements import Statement

_ACT, _SUP, _EVI, _UPD = (table_of(model) for model in (Action, ActionSupport, EvidenceItem, Update))


def get(session: Session, viewer: Viewer, ref: str, *, lock: bool = False) -> Action:
    """The action behind a canonical reference, if the viewer may know of it; `lock` for those who will change it."""
    found = _seen(session, viewer, [references.canonical(ref)], lock=lock)
    if not found:
        raise NotFound
    return found[0]


def several(session: Session, viewer: Viewer, refs: Iterable[str], *, lock: bool = False) -> list[Action]:
    """These actions, in the one order of locks; raises NotFound when the viewer may not know of every one of them."""
    wanted = {references.canonical(ref) for ref in refs}
    found = _seen(session, viewer, wanted, lock=lock)
    if len(found) < len(wanted):
        raise NotFound
    return found


def _seen(session: Session, viewer: Viewer, refs: Collection[str], *, lock: bool) -> list[Action]:
    """With `lock` their recommendations are locked before them."""
    shape, given = visible.shaped(viewer)
    given["refs"] = tuple(refs)
    if not lock:
        return list(session.scalars(_of_shape(shape), given))
    locks.parents(session, partial(_above, shape), given)
    return list(session.scalars(_to_lock(shape), given, execution_options=locks.FRESH))


@cache
def _of_shape(shape: Shape) -> Any:
    """Made once: making what a viewer sees costs ten times what it costs to ask for one action."""
    query = sa.select(Action).where(*_named(shape))
    return query.order_by(col(Action.recommendation_id), col(Action.id))


@cache
def _to_lock(shape: Shape) -> Any:
    return _of_shape(shape).with_for_update(**locks.ROW)


@cache
def _above(shape: Shape) -> Any:
    return locks.above(sa.select(col(Action.id)).where(*_named(shape)))


def _named(shape: Shape) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(Action.ref).in_(sa.bindparam("refs", expanding=True)), visible.actions_of(shape)


class Judged(NamedTuple):
    """As much of an action as decides who may do what with it."""

    id: int
    state: State
    programme_id: int
    lead_organisation_id: int | None
    owner_post_id: int | None
    submitted_by_id: int | None
    assigned_at: dt.datetime | None
    recommendation_id: int


JUDGED = tuple(_ACT.c[name] for name in Judged._fields)


def judged(session: Session, viewer: Viewer, ref: str) -> Judged:
    """The action behind a canonical reference, if the viewer may know of it, for nothing but a judgement."""
    shape, given = visible.shaped(viewer)
    found = _to_judge(shape).first(session, given | {"refs": (references.canonical(ref),)})
    if found is None:
        raise NotFound
    return Judged(*found)


@cache
def _to_judge(shape: Shape) -> Statement:
    return Statement(sa.select(*JUDGED).where(*_named(shape)))


def facts(session: Session, action: Action | Judged) -> ActionFacts:
    """What decides who may do what with the action."""
    concerned = _CONCERNED.rows(session, {"action_id": action.id})
    return ActionFacts(
        programme_id=action.programme_id,
        lead_organisation_id=action.lead_organisation_id,
        owner_post_id=action.owner_post_id,
        supporting_post_ids=frozenset(row[1] for row in concerned if row[1]),
        submitter_id=action.submitted_by_id,
        recorder_ids=frozenset(row[2] for row in concerned if row[2]),
        supporting_organisation_ids=frozenset(row[0] for row in concerned if row[0]),
        recommendation_id=action.recommendation_id,
    )


def _concerned() -> Statement:
    """In one statement: who supports the action, and who put something of its evidence there for its owner, each once.

    What was recorded on behalf counts until a return or a reopening asks for word again.
    """
    of: Any = sa.bindparam("action_id")
    nobody, later = sa.null(), _UPD.alias("later")
    asked_again = sa.exists().where(
        later.c.action_id == _UPD.c.action_id,
        later.c.id > _UPD.c.id,
        later.c.verb.in_(sorted(ASKS_AGAIN)),
    )
    support = sa.select(_SUP.c.organisation_id, _SUP.c.post_id, nobody).where(_SUP.c.action_id == of)
    pieces = sa.select(nobody, nobody, _EVI.c.person_id).where(_EVI.c.action_id == of)
    recorded = sa.select(nobody, nobody, _UPD.c.person_id).where(_UPD.c.action_id == of, ON_BEHALF, ~asked_again)
    return Statement(support.union(pieces, recorded))


_CONCERNED = _concerned()


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
    made_of: dict[str, MadeOf]

    def judged(self, today: dt.date) -> Judgement:
        submitted_on = clock.day(self.submitted_at, settings().zone)
        return schedule.judge(
            self.state, baseline_on=self.baseline_on, due_on=self.due_on, submitted_on=submitted_on, today=today
        )

    def silence(self, today: dt.date) -> int | None:
        return schedule.silence_days(*self._heard_on(), today)

    def marks(self, today: dt.date) -> Marks:
        stale = schedule.is_stale(*self._heard_on(), today)
        return for_action(self.state, self.judged(today), self.evidence, is_stale=stale)

    def _heard_on(self) -> tuple[dt.date | None, dt.date | None]:
        zone = settings().zone
        return clock.day(self.last_word_at, zone), clock.day(self.assigned_at, zone)


ROW = tuple(col(getattr(Action, name)) for name in ActionRow.__dataclass_fields__)

# Beside a row of a list of work: whose it is, and what stands in its way.
BESIDE: tuple[Any, ...] = (
    col(Organisation.titles),
    col(Post.titles),
    col(Action.block_reason),
    col(Action.who_can_unblock),
)


def picked_rows(picked: sa.Subquery, *further: Any) -> Any:
    """The rows of these keys, each behind its key, with what stands beside them."""
    return (
        sa.select(picked.c.key, *ROW, *BESIDE, *further)
        .join(picked, picked.c.id == col(Action.id))
        .outerjoin(Organisation, col(Organisation.id) == col(Action.lead_organisation_id))
        .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    )


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
