"""Data of a given size for measuring and trying: invented from a seed, written in bulk, as consistent as if acted.

What must be believable to readers is the demonstration's work; no page leads here.
"""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import closing

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.db import Database
from app.domain.errors import Refused
from app.domain.messages import N_
from app.models.audit import AuditEvent
from app.models.meetings import Programme
from app.models.people import Organisation, Person
from app.services.kernel import recounts, search_rebuild, translation_dues
from app.synth import ready
from app.synth.bulk import Pen, WriteBatch
from app.synth.child_process import invent_apart
from app.synth.invention import Order, invent

__all__ = ["fill", "make"]
Progress = Callable[[int], None]
_MUST_BE_EMPTY = (Person, Organisation, Programme, AuditEvent)


def make(database: Database, actions: int, seed: int, today: dt.date | None, progress: Progress) -> None:
    """Fill an empty database in one transaction; `progress` is told how many more actions stand."""
    with ready.connected(database, actions) as session:
        fill(session, actions, seed, today or clock.today(settings().zone), progress)


def fill(session: Session, actions: int, seed: int, today: dt.date, progress: Progress) -> None:
    _require_empty(session)
    is_large = actions >= ready.MANY
    if is_large:
        ready.bare(session)
    pen = Pen(session)
    with closing(_invented(session, Order(actions, seed, today), is_large=is_large)) as invented:
        for count, batch in invented:
            pen.write(batch)
            progress(count)
    pen.finish()
    if is_large:
        ready.finished(session)
    recounts.recount(session)
    search_rebuild.rebuild(session)
    translation_dues.rebuild(session)


def _invented(session: Session, order: Order, *, is_large: bool) -> Generator[tuple[int, WriteBatch]]:
    """Much is invented beside the writing; for little, the second process would take longer than all else."""
    engine = session.connection().engine
    return invent_apart(order, engine.url.drivername) if is_large else invent(order, engine.dialect)


def _require_empty(session: Session) -> None:
    for table in _MUST_BE_EMPTY:
        if session.scalars(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise Refused(N_("There is something in the database already: data for size needs an empty one"))
