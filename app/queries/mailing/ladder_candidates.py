"""The subjects of the ladder as it wants to know them: open actions, parts, milestones and owed word, as columns."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.ladder import LADDER, Audience, Kind, Ladder, Subject
from app.domain.periods import OwedWord
from app.domain.workflow import AWAITED, OPEN, State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.indicators import Indicator
from app.models.people import Holding, Person
from app.queries.mailing import directory, indicator_candidates, ladder_memory, ladder_rows, word_candidates
from app.queries.mailing.directory import Directory
from app.queries.mailing.ladder_memory import Now
from app.queries.mailing.ladder_rows import SubjectRow
from app.queries.scope.ranges import said
from app.queries.scope.seats import SEATED

_OFF = 14  # days off move a step by less
_PORTION = 500
_ARMED = (Kind.ACTION, Kind.PART)


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
    word: OwedWord | None = None  # at intervals
    ladder: Ladder = LADDER

    def hearing(self, people: Directory, audience: Audience) -> tuple[Audience, list[int]]:
        stakes: Collection[int | None] = ()
        if audience is Audience.VERIFIER:
            stakes = {*people.seated.get(self.post_id or 0, ()), self.submitted_by_id}
        return people.hearing(audience, self.programme_id, self.post_id, self.organisation_id, stakes)


_HELD = (
    sa.select(col(Holding.post_id))
    .join(Person, col(Person.id) == col(Holding.person_id))
    .where(SEATED, col(Person.is_active))
)
_WITH_REQUEST = sa.select(col(ExtensionRequest.action_id)).where(said("extension_request", IS_OPEN_REQUEST))
_ASSIGNED = sa.and_(col(Action.state).in_(OPEN), col(Action.assigned_at).is_not(None))
_OPEN_ONE = aliased(Action)
# The same in the order of their keys, as the tables have them: by state, SQLite would turn each page over many times.
_OPEN = sa.and_(
    col(Action.id).in_(sa.select(col(_OPEN_ONE.id)).where(col(_OPEN_ONE.state).in_(OPEN))),
    col(Action.assigned_at).is_not(None),
)
_OWED_PART = col(ActionSupport.stage).in_(AWAITED)  # done by its own word: left in peace

# The same of actions that are named or led to by their parts: found by their keys, not by an index of states.
_LIVING = sa.and_(sa.func.coalesce(col(Action.state), sa.null()).in_(OPEN), col(Action.assigned_at).is_not(None))


def candidates(session: Session, people: Directory, until: dt.date, now: Now | None = None) -> list[Candidate]:
    """The subjects of which a step may fall by `until`; the ladder itself decides. `now`: none that is remembered."""
    due, ends, asked = _bounds(people, until)
    wanted = sa.or_(
        sa.and_(col(Action.state).in_({State.ACKNOWLEDGED, State.IN_PROGRESS}), col(Action.due_on) <= due),
        sa.and_(col(Action.state) == State.ASSIGNED, col(Action.assigned_at) <= asked),
        sa.and_(col(Action.state) == State.SUBMITTED, col(Action.submitted_at) <= asked),
        col(Action.state) == State.BLOCKED,
        col(Action.owner_post_id).not_in(_HELD),
        col(Action.id).in_(_WITH_REQUEST),
    )
    unconfirmed = sa.and_(col(ActionSupport.stage) == State.ASSIGNED, col(ActionSupport.asked_at) <= asked)
    parts = sa.and_(_OWED_PART, sa.or_(col(ActionSupport.due_on) <= due, unconfirmed))
    stones = sa.and_(col(Milestone.due_on) <= due, col(Milestone.done_on).is_(None))
    which = {
        Kind.ACTION: _OPEN & wanted,
        Kind.PART: _LIVING & parts,
        Kind.MILESTONE: _LIVING & stones,
        Kind.WORD: _ASSIGNED & word_candidates.by(ends),
        Kind.INDICATOR: indicator_candidates.by(ends),
    }
    new = {
        kind: condition & ladder_memory.is_new(kind, ladder_rows.SEEN[kind], now) if now else condition
        for kind, condition in which.items()
    }
    return [
        _candidate(people, row)
        for row in ladder_rows.rows(session, new, seen=ladder_rows.SEEN if now else ladder_rows.UNSEEN)
    ]


def _bounds(people: Directory, until: dt.date) -> tuple[dt.date, dt.date, dt.datetime]:
    """The last deadline and the last end of a period of which a step may fall by then, and the last moment since which
    it may be due to a wait."""
    known = (LADDER, *people.ladders.values())
    due, ends = (
        until + dt.timedelta(max(ahead) + _OFF)
        for ahead in zip(*((ladder.ahead, ladder.words_ahead) for ladder in known), strict=True)
    )
    # Five working days are never less than five days.
    patience = dt.timedelta(min(ladder.patience for ladder in known) - 1)
    return due, ends, dt.datetime.combine(until, dt.time.max, tzinfo=dt.UTC) - patience


def chosen(session: Session, keys: Collection[tuple[str, int]]) -> tuple[Directory, list[Candidate]]:
    """These subjects, as far as they are still open, and whoever they concern."""
    ids = {kind: [subject_id for found, subject_id in keys if found == kind.value] for kind in Kind}
    parts = _OWED_PART
    stones = col(Milestone.due_on).is_not(None) & col(Milestone.done_on).is_(None)
    which = {
        Kind.ACTION: col(Action.id).in_(ids[Kind.ACTION]),
        Kind.PART: col(ActionSupport.action_id).in_(ids[Kind.PART]) & parts,
        Kind.MILESTONE: col(Milestone.id).in_(ids[Kind.MILESTONE]) & stones,
        Kind.WORD: col(Action.id).in_(ids[Kind.WORD]),
    }
    living: dict[Kind, Any] = {kind: _LIVING & condition for kind, condition in which.items()}
    living[Kind.INDICATOR] = col(Indicator.id).in_(ids[Kind.INDICATOR])
    rows = list(ladder_rows.rows(session, {kind: condition for kind, condition in living.items() if ids[kind]}))
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


def _candidate(people: Directory, row: SubjectRow) -> Candidate:
    action_id, programme, _, _, state, _, _, assigned, blocked, submitted, submitter, is_priority, set_at = row.action
    zone, has_holder = settings().zone, (row.post or 0) in people.holders
    if row.part:
        state, assigned, set_at = State(row.part.stage), row.part.asked_at or assigned, row.part.deadline_set_at
    subject = Subject(
        state=state,
        kind=row.kind,
        assigned_on=clock.day(assigned, zone),
        due_on=row.due_on,
        deadline_version=row.version,
        armed_on=clock.day(set_at, zone) if row.kind in _ARMED else None,
        blocked_on=clock.day(blocked, zone),
        submitted_on=clock.day(submitted, zone),
        asked_on=clock.day(row.asked_at, zone),
        vacant_on=None if has_holder else _vacant_on(people, row.post, clock.day(assigned, zone)),
        has_holder=has_holder,
        is_priority=is_priority,
    )
    own = row.kind, row.subject_id, action_id, programme, row.post, row.body
    ladder = people.ladder(programme, is_priority=is_priority)
    return Candidate(*own, submitter, zone, subject, row.body_id, row.seen, row.word, ladder)


def _vacant_on(people: Directory, post: int | None, assigned_on: dt.date | None) -> dt.date | None:
    ended = people.vacated.get(post or 0)
    return max(day for day in (ended, assigned_on) if day) if ended or assigned_on else None
