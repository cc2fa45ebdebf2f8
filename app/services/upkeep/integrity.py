"""Whether what is kept is whole: the chained record, and everything derived against what it derives from."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.meetings import Programme
from app.services.followup import part_days
from app.services.kernel import rollups, search_rebuild, translation_dues
from app.services.mailing import reminders
from app.services.upkeep.chain import Verdict, holds, verify

__all__ = ["Verdict", "differences", "holds", "rebuild", "rebuild_in_turn", "verify"]
Progress = Callable[[int], None]
_PAUSE = 0.2  # seconds: SQLite lets other processes look for the lock ten times a second


def differences(session: Session, progress: Progress = lambda _: None) -> list[str]:
    """What is derived and differs from what it derives from; reads only, whoever writes meanwhile."""
    return [
        *rollups.faults(session, progress),
        *part_days.faults(session),
        *search_rebuild.faults(session),
        *translation_dues.faults(session),
        *_words(session),
    ]


def _words(session: Session) -> list[str]:
    """Word at intervals is asked for from a day on, or not at all."""
    odd = col(Programme.word_every).is_(None) != col(Programme.word_since).is_(None)
    slugs = session.scalars(sa.select(col(Programme.slug)).where(odd).order_by(col(Programme.slug))).all()
    return [f"periodic updates of programmes: {len(slugs)} without their first day, first {slugs[0]}"] if slugs else []


def rebuild(session: Session, progress: Progress = lambda _: None) -> int:
    """Derive everything again in one transaction; how many meetings there were."""
    reminders.forget(session)
    count = rollups.rebuild(session, progress)
    part_days.rebuild(session)
    search_rebuild.rebuild(session)
    translation_dues.rebuild(session)
    return count


def rebuild_in_turn(
    write: Callable[[], AbstractContextManager[Session]],
    progress: Progress,
    pause: Callable[[], None] = lambda: time.sleep(_PAUSE),
) -> int:
    """The same in short transactions, with a pause after each: whoever writes meanwhile comes in between."""
    with write() as session:
        reminders.forget(session)
        part_days.rebuild(session)
    count = rollups.rebuild_in_turn(write, progress, pause)
    search_rebuild.rebuild_in_turn(write, pause)
    translation_dues.rebuild_in_turn(write, pause)
    return count
