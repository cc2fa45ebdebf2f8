"""Whether what is kept is whole: the chained record, and everything derived against what it derives from."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.actions import Action
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation
from app.models.rollups import Tally
from app.services import rollups
from app.services.record import Verdict, holds, verify

__all__ = ["Verdict", "differences", "holds", "rebuild", "rebuild_in_turn", "verify"]
Progress = Callable[[int], None]
_TURN, _PAUSE = 0.1, 0.12  # seconds of writing, and of leaving the lock to others


def differences(session: Session, progress: Progress = lambda _: None) -> list[str]:
    """What is derived and differs from what it derives from. Reads one meeting after the other and writes nothing."""
    session.flush()
    wrong: dict[str, list[str]] = defaultdict(list)
    for meeting_id in _meeting_ids(session):
        for kind, name in _wrong(session, meeting_id):
            wrong[kind].append(name)
        progress(1)
    return [f"{kind}: {len(names)} differ, first {min(names)}" for kind, names in wrong.items()]


def rebuild(session: Session, progress: Progress = lambda _: None) -> int:
    """Derive everything again in one transaction; how many meetings there were."""
    return rebuild_in_turn(lambda: nullcontext(session), progress, lambda: None)


def rebuild_in_turn(
    write: Callable[[], AbstractContextManager[Session]],
    progress: Progress,
    pause: Callable[[], None] = lambda: time.sleep(_PAUSE),
) -> int:
    """The same in short transactions, with a pause after each: whoever writes meanwhile comes in between.

    Without the pause SQLite lets them starve: they look for the lock ten times a second, and it is always taken.
    """
    with write() as session:
        meeting_ids = _meeting_ids(session)
    waiting = iter(meeting_ids)
    for first in waiting:
        begun, count = time.monotonic(), 0
        with write() as session:
            for meeting_id in chain([first], waiting):
                rollups.republish(session, [meeting_id])
                count += 1
                if time.monotonic() - begun > _TURN:
                    break
        progress(count)
        pause()
    return len(meeting_ids)


def _meeting_ids(session: Session) -> list[int]:
    return [item for item in session.scalars(sa.select(col(Meeting.id)).order_by(col(Meeting.id))) if item]


def _wrong(session: Session, meeting_id: int) -> Iterator[tuple[str, str]]:
    """Kind and name of everything below the meeting that is not what it would be if it were derived now."""
    query = sa.select(Meeting, col(Programme.published_at)).join(Programme, col(Programme.id) == Meeting.programme_id)
    meeting, programme_at = session.execute(query.where(col(Meeting.id) == meeting_id)).one()
    is_public = meeting.published_at is not None and programme_at is not None
    if meeting.is_public != is_public:
        yield "meetings", meeting.slug
    actions: dict[int, list[Action]] = defaultdict(list)
    for action in session.scalars(sa.select(Action).where(col(Action.meeting_id) == meeting_id)).all():
        session.expunge(action)
        actions[action.recommendation_id].append(action)
    counted: Counter[rollups.Key] = Counter()
    for item in session.scalars(sa.select(Recommendation).where(col(Recommendation.meeting_id) == meeting_id)).all():
        session.expunge(item)
        yield from _derive(item, actions[item.id or 0], is_public)
        counted.update(rollups._keys(item, actions[item.id or 0]))
    columns = Tally.__table__.columns  # type: ignore[attr-defined]
    kept = session.execute(sa.select(*columns).where(col(Tally.meeting_id) == meeting_id))
    stored = {tuple(row[:-1]): row[-1] for row in kept if row[-1]}
    keys = stored.keys() | counted.keys()
    yield from (("counts", str(key)) for key in keys if stored.get(key, 0) != counted.get(key, 0))


def _derive(item: Recommendation, actions: list[Action], is_meeting_public: bool) -> Iterator[tuple[str, str]]:
    """Derive a recommendation and its actions in memory, and tell which of them were kept otherwise."""
    kept = [getattr(item, name) for name in _DERIVED]
    item.is_public = item.published_at is not None and is_meeting_public
    for action in actions:
        is_public = action.published_at is not None and item.is_public
        if action.is_public != is_public:
            yield "actions", action.ref
        action.is_public = is_public
    rollups._apply_facts(item, [rollups._facts(action) for action in actions])
    if kept != [getattr(item, name) for name in _DERIVED]:
        yield "recommendations", item.ref


_DERIVED = ("is_public", "is_disputed", "status", "public_status", "planned_on", "implemented_on")
