"""Whether what is kept is whole: the chained record, and everything derived against what it derives from."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.models.rollups import Tally
from app.services import rollups
from app.services.record import Verdict, holds, verify

__all__ = ["Verdict", "differences", "holds", "rebuild", "verify"]
Progress = Callable[[int], None]


def differences(session: Session, progress: Progress = lambda _: None) -> list[str]:
    """What is derived and differs from what it derives from. Derives everything again: the caller rolls back."""
    before = _derived(session)
    rebuild(session, progress)
    after = _derived(session)
    faults = []
    for name, old in before.items():
        changed = sorted(str(key) for key in old.keys() | after[name].keys() if old.get(key) != after[name].get(key))
        if changed:
            faults.append(f"{name}: {len(changed)} differ, first {changed[0]}")
    return faults


def rebuild(session: Session, progress: Progress = lambda _: None) -> int:
    """Derive everything again; how many meetings there were."""
    meeting_ids = [item for item in session.scalars(sa.select(col(Meeting.id)).order_by(col(Meeting.id))) if item]
    for meeting_id in meeting_ids:
        rollups.republish(session, [meeting_id])
        progress(1)
    return len(meeting_ids)


def _derived(session: Session) -> dict[str, dict[object, object]]:
    """By kind of what is derived: key → value; a count of nothing is the same as no count."""
    session.flush()
    recommendation = (
        Recommendation.is_public, Recommendation.is_disputed, Recommendation.status,
        Recommendation.public_status, Recommendation.planned_on, Recommendation.implemented_on,
    )  # fmt: skip
    return {
        "meetings": _values(session, Meeting.slug, (Meeting.is_public,)),
        "recommendations": _values(session, Recommendation.ref, recommendation),
        "actions": _values(session, Action.ref, (Action.is_public,)),
        "counts": {
            tuple(row[:-1]): row[-1]
            for row in session.execute(sa.select(*Tally.__table__.columns))  # type: ignore[attr-defined]
            if row[-1]
        },
    }


def _values(session: Session, key: object, columns: tuple[object, ...]) -> dict[object, object]:
    query = sa.select(col(key), *(col(column) for column in columns))
    return {row[0]: tuple(row[1:]) for row in session.execute(query)}
