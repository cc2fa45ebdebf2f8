"""What is derived: statuses of recommendations, what is public, the counts of dashboards; kept and rebuilt."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.domain import progress
from app.domain.progress import Status
from app.domain.workflow import LIVE, Evidence, State
from app.models.actions import Action
from app.models.base import table_of
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation
from app.models.rollups import NO_DATE, Counted, Tally
from app.queries import locks

Key = tuple[Counted, bool, int, int, str, dt.date]
_KEY_COLUMNS = ("counted", "is_public", "meeting_id", "organisation_id", "status", "on")


@contextmanager
def kept(session: Session, recommendation: Recommendation, *actions: Action) -> Iterator[None]:
    """Change the recommendation or these actions of it within the block; at its end all that is derived follows."""
    before, given = _keys(recommendation, actions), _given(recommendation, actions)
    yield
    session.flush()
    if _given(recommendation, actions) != given:
        _derive(session, recommendation)
        session.flush()
    _move(session, before, _keys(recommendation, actions))


def _given(recommendation: Recommendation, actions: Iterable[Action]) -> list[object]:
    """All that a status is derived from, as far as a block can have changed it: news without a move changes nothing."""
    decided = recommendation.id, recommendation.response, recommendation.closure
    return [decided, *((action.id, _facts(action)) for action in actions)]


def parent(session: Session, action: Action) -> Recommendation:
    """The action's recommendation, locked: two siblings that move at once derive its status one after the other."""
    found: Recommendation = session.scalars(_PARENT, {"parent_id": action.recommendation_id}, **_FRESH).one()
    return found


_ONE: Any = sa.select(Recommendation).where(col(Recommendation.id) == sa.bindparam("parent_id"))
_PARENT: Any = _ONE.with_for_update(**locks.ROW)
_FRESH: Any = {"execution_options": {"populate_existing": True}}


def republish(session: Session, meeting_ids: Iterable[int]) -> None:
    """What is public below these meetings follows from the flags above it; then all their counts."""
    ids = list(meeting_ids)
    session.flush()
    for table, key, parent in (
        (Meeting, Meeting.id, _flag(col(Programme.published_at).is_not(None), Programme.id, Meeting.programme_id)),
        (Recommendation, Recommendation.meeting_id, _flag(Meeting.is_public, Meeting.id, Recommendation.meeting_id)),
        (Action, Action.meeting_id, _flag(Recommendation.is_public, Recommendation.id, Action.recommendation_id)),
    ):
        session.execute(
            sa.update(table)
            .where(col(key).in_(ids))
            .values(is_public=sa.and_(col(table.published_at).is_not(None), parent))
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    for meeting_id in ids:
        recount(session, meeting_id)


def _flag(flag: Any, parent_id: Any, key: Any) -> sa.ScalarSelect[bool]:
    """The parent's flag, for the row whose `key` names it."""
    return sa.select(flag).where(parent_id == key).scalar_subquery()


def recount(session: Session, meeting_id: int) -> None:
    """Derive everything of one meeting again from its items."""
    recommendations = session.scalars(
        sa.select(Recommendation).where(col(Recommendation.meeting_id) == meeting_id)
    ).all()
    actions: dict[int, list[Action]] = {}
    for action in session.scalars(sa.select(Action).where(col(Action.meeting_id) == meeting_id)):
        actions.setdefault(action.recommendation_id, []).append(action)
    keys: Counter[Key] = Counter()
    for recommendation in recommendations:
        own = actions.get(recommendation.id or 0, [])
        _apply_facts(recommendation, [_facts(action) for action in own])
        keys.update(_keys(recommendation, own))
    session.flush()
    session.execute(sa.delete(Tally).where(col(Tally.meeting_id) == meeting_id))
    rows = [dict(zip(_KEY_COLUMNS, key, strict=True)) | {"count": count} for key, count in keys.items()]
    if rows:
        session.execute(sa.insert(Tally), rows)


_FACTS = tuple(
    col(column) for column in (Action.state, Action.is_public, Action.baseline_on, Action.verified_at, Action.evidence)
)
_BELOW: Any = sa.select(*_FACTS).where(col(Action.recommendation_id) == sa.bindparam("recommendation_id"))
Facts = tuple[State, bool, dt.date | None, dt.datetime | None, Evidence]


def _derive(session: Session, recommendation: Recommendation) -> None:
    rows = session.execute(_BELOW, {"recommendation_id": recommendation.id})
    _apply_facts(recommendation, [tuple(row) for row in rows])


def _facts(action: Action) -> Facts:
    return action.state, action.is_public, action.baseline_on, action.verified_at, action.evidence


def _apply_facts(recommendation: Recommendation, facts: list[Facts]) -> None:
    decided = recommendation.response, recommendation.closure
    public = [row for row in facts if row[1]]
    live = [row for row in public if row[0] in LIVE]
    public_status = progress.status(*decided, [row[0] for row in public])
    verified = [row[3] for row in live if row[3]] if public_status == Status.IMPLEMENTED else []
    derived = {
        "status": progress.status(*decided, [row[0] for row in facts]),
        "public_status": public_status,
        "is_disputed": any(row[4] == Evidence.DISPUTED for row in live),
        "planned_on": max((row[2] for row in live if row[2]), default=None),
        "implemented_on": max(verified).date() if verified else None,
    }
    for name, value in derived.items():
        if getattr(recommendation, name) != value:  # a flush for nothing costs as much as one for something
            setattr(recommendation, name, value)


def _keys(recommendation: Recommendation, actions: Iterable[Action]) -> Counter[Key]:
    """What these items count as now; what is not stored yet counts as nothing."""
    keys = Counter(_recommendation_keys(recommendation) if recommendation.id else ())
    keys.update(key for action in actions if action.id for key in _action_keys(action))
    return keys


def _recommendation_keys(item: Recommendation) -> Iterator[Key]:
    meeting = item.meeting_id
    yield Counted.RECOMMENDATIONS, False, meeting, 0, item.status, NO_DATE
    if not item.is_public:
        return
    yield Counted.RECOMMENDATIONS, True, meeting, 0, item.public_status, NO_DATE
    if item.published_at:
        yield Counted.PUBLISHED, True, meeting, 0, "", item.published_at.date()
    if item.planned_on:
        yield Counted.PLANNED, True, meeting, 0, "", item.planned_on
    if item.implemented_on:
        yield Counted.IMPLEMENTED, True, meeting, 0, "", item.implemented_on
    if item.is_disputed:
        yield Counted.DISPUTED, True, meeting, 0, item.public_status, NO_DATE


def _action_keys(item: Action) -> Iterator[Key]:
    key = (item.meeting_id, item.lead_organisation_id or 0, str(item.state), item.due_on or NO_DATE)
    yield Counted.ACTIONS, False, *key
    if item.is_public:
        yield Counted.ACTIONS, True, *key


def _move(session: Session, before: Counter[Key], after: Counter[Key]) -> None:
    change = Counter(after)
    change.subtract(before)
    for key in sorted((key for key, count in change.items() if count), key=str):  # one order: no deadlock
        _add(session, key, change[key])


def _add(session: Session, key: Key, count: int) -> None:
    values = dict(zip(_KEY_COLUMNS, key, strict=True)) | {"count": count}
    session.execute(_adding(db.insert(session, Tally)), values)


@cache
def _adding(insert: db.Insert) -> sa.UpdateBase:
    added = table_of(Tally).c.count + insert.excluded["count"]
    return insert.on_conflict_do_update(index_elements=list(_KEY_COLUMNS), set_={"count": added})
