"""What is derived: statuses of recommendations, what is public, the counts of pages; kept by the verbs, and rebuilt."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.places import ALL
from app.models.actions import Action, ActionSupport
from app.models.base import table_of
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.models.rollups import Scope, Tallied
from app.queries.scope import locks
from app.services.kernel import changes, counts, flags, outcomes, recounts, searches, serving, statuses
from app.services.kernel.counts import Key
from app.services.kernel.statuses import Derived, StatusFacts

Progress = Callable[[int], None]
_AT_ONCE = 100  # meetings
_MEETING, _REC = (table_of(model) for model in (Meeting, Recommendation))


@contextmanager
def kept(session: Session, recommendation: Recommendation, *actions: Action) -> Iterator[None]:
    """Change the recommendation or these actions of it within the block; at its end all that is derived follows.

    The counts themselves are written as the transaction ends.
    """
    before, given, shown = counts.of(recommendation, actions), _given(recommendation, actions), _shown(actions)
    yield
    session.flush()
    if _given(recommendation, actions) != given:
        _derive(session, recommendation)
        session.flush()
        follow(session, serving.served_by(session, actions))
    counts.move(session, before, counts.of(recommendation, actions))
    _move_support(session, actions, shown)


@contextmanager
def moved(session: Session, action: Action) -> Iterator[None]:
    """The same for this action alone: its recommendation is locked at once, read only where its status may follow."""
    locks.hold_parent(session, action)
    before, given, shown = counts.of_actions([action]), statuses.facts(action), _shown([action])
    yield
    session.flush()
    if statuses.facts(action) != given:
        follow(session, [locks.parent(session, action), *serving.served_by(session, [action])])
    counts.move(session, before, counts.of_actions([action]))
    _move_support(session, [action], shown)


def follow(session: Session, recommendations: Iterable[Recommendation]) -> None:
    """What these locked ones derive from actions that moved; nothing is counted but they themselves."""
    for item in recommendations:
        before = counts.of(item, ())
        _derive(session, item)
        session.flush()
        counts.move(session, before, counts.of(item, ()))


@contextmanager
def supported(session: Session, action: Action) -> Iterator[None]:
    """Change who supports the action within the block."""
    searches.note_support(session, action)
    before = _supported(session, action.id, int(counts.is_shown(action)))
    yield
    session.flush()
    counts.move(session, before, _supported(session, action.id, int(counts.is_shown(action))))


def _move_support(session: Session, actions: Iterable[Action], shown: dict[int, bool]) -> None:
    """Of those that are shown from now on, or were before."""
    for action_id, is_shown in _shown(actions).items():
        if is_shown != shown.get(action_id, False):
            counts.move(session, Counter(), _supported(session, action_id, 1 if is_shown else -1))


def _supported(session: Session, action_id: int | None, times: int) -> Counter[Key]:
    """What its supporting organisations count it as."""
    if not times:
        return Counter()
    found = session.scalars(_SUPPORTERS, {"action_id": action_id})
    return Counter({(Scope.ORGANISATION, Tallied.SUPPORTED, True, organisation, ""): times for organisation in found})


_SUPPORTERS: Any = sa.select(table_of(ActionSupport).c.organisation_id).where(
    table_of(ActionSupport).c.action_id == sa.bindparam("action_id")
)


def _shown(actions: Iterable[Action]) -> dict[int, bool]:
    return {action.id: counts.is_shown(action) for action in actions if action.id}


def _given(recommendation: Recommendation, actions: Iterable[Action]) -> list[object]:
    """All that a status is derived from, as far as a block can have changed it: news without a move changes nothing."""
    decided = recommendation.id, recommendation.response, recommendation.closure
    return [decided, *((action.id, statuses.facts(action)) for action in actions)]


def _derive(session: Session, recommendation: Recommendation) -> None:
    rows = session.execute(serving.BELOW, {"recommendation_id": recommendation.id})
    found = statuses.derive(recommendation.response, recommendation.closure, [StatusFacts(*row) for row in rows])
    for name, value in found._asdict().items():
        if getattr(recommendation, name) != value:  # a flush for nothing costs as much as one for something
            setattr(recommendation, name, value)
    outcomes.follow(session, recommendation)


def republish(session: Session, meeting_ids: Iterable[int]) -> None:
    """What is public below these meetings follows from the flags above it; then all that is derived from it."""
    session.flush()
    for few in _batches(sorted(meeting_ids)):
        ids = serving.with_served(session, few)
        before = recounts.of_meetings(session, ids)
        for statement in flags.ALL:
            session.execute(statement, {"meeting_ids": ids})
        _settle_statuses(session, ids)
        counts.move(session, before, recounts.of_meetings(session, ids))
    changes.note(session, ALL)
    session.expire_all()


def rebuild(session: Session, progress: Progress = lambda _: None) -> int:
    """Derive everything again from the items; `progress` is told how many more meetings are done. How many there are.

    Counts that are wrong are mended by this alone: the verbs only move them.
    """
    return rebuild_in_turn(lambda: nullcontext(session), progress)


def rebuild_in_turn(
    write: Callable[[], AbstractContextManager[Session]],
    progress: Progress,
    pause: Callable[[], None] = lambda: None,
) -> int:
    """The same in short transactions: whoever writes meanwhile waits for a few meetings, or for the counts."""
    with write() as session:
        session.flush()
        meeting_ids = _all_meetings(session)
    for ids in _batches(meeting_ids):
        with write() as session:
            for statement in flags.ALL:
                session.execute(statement, {"meeting_ids": ids})
            _settle_statuses(session, serving.with_served(session, ids))
        progress(len(ids))
        pause()
    with write() as session:
        recounts.recount(session)
        session.expire_all()
    return len(meeting_ids)


def recount(session: Session, *meeting_ids: int) -> None:
    """Statuses of these meetings' recommendations and all counts again, from items as they stand, flags included."""
    session.flush()
    _settle_statuses(session, meeting_ids)
    recounts.recount(session)
    for item in session.identity_map.values():
        if isinstance(item, Recommendation | Action):
            session.expire(item, Derived._fields if isinstance(item, Recommendation) else ["moved_at"])


