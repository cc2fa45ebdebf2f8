"""The subjects of the ladder as it wants to know them: open actions, parts and milestones, as columns."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.domain.ladder import Audience, Kind, Subject
from app.domain.workflow import OPEN, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.people import Holding, Person
from app.queries.directory import Directory

# How long before its anchor a step can fall, the farthest rung and a week of days off included.
_EARLIEST = dt.timedelta(days=40)
# Five working days are never less than five days.
_PATIENCE = dt.timedelta(days=4)
_PORTION = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject with whom it concerns."""

    kind: Kind
    subject_id: int
    action_id: int
    programme_id: int
    post_id: int | None  # whose holder owes it
    organisation_id: int | None
    submitted_by_id: int | None
    zone: dt.tzinfo
    subject: Subject

    def hearing(self, people: Directory, audience: Audience) -> tuple[Audience, list[int]]:
        stakes = {people.holders.get(self.post_id or 0), self.submitted_by_id}
        return people.hearing(audience, self.programme_id, self.post_id, self.organisation_id, stakes)


_COLUMNS: tuple[Any, ...] = (
    col(Action.id), col(Action.programme_id), col(Action.owner_post_id), col(Action.lead_organisation_id),
    col(Action.state), col(Action.due_on), col(Action.deadline_version), col(Action.assigned_at),
    col(Action.blocked_at), col(Action.submitted_at), col(Action.submitted_by_id), col(Action.is_priority),
)  # fmt: skip
_PART = (col(ActionSupport.organisation_id), col(ActionSupport.post_id), col(ActionSupport.due_on))
_STONE = (col(Milestone.id), col(Milestone.due_on))
_HELD = (
    sa.select(col(Holding.post_id))
    .join(Person, col(Person.id) == col(Holding.person_id))
    .where(col(Holding.until_on).is_(None), col(Person.is_active))
)
_ASSIGNED = sa.and_(col(Action.state).in_(OPEN), col(Action.assigned_at).is_not(None))

# The same of actions that are named: found by their keys, for which no index of states is to be taken.
_LIVING = sa.and_(sa.func.coalesce(col(Action.state), sa.null()).in_(OPEN), col(Action.assigned_at).is_not(None))


def candidates(session: Session, people: Directory, until: dt.date) -> list[Candidate]:
    """The subjects of which a step may fall by `until`; the ladder itself decides."""
    due = until + _EARLIEST
    asked = dt.datetime.combine(until, dt.time.max, tzinfo=dt.UTC) - _PATIENCE
    wanted = sa.or_(
        sa.and_(col(Action.state).in_({State.ACKNOWLEDGED, State.IN_PROGRESS}), col(Action.due_on) <= due),
        sa.and_(col(Action.state) == State.ASSIGNED, col(Action.assigned_at) <= asked),
        sa.and_(col(Action.state) == State.SUBMITTED, col(Action.submitted_at) <= asked),
        col(Action.state) == State.BLOCKED,
        col(Action.owner_post_id).not_in(_HELD),
    )
    parts = col(ActionSupport.due_on) <= due
    stones = sa.and_(col(Milestone.due_on) <= due, col(Milestone.done_on).is_(None))
    return [*_load(session, people, _ASSIGNED & wanted, _ASSIGNED & parts, _ASSIGNED & stones)]


def chosen(session: Session, people: Directory, keys: Collection[tuple[str, int]]) -> list[Candidate]:
    """These subjects, as far as they are still open."""
    ids = {kind: [subject_id for found, subject_id in keys if found == kind.value] for kind in Kind}
    return [
        *_load(
            session,
            people,
            _LIVING & col(Action.id).in_(ids[Kind.ACTION]),
            _LIVING & col(ActionSupport.action_id).in_(ids[Kind.PART]) & col(ActionSupport.due_on).is_not(None),
            _LIVING & col(Milestone.id).in_(ids[Kind.MILESTONE]) & col(Milestone.done_on).is_(None),
        )
    ]


def held(action: Action) -> Subject:
    """An action as the ladder sees it while its post has a holder: for what is told to that holder."""
    zone = settings().zone
    return Subject(
        state=action.state,
        assigned_on=_on(action.assigned_at, zone),
        due_on=action.due_on,
        deadline_version=action.deadline_version,
        blocked_on=_on(action.blocked_at, zone),
        submitted_on=_on(action.submitted_at, zone),
        is_priority=action.is_priority,
    )


def portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """SQLite takes so many parameters and no more."""
    whole = sorted(ids)
    return (whole[start : start + _PORTION] for start in range(0, len(whole), _PORTION))


def _load(session: Session, people: Directory, actions: Any, parts: Any, stones: Any) -> Iterator[Candidate]:
    for row in session.execute(sa.select(*_COLUMNS).where(actions)):
        yield _candidate(people, tuple(row), Kind.ACTION, row[0], row[2], row[3], row[5], row[6])
    on_parts = sa.select(*_COLUMNS, *_PART).join(ActionSupport, col(ActionSupport.action_id) == col(Action.id))
    for row in session.execute(on_parts.where(parts, col(ActionSupport.post_id).is_not(None))):
        organisation, post, due = row[-3:]
        yield _candidate(people, tuple(row), Kind.PART, row[0], post, organisation, due, due.toordinal())
    on_stones = sa.select(*_COLUMNS, *_STONE).join(Milestone, col(Milestone.action_id) == col(Action.id))
    for row in session.execute(on_stones.where(stones)):
        stone, due = row[-2:]
        yield _candidate(people, tuple(row), Kind.MILESTONE, stone, row[2], row[3], due, due.toordinal())


def _candidate(
    people: Directory,
    row: tuple[Any, ...],
    kind: Kind,
    subject_id: int,
    post: int | None,
    organisation: int | None,
    due_on: dt.date | None,
    version: int,
) -> Candidate:
    """Parts and milestones have no version of their own: the date itself tells whether it has moved."""
    action_id, programme, _, _, state, _, _, assigned, blocked, submitted, submitter, is_priority = row[:12]
    zone = settings().zone
    has_holder = (post or 0) in people.holders
    subject = Subject(
        state=state,
        kind=kind,
        assigned_on=_on(assigned, zone),
        due_on=due_on,
        deadline_version=version,
        blocked_on=_on(blocked, zone),
        submitted_on=_on(submitted, zone),
        vacant_on=None if has_holder else _vacant_on(people, post, _on(assigned, zone)),
        has_holder=has_holder,
        is_priority=is_priority,
    )
    return Candidate(kind, subject_id, action_id, programme, post, organisation, submitter, zone, subject)


def _vacant_on(people: Directory, post: int | None, assigned_on: dt.date | None) -> dt.date | None:
    ended = people.vacated.get(post or 0)
    return max(day for day in (ended, assigned_on) if day) if ended or assigned_on else None


def _on(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.date | None:
    return moment.astimezone(zone).date() if moment else None
