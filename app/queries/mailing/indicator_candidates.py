"""Of which indicators a value may be owed by a day, and since when."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import periods
from app.domain.periods import OwedWord, Rhythm
from app.domain.texts import Titles
from app.models.indicators import Indicator, IndicatorValue
from app.models.meetings import Programme
from app.models.people import Post

_LAST_ON: Any = (
    sa.select(sa.func.max(col(IndicatorValue.of_on)))
    .where(col(IndicatorValue.indicator_id) == col(Indicator.id), col(IndicatorValue.is_current))
    .correlate(Indicator)
    .scalar_subquery()
)
COLUMNS: tuple[Any, ...] = (
    col(Indicator.id),
    col(Indicator.programme_id),
    col(Indicator.post_id),
    col(Indicator.word_every),
    col(Indicator.word_since),
    _LAST_ON.label("last_on"),
)
_KEPT = sa.and_(
    col(Indicator.word_every).is_not(None), col(Indicator.word_since).is_not(None), col(Indicator.post_id).is_not(None)
)


def rows(condition: Any, seen: Any) -> Any:
    """With the body of the post that keeps it."""
    query = sa.select(*COLUMNS, col(Post.organisation_id), seen.label("seen"))
    return query.join(Post, col(Post.id) == col(Indicator.post_id)).where(_KEPT, condition)


def by(end: dt.date) -> Any:
    """Those without a value since the last period began that has ended by then."""
    latest = ((rhythm, periods.last_askable(end, rhythm).start) for rhythm in Rhythm)
    return sa.or_(*(_silent(rhythm, start) for rhythm, start in latest))


def _silent(rhythm: Rhythm, start: dt.date) -> Any:
    return sa.and_(
        col(Indicator.word_every) == rhythm,
        col(Indicator.word_since) <= start,
        sa.or_(_LAST_ON.is_(None), start > _LAST_ON),
    )


def owed(row: Any) -> OwedWord:
    """A value answers the period of the day that it is about."""
    return periods.owed(row.word_every, row.word_since, row.last_on)


def named(session: Session, ids: Collection[int]) -> dict[int, tuple[Titles, Titles, int]]:
    """Its titles, those of its programme, and the programme."""
    if not ids:
        return {}
    query = sa.select(col(Indicator.id), col(Indicator.titles), col(Programme.titles), col(Programme.id)).join(
        Programme, col(Programme.id) == col(Indicator.programme_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query.where(col(Indicator.id).in_(ids)))}


def of_programmes(session: Session, programme_ids: Collection[int]) -> list[int]:
    """Those that are asked for."""
    query = sa.select(col(Indicator.id)).where(_KEPT, col(Indicator.programme_id).in_(programme_ids))
    return [found for found in session.scalars(query) if found]
