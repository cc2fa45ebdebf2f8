"""Whom an edited ladder would write to in the next days, beside the one that stands; it records nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.ladder import Audience, Kind, Ladder
from app.domain.texts import Titles
from app.domain.workflow import OPEN
from app.models.actions import Action, Milestone
from app.models.indicators import Indicator
from app.queries.mailing import digest_readers, directory, ladder_candidates, ledgers, reminders
from app.queries.mailing.ledgers import LedgerScope
from app.queries.mailing.reminders import Obligation

DAYS = 30
LOOKED = 1000  # open actions, those with the nearest deadlines first
SHOWN = 60
_OF_ACTIONS = (Kind.ACTION, Kind.PART, Kind.WORD)


@dataclass(frozen=True, slots=True)
class ComparedStep:
    """One reminder of one person on one morning: as it stands, as it would be, or both."""

    on: dt.date
    name: str
    audience: Audience
    ref: str
    titles: Titles
    days: int
    is_now: bool
    is_then: bool


@dataclass(frozen=True)
class Comparison:
    counts: tuple[tuple[Audience, int, int], ...]  # how many reminders, as it stands and as it would be
    lines: tuple[ComparedStep, ...]  # the first of them
    more: int
    is_partial: bool  # there are more open actions than were looked at

    @property
    def differs(self) -> bool:
        return any(now != then for _, now, then in self.counts) or any(x.is_now != x.is_then for x in self.lines)


def compared(
    session: Session, programme_id: int, *, is_priority: bool, proposed: Ladder, now: dt.datetime
) -> Comparison:
    """However many actions there are, so many of them are looked at, by a fixed number of statements."""
    ids = _open(session, programme_id, is_priority=is_priority)
    which = dict.fromkeys(_OF_ACTIONS, ids[:LOOKED]) | {Kind.MILESTONE: _stones(session, ids[:LOOKED])}
    if not is_priority:  # a value has none
        which[Kind.INDICATOR] = _values(session, programme_id)
    keys = [(kind.value, one) for kind, some in which.items() for one in some]
    found, people = ladder_candidates.chosen(session, keys)[1], directory.load(session)
    stands = {_place(one): one for one in reminders.coming_of(session, people, found, now, DAYS)}
    edited = [replace(one, ladder=proposed) for one in found]
    then = {_place(one): one for one in reminders.coming_of(session, people, edited, now, DAYS)}
    every = sorted((stands | then).items(), key=lambda one: (one[1].period, one[0]))
    of_actions = [(one, place in stands, place in then) for place, one in every if one.action_id]
    lines = _lines(session, of_actions[:SHOWN], programme_id)
    return Comparison(_counts(stands.values(), then.values()), lines, len(every) - len(lines), len(ids) > LOOKED)


def _open(session: Session, programme_id: int, *, is_priority: bool) -> list[int]:
    mine = sa.and_(col(Action.programme_id) == programme_id, col(Action.is_priority) == is_priority)
    query = sa.select(col(Action.id)).where(mine, col(Action.state).in_(OPEN), col(Action.assigned_at).is_not(None))
    nearest = col(Action.due_on).is_(None), col(Action.due_on), col(Action.id)
    return [one for one in session.scalars(query.order_by(*nearest).limit(LOOKED + 1)) if one]


def _stones(session: Session, ids: Collection[int]) -> list[int]:
    query = sa.select(col(Milestone.id)).where(col(Milestone.action_id).in_(ids), col(Milestone.done_on).is_(None))
    return list(session.scalars(query.order_by(col(Milestone.due_on), col(Milestone.id)).limit(LOOKED)))


def _values(session: Session, programme_id: int) -> list[int]:
    query = sa.select(col(Indicator.id)).where(col(Indicator.programme_id) == programme_id)
    return list(session.scalars(query.order_by(col(Indicator.id)).limit(LOOKED)))


def _place(one: Obligation) -> tuple[int, str, int, str, dt.date]:
    return one.person_id, one.key.subject_kind, one.key.subject_id, one.key.step, one.period


def _counts(stands: Collection[Obligation], then: Collection[Obligation]) -> tuple[tuple[Audience, int, int], ...]:
    before, after = (Counter(one.audience for one in some) for some in (stands, then))
    return tuple((one, before[one], after[one]) for one in Audience if before[one] or after[one])


def _lines(session: Session, some: list[tuple[Obligation, bool, bool]], programme_id: int) -> tuple[ComparedStep, ...]:
    names = digest_readers.names(session, {one.person_id for one, _, _ in some})
    scope = LedgerScope(frozenset({programme_id}))
    told = ledgers.actions(session, scope, {one.action_id for one, _, _ in some})
    return tuple(
        ComparedStep(one.period, names[one.person_id], one.audience, *told[one.action_id], one.step.days, *stands)
        for one, *stands in some
    )
