"""Data of a given size for measuring and trying: invented from a seed, written in bulk, as consistent as if acted.

What must be believable to readers is the demonstration's work; no page leads here.
"""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.db import Database
from app.domain.errors import N_, Refused
from app.models.audit import AuditEvent
from app.models.meetings import Programme
from app.models.people import Organisation, Person
from app.models.updates import Via
from app.services import rollups
from app.synth import ready
from app.synth.bulk import Rows
from app.synth.chance import Chance
from app.synth.ground import lay
from app.synth.sessions import PER_MEETING, Sessions

__all__ = ["fill", "make"]
Progress = Callable[[int], None]
_FIRST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # before everything: the record begins with what it is
_AT_ONCE = 20  # meetings: memory holds no more of them
_MUST_BE_EMPTY = (Person, Organisation, Programme, AuditEvent)


def make(database: Database, actions: int, seed: int, today: dt.date | None, progress: Progress) -> None:
    """Fill an empty database in one transaction; `progress` is told how many more actions stand."""
    with ready.connected(database, actions) as session:
        fill(session, actions, seed, today or clock.today(settings().zone), progress)


def fill(session: Session, actions: int, seed: int, today: dt.date, progress: Progress) -> None:
    _require_empty(session)
    if actions >= ready.MANY:
        ready.bare(session)
    rows = Rows(session)
    rows.event(_FIRST, (None, Via.COMMAND), "synth", ("service", 0, None), actions=actions, seed=seed)
    _invent(rows, actions, Chance(seed), today, progress)
    if actions >= ready.MANY:
        ready.finished(session)
    _count(session)


def _invent(rows: Rows, actions: int, chance: Chance, today: dt.date, progress: Progress) -> None:
    sessions = Sessions(rows, lay(rows, chance, today), chance, today)
    for first in range(0, actions, PER_MEETING):
        size = min(PER_MEETING, actions - first)
        sessions.hold(size, age=1 - first / actions)
        if first // PER_MEETING % _AT_ONCE == 0:
            rows.write()
        progress(size)
    sessions.askings.keep_counters()
    rows.write()
    rows.finish()


def _count(session: Session) -> None:
    """The roll-ups are counted in their own way, once everything stands."""
    rollups.rebuild(session)


def _require_empty(session: Session) -> None:
    for table in _MUST_BE_EMPTY:
        if session.scalars(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise Refused(N_("There is something in the database already: data for size needs an empty one"))
