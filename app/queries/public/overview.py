"""The first page: what moved lately, and who is waited for longest."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import schedule
from app.domain.texts import Titles
from app.domain.verbs import NEWS
from app.domain.workflow import State
from app.models.actions import PUBLIC, Action
from app.models.base import table_of
from app.models.people import Organisation
from app.models.rollups import SILENT, Dated, DayTally, Scope
from app.models.updates import Update

_ACT, _UPD, _ORG, _DAYS = (table_of(model) for model in (Action, Update, Organisation, DayTally))
_WEEK = dt.timedelta(days=7)
_HANDFUL = 8


@dataclass(frozen=True, slots=True)
class LatestAct:
    """The latest act on an action: when, and what it made of it."""

    ref: str
    titles: Titles
    at: dt.datetime
    state: State


@dataclass(frozen=True, slots=True)
class Waited:
    """An organisation whose word is awaited, by the action that has waited longest."""

    slug: str
    titles: Titles
    silence: int
    overdue: int


def moved_lately(session: Session, today: dt.date, limit: int) -> list[LatestAct]:
    """The actions that moved within a week, newest first, each once by its latest act."""
    since = clock.start(today - _WEEK, settings().zone)
    return [LatestAct(*row) for row in session.execute(_MOVED, {"since": since, "most": limit}).all()]


def waited_for(session: Session, today: dt.date, limit: int) -> list[Waited]:
    """The organisations that lead what is owed, the longest silence first; those who spoke lately are not there."""
    longest = _longest(session, limit)
    named = session.execute(_WAITED, {"ids": list(longest), "today": today}).all()
    found = {row.id: Waited(row.slug, row.titles, max(0, (today - longest[row.id]).days), row.overdue) for row in named}
    rows = [found[organisation_id] for organisation_id in longest]
    return [row for row in rows if row.silence >= schedule.STALE_DAYS or row.overdue]


def _longest(session: Session, limit: int) -> dict[int, dt.date]:
    """By organisation, its longest silence: the index is read from its beginning until there are enough of them."""
    most = _HANDFUL * limit
    while True:
        found: dict[int, dt.date] = {}
        rows = session.execute(_SILENT, {"most": most}).all()
        for organisation_id, on in rows:
            found.setdefault(organisation_id, on)
        if len(found) >= limit or len(rows) < most:
            return dict(islice(found.items(), limit))
        most *= _HANDFUL


_LATEST = (
    sa.select(_UPD.c.state_after)
    .where(
        _UPD.c.action_id == _ACT.c.id,
        _UPD.c.at == _ACT.c.moved_at,
        _UPD.c.verb.in_([sa.literal_column(f"'{verb}'") for verb in sorted(NEWS)]),
    )
    .order_by(_UPD.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_MOVED: Any = (
    sa.select(_ACT.c.ref, _ACT.c.titles, _ACT.c.moved_at, _LATEST)
    .where(sa.text(PUBLIC), _ACT.c.state != State.DRAFT, _ACT.c.moved_at >= sa.bindparam("since"))
    .order_by(_ACT.c.moved_at.desc(), _ACT.c.id.desc())
    .limit(sa.bindparam("most"))
)
_SILENT: Any = (
    sa.select(_DAYS.c.scope_id, _DAYS.c.on)
    .where(sa.text(SILENT))
    .order_by(_DAYS.c.on, _DAYS.c.scope_id)
    .limit(sa.bindparam("most"))
)
_OVERDUE = (
    sa.select(sa.func.coalesce(sa.func.sum(_DAYS.c.count), 0))
    .where(_DAYS.c.scope == Scope.ORGANISATION, _DAYS.c.counted == Dated.OWED, _DAYS.c.scope_id == _ORG.c.id)
    .where(_DAYS.c.on < sa.bindparam("today", type_=sa.Date()))
    .scalar_subquery()
)
_WAITED: Any = sa.select(_ORG.c.id, _ORG.c.slug, _ORG.c.titles, _OVERDUE.label("overdue")).where(
    _ORG.c.id.in_(sa.bindparam("ids", expanding=True))
)
