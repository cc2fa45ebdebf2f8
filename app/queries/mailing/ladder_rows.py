"""The rows behind the subjects of the ladder: actions, parts, milestones and owed word, each kind by one statement."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.ladder import Kind
from app.domain.periods import OwedWord
from app.domain.workflow import State
from app.models.actions import Action, ActionSupport, Milestone
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.meetings import Programme
from app.queries.mailing import indicator_candidates, ladder_memory, word_candidates
from app.queries.scope.ranges import said

COLUMNS: tuple[Any, ...] = (
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
_PART: tuple[Any, ...] = tuple(
    col(getattr(ActionSupport, name)).label(f"part_{name}")
    for name in ("organisation_id", "post_id", "due_on", "stage", "asked_at", "deadline_set_at", "extensions")
)
_MOVED = 1 << 22  # more than any day has: a date that moved away and back is another one
_STONE: tuple[Any, ...] = (col(Milestone.id).label("stone_id"), col(Milestone.due_on).label("stone_due_on"))


class PartRow(NamedTuple):
    """How a part stands by itself, wherever its action is."""

    stage: str
    asked_at: dt.datetime | None
    deadline_set_at: dt.datetime | None


class SubjectRow(NamedTuple):
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
    word: OwedWord | None = None
    part: PartRow | None = None


def _of_action(found: Any, action: tuple[Any, ...]) -> SubjectRow:
    return SubjectRow(Kind.ACTION, *_whose(action), action[5], action[6], action, found.seen, asked_at=found.asked_at)


def _of_part(found: Any, action: tuple[Any, ...]) -> SubjectRow:
    due, body = found.part_due_on, found.part_organisation_id
    version = (due.toordinal() if due else 0) + found.part_extensions * _MOVED
    own = PartRow(found.part_stage, found.part_asked_at, found.part_deadline_set_at)
    return SubjectRow(Kind.PART, action[0], found.part_post_id, body, due, version, action, found.seen, body, part=own)


def _of_stone(found: Any, action: tuple[Any, ...]) -> SubjectRow:
    own = action[2], action[3]
    return SubjectRow(
        Kind.MILESTONE, found.stone_id, *own, found.stone_due_on, found.stone_due_on.toordinal(), action, found.seen
    )


def _of_word(found: Any, action: tuple[Any, ...]) -> SubjectRow:
    owed = word_candidates.owed(found.assigned_at, found)
    return SubjectRow(Kind.WORD, *_whose(action), owed.due_on, owed.due_on.toordinal(), action, found.seen, word=owed)


def _of_indicator(found: Any) -> SubjectRow:
    """Of no action: what is asked of one stands still."""
    owed = indicator_candidates.owed(found)
    asked_at = clock.start(found.word_since, settings().zone)
    action = (0, found.programme_id, found.post_id, found.organisation_id, State.IN_PROGRESS, None, 0, asked_at)
    still = *action, None, None, None, False, None
    own = found.id, found.post_id, found.organisation_id
    return SubjectRow(Kind.INDICATOR, *own, owed.due_on, owed.due_on.toordinal(), still, found.seen, word=owed)


def _whose(action: tuple[Any, ...]) -> tuple[int, int | None, int | None]:
    return action[0], action[2], action[3]


_OWN: Mapping[Kind, tuple[Any, ...]] = {
    Kind.ACTION: (_ASKED_AT.label("asked_at"),),
    Kind.PART: _PART,
    Kind.MILESTONE: _STONE,
    Kind.WORD: word_candidates.COLUMNS,
}
_JOINED: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.ACTION: lambda query: query,
    Kind.PART: lambda query: query.join(ActionSupport, col(ActionSupport.action_id) == col(Action.id)).where(
        col(ActionSupport.post_id).is_not(None)
    ),
    Kind.MILESTONE: lambda query: query.join(Milestone, col(Milestone.action_id) == col(Action.id)),
    Kind.WORD: lambda query: query.join(Programme, col(Programme.id) == col(Action.programme_id)).where(
        word_candidates.ASKED
    ),
}
_READ: Mapping[Kind, Callable[[Any, tuple[Any, ...]], SubjectRow]] = {
    Kind.ACTION: _of_action,
    Kind.PART: _of_part,
    Kind.MILESTONE: _of_stone,
    Kind.WORD: _of_word,
}
# What a pass remembers of a subject is all that it is made of.
SEEN: Mapping[Kind, Any] = {kind: ladder_memory.written(*COLUMNS, *own) for kind, own in _OWN.items()} | {
    Kind.INDICATOR: ladder_memory.written(*indicator_candidates.COLUMNS)
}
UNSEEN: Mapping[Kind, Any] = dict.fromkeys(Kind, sa.literal_column("''"))


def rows(session: Session, which: Mapping[Kind, Any], *, seen: Mapping[Kind, Any] = UNSEEN) -> Iterator[SubjectRow]:
    for kind, condition in which.items():
        if kind is Kind.INDICATOR:
            yield from map(_of_indicator, session.execute(indicator_candidates.rows(condition, seen[kind])))
            continue
        joined = _JOINED[kind](sa.select(*COLUMNS, *_OWN[kind], seen[kind].label("seen")))
        for found in session.execute(joined.where(condition)):
            yield _READ[kind](found, tuple(found[: len(COLUMNS)]))