def _settle_statuses(session: Session, meeting_ids: Sequence[int]) -> None:
    for _ in _rederive(session, meeting_ids):
        pass
    recounts.moved(session, meeting_ids)


def _all_meetings(session: Session) -> list[int]:
    return list(session.scalars(sa.select(_MEETING.c.id).order_by(_MEETING.c.id)))


def _rederive(session: Session, meeting_ids: Sequence[int], *, write: bool = True) -> Iterator[str]:
    """The references of recommendations of these meetings whose derived columns were others."""
    given = {"meeting_ids": meeting_ids}
    below: dict[int, list[StatusFacts]] = {}
    for recommendation_id, *row in session.execute(serving.FACTS_OF, given):
        below.setdefault(recommendation_id, []).append(StatusFacts(*row))
    changed: list[dict[str, Any]] = []
    for row_id, ref, response, closure, *kept_values in session.execute(_DECIDED, given):
        due = statuses.derive(response, closure, below.get(row_id, []))
        if Derived(*kept_values) != due:
            changed.append({"row_id": row_id, **due._asdict()})
            yield ref
    if changed and write:
        session.execute(_STORE, changed)
        searches.note_recommendations(session, [row["row_id"] for row in changed])


_MINE: Any = sa.bindparam("meeting_ids", expanding=True)
_DECIDED: Any = sa.select(
    _REC.c.id, _REC.c.ref, _REC.c.response, _REC.c.closure, *(_REC.c[name] for name in Derived._fields)
).where(_REC.c.meeting_id.in_(_MINE))
_STORE = (
    sa.update(_REC)
    .where(_REC.c.id == sa.bindparam("row_id"))
    .values({name: sa.bindparam(name) for name in Derived._fields})
)


def faults(session: Session, progress: Progress = lambda _: None) -> list[str]:
    """What is derived and differs from what it derives from; writes nothing but what its own transaction moved."""
    counts.settle(session)
    found: dict[str, list[str]] = {"meetings": [], "recommendations": [], "actions": [], "counts": []}
    for ids in _batches(_all_meetings(session)):
        for kind, query in flags.WRONG:
            found[kind] += session.scalars(query, {"meeting_ids": ids})
        found["recommendations"] += _rederive(session, ids, write=False)
        progress(len(ids))
    found["counts"] = [" ".join(str(part) for part in key) for key in recounts.differing(session)]
    wrong = {kind: sorted(set(names)) for kind, names in found.items() if names}
    return [f"{kind}: {len(names)} differ, first {names[0]}" for kind, names in wrong.items()]


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield list(ids[first : first + _AT_ONCE])
