"""How many reminders another calendar would move: asked before an administrator changes it, of so many subjects."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import ladder
from app.domain.calendar import DaysOff
from app.domain.holidays import Shift
from app.domain.ladder import Step
from app.domain.workflow import IN_HAND, State
from app.models.actions import Action, ActionSupport, Milestone
from app.queries.mailing import heard_steps, ladder_candidates
from app.queries.mailing.ladder_candidates import Candidate

SUBJECTS = 300  # of each kind
_BEFORE, _AFTER = dt.timedelta(days=40), dt.timedelta(days=35)  # a step from its deadline, at most


def shift(session: Session, today: dt.date, days: Collection[dt.date], before: DaysOff, after: DaysOff) -> Shift:
    """The steps still to come that another day brings, once these days are off or work."""
    keys, is_more = _near(session, min(days), max(days))
    _, found = ladder_candidates.chosen(session, keys)
    ahead = (max(days) - today).days + _AFTER.days
    heard = {(kind, subject, step) for _, kind, subject, step, _ in heard_steps.recorded(session, found)}
    moved = []
    for one in found:
        was, will = ({step.key: step.on for step in _steps(one, today, off, ahead)} for off in (before, after))
        moved += [
            (on, will[key])
            for key, on in was.items()
            if on >= today and will.get(key, on) != on and (one.kind, one.subject_id, key) not in heard
        ]
    return Shift(len(moved), *min(moved), is_more) if moved else Shift()


def _steps(one: Candidate, today: dt.date, off: DaysOff, ahead: int) -> list[Step]:
    return ladder.plan(one.subject, today=today, off=off, horizon=ahead, ladder=one.ladder, since=today)


def _near(session: Session, first: dt.date, last: dt.date) -> tuple[set[tuple[str, int]], bool]:
    """The subjects whose deadlines lie near, and those that count working days."""

    def near(due_on: object) -> sa.ColumnElement[bool]:
        return col(due_on).between(first - _AFTER, last + _BEFORE)

    counting = col(Action.state).in_({State.ASSIGNED, State.SUBMITTED})
    which = {
        "action": sa.select(col(Action.id)).where(
            sa.or_(sa.and_(col(Action.state).in_(IN_HAND), near(Action.due_on)), counting)
        ),
        "milestone": sa.select(col(Milestone.id)).where(near(Milestone.due_on), col(Milestone.done_on).is_(None)),
        "part": sa.select(col(ActionSupport.action_id)).distinct().where(near(ActionSupport.due_on)),
    }
    found = {kind: list(session.scalars(query.limit(SUBJECTS + 1))) for kind, query in which.items()}
    keys = {(kind, key) for kind, ids in found.items() for key in ids[:SUBJECTS] if key}
    return keys, any(len(ids) > SUBJECTS for ids in found.values())
