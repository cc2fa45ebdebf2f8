"""The subjects of the ladder as it wants to know them: open actions, parts and milestones, as columns."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.domain.ladder import Audience, Kind, Subject
from app.domain.workflow import OPEN, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.people import Holding, Person
from app.queries import directory
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
    col(Action.deadline_set_at),
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
    found = _rows(session, _ASSIGNED & wanted, _ASSIGNED & parts, _ASSIGNED & stones)
    return [_candidate(people, row) for row in found]


def chosen(session: Session, keys: Collection[tuple[str, int]]) -> tuple[Directory, list[Candidate]]:
    """These subjects, as far as they are still open, and whoever they concern."""
    ids = {kind: [subject_id for found, subject_id in keys if found == kind.value] for kind in Kind}
    parts = col(ActionSupport.due_on).is_not(None)
    stones = col(Milestone.due_on).is_not(None) & col(Milestone.done_on).is_(None)
    found = _rows(
        session,
        _LIVING & col(Action.id).in_(ids[Kind.ACTION]) if ids[Kind.ACTION] else None,
        _LIVING & col(ActionSupport.action_id).in_(ids[Kind.PART]) & parts if ids[Kind.PART] else None,
        _LIVING & col(Milestone.id).in_(ids[Kind.MILESTONE]) & stones if ids[Kind.MILESTONE] else None,
    )
    rows = list(found)
    people = directory.load(session, {row.post for row in rows if row.post}, {row.body for row in rows if row.body})
    return people, [_candidate(people, row) for row in rows]


def held(action: Any) -> Subject:
    """An action as the ladder sees it while its post has a holder: for what is told to that holder."""
    zone = settings().zone
    return Subject(
        state=action.state,
        assigned_on=_on(action.assigned_at, zone),
        due_on=action.due_on,
        deadline_version=action.deadline_version,
        armed_on=_on(action.deadline_set_at, zone),
        blocked_on=_on(action.blocked_at, zone),
        submitted_on=_on(action.submitted_at, zone),
        is_priority=action.is_priority,
    )


def portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """SQLite takes so many parameters and no more."""
    whole = sorted(ids)
    return (whole[start : start + _PORTION] for start in range(0, len(whole), _PORTION))


class _Row(NamedTuple):
    """A subject as it stands in the tables; parts and milestones have no version: the date tells whether it moved."""

    kind: Kind
    subject_id: int
    post: int | None
    body: int | None
    due_on: dt.date | None
    version: int
    action: tuple[Any, ...]


def _rows(session: Session, actions: Any, parts: Any, stones: Any) -> Iterator[_Row]:
    if actions is not None:
        for found in session.execute(sa.select(*_COLUMNS).where(actions)):
            row = tuple(found)
            yield _Row(Kind.ACTION, row[0], row[2], row[3], row[5], row[6], row)
    if parts is not None:
        on_parts = sa.select(*_COLUMNS, *_PART).join(ActionSupport, col(ActionSupport.action_id) == col(Action.id))
        for found in session.execute(on_parts.where(parts, col(ActionSupport.post_id).is_not(None))):
            *action, body, post, due = found
            yield _Row(Kind.PART, action[0], post, body, due, due.toordinal(), tuple(action))
    if stones is not None:
        on_stones = sa.select(*_COLUMNS, *_STONE).join(Milestone, col(Milestone.action_id) == col(Action.id))
        for found in session.execute(on_stones.where(stones)):
            *action, stone, due = found
            yield _Row(Kind.MILESTONE, stone, action[2], action[3], due, due.toordinal(), tuple(action))


def _candidate(people: Directory, row: _Row) -> Candidate:
    action_id, programme, _, _, state, _, _, assigned, blocked, submitted, submitter, is_priority, set_at = row.action
    zone, has_holder = settings().zone, (row.post or 0) in people.holders
    subject = Subject(
        state=state,
        kind=row.kind,
        assigned_on=_on(assigned, zone),
        due_on=row.due_on,
        deadline_version=row.version,
        armed_on=_on(set_at, zone) if row.kind is Kind.ACTION else None,
        blocked_on=_on(blocked, zone),
        submitted_on=_on(submitted, zone),
        vacant_on=None if has_holder else _vacant_on(people, row.post, _on(assigned, zone)),
        has_holder=has_holder,
        is_priority=is_priority,
    )
    return Candidate(row.kind, row.subject_id, action_id, programme, row.post, row.body, submitter, zone, subject)


def _vacant_on(people: Directory, post: int | None, assigned_on: dt.date | None) -> dt.date | None:
    ended = people.vacated.get(post or 0)
    return max(day for day in (ended, assigned_on) if day) if ended or assigned_on else None


def _on(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.date | None:
    return moment.astimezone(zone).date() if moment else None
