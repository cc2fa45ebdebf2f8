"""The subjects of the ladder as it wants to know them: open actions, parts and milestones, as columns."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.ladder import Audience, Kind, Subject
from app.domain.workflow import OPEN, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.people import Holding, Person
from app.queries.mailing import directory, ladder_memory
from app.queries.mailing.directory import Directory
from app.queries.mailing.ladder_memory import Now
from app.queries.scope.ranges import said
from app.queries.scope.seats import SEATED

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
    body_id: int = 0  # of a part
    seen: str = ""  # how it stands in the tables, where a pass asks

    def hearing(self, people: Directory, audience: Audience) -> tuple[Audience, list[int]]:
        stakes = {*people.seated.get(self.post_id or 0, ()), self.submitted_by_id}
        return people.hearing(audience, self.programme_id, self.post_id, self.organisation_id, stakes)


_COLUMNS: tuple[Any, ...] = (
    col(Action.id),
    col(Action.programme_id),
    col(Action.owner_post_id),
    col(Action.lead_organisation_id),
    col(Action.state),
    col(Action.due_on),
    col(Action.deadline_version),
    col(Action.assigned_at),
    col(Action.blocked_at),
    col(Action.submitted_at),
    col(Action.submitted_by_id),
    col(Action.is_priority),
    col(Action.deadline_set_at),
)
# Since when who decides has been asked for more time, of the request that waits longest.
_ASKED_AT: Any = (
    sa.select(sa.func.min(col(ExtensionRequest.asked_at)))
    .where(col(ExtensionRequest.action_id) == col(Action.id), said("extension_request", IS_OPEN_REQUEST))
    .correlate(Action)
    .scalar_subquery()
)
_PART = (col(ActionSupport.organisation_id), col(ActionSupport.post_id), col(ActionSupport.due_on))
_STONE = (col(Milestone.id), col(Milestone.due_on))
# What a pass remembers of a subject is all that it is made of.
_SEEN: Mapping[Kind, Any] = {
    Kind.ACTION: ladder_memory.written(*_COLUMNS, _ASKED_AT),
    Kind.PART: ladder_memory.written(*_COLUMNS, *_PART),
    Kind.MILESTONE: ladder_memory.written(*_COLUMNS, *_STONE),
}
_UNSEEN: Mapping[Kind, Any] = dict.fromkeys(Kind, sa.literal_column("''"))
_HELD = (
    sa.select(col(Holding.post_id))
    .join(Person, col(Person.id) == col(Holding.person_id))
    .where(SEATED, col(Person.is_active))
)
_WITH_REQUEST = sa.select(col(ExtensionRequest.action_id)).where(said("extension_request", IS_OPEN_REQUEST))
_ASSIGNED = sa.and_(col(Action.state).in_(OPEN), col(Action.assigned_at).is_not(None))

# The same of actions that are named or led to by their parts: found by their keys, not by an index of states.
_LIVING = sa.and_(sa.func.coalesce(col(Action.state), sa.null()).in_(OPEN), col(Action.assigned_at).is_not(None))


def candidates(session: Session, people: Directory, until: dt.date, now: Now | None = None) -> list[Candidate]:
    """The subjects of which a step may fall by `until`; the ladder itself decides. `now`: none that is remembered."""
    due = until + _EARLIEST
    asked = dt.datetime.combine(until, dt.time.max, tzinfo=dt.UTC) - _PATIENCE
    wanted = sa.or_(
        sa.and_(col(Action.state).in_({State.ACKNOWLEDGED, State.IN_PROGRESS}), col(Action.due_on) <= due),
        sa.and_(col(Action.state) == State.ASSIGNED, col(Action.assigned_at) <= asked),
        sa.and_(col(Action.state) == State.SUBMITTED, col(Action.submitted_at) <= asked),
        col(Action.state) == State.BLOCKED,
        col(Action.owner_post_id).not_in(_HELD),
        col(Action.id).in_(_WITH_REQUEST),
    )
    parts = sa.and_(col(ActionSupport.due_on) <= due, col(ActionSupport.state).in_(OPEN))
    stones = sa.and_(col(Milestone.due_on) <= due, col(Milestone.done_on).is_(None))
    which = {Kind.ACTION: _ASSIGNED & wanted, Kind.PART: _LIVING & parts, Kind.MILESTONE: _LIVING & stones}
    new = {
        kind: condition & ladder_memory.is_new(kind, _SEEN[kind], now) if now else condition
        for kind, condition in which.items()
    }
    return [_candidate(people, row) for row in _rows(session, *new.values(), seen=_SEEN if now else _UNSEEN)]


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
        assigned_on=clock.day(action.assigned_at, zone),
        due_on=action.due_on,
        deadline_version=action.deadline_version,
        armed_on=clock.day(action.deadline_set_at, zone),
        blocked_on=clock.day(action.blocked_at, zone),
        submitted_on=clock.day(action.submitted_at, zone),
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
    seen: str
    body_id: int = 0
    asked_at: dt.datetime | None = None


def _rows(
    session: Session, actions: Any, parts: Any, stones: Any, *, seen: Mapping[Kind, Any] = _UNSEEN
) -> Iterator[_Row]:
    if actions is not None:
        for found in session.execute(sa.select(*_COLUMNS, _ASKED_AT, seen[Kind.ACTION]).where(actions)):
            *action, asked, text = found
            row = _Row(Kind.ACTION, action[0], action[2], action[3], action[5], action[6], tuple(action), text)
            yield row._replace(asked_at=asked)
    if parts is not None:
        on_parts = sa.select(*_COLUMNS, *_PART, seen[Kind.PART])
        joined = on_parts.join(ActionSupport, col(ActionSupport.action_id) == col(Action.id))
        for found in session.execute(joined.where(parts, col(ActionSupport.post_id).is_not(None))):
            *action, body, post, due, text = found
            yield _Row(Kind.PART, action[0], post, body, due, due.toordinal(), tuple(action), text, body)
    if stones is not None:
        on_stones = sa.select(*_COLUMNS, *_STONE, seen[Kind.MILESTONE])
        joined = on_stones.join(Milestone, col(Milestone.action_id) == col(Action.id))
        for found in session.execute(joined.where(stones)):
            *action, stone, due, text = found
            yield _Row(Kind.MILESTONE, stone, action[2], action[3], due, due.toordinal(), tuple(action), text)


def _candidate(people: Directory, row: _Row) -> Candidate:
    action_id, programme, _, _, state, _, _, assigned, blocked, submitted, submitter, is_priority, set_at = row.action
    zone, has_holder = settings().zone, (row.post or 0) in people.holders
    subject = Subject(
        state=state,
        kind=row.kind,
        assigned_on=clock.day(assigned, zone),
        due_on=row.due_on,
        deadline_version=row.version,
        armed_on=clock.day(set_at, zone) if row.kind is Kind.ACTION else None,
        blocked_on=clock.day(blocked, zone),
        submitted_on=clock.day(submitted, zone),
        asked_on=clock.day(row.asked_at, zone),
        vacant_on=None if has_holder else _vacant_on(people, row.post, clock.day(assigned, zone)),
        has_holder=has_holder,
        is_priority=is_priority,
    )
    return Candidate(
        row.kind,
        row.subject_id,
        action_id,
        programme,
        row.post,
        row.body,
        submitter,
        zone,
        subject,
        row.body_id,
        row.seen,
    )


def _vacant_on(people: Directory, post: int | None, assigned_on: dt.date | None) -> dt.date | None:
    ended = people.vacated.get(post or 0)
    return max(day for day in (ended, assigned_on) if day) if ended or assigned_on else None
