"""Indicators as their readers see them: the secretariat's house, the post that keeps one, and the public."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.permissions import Viewer
from app.domain.sentences.indicators import Gauge
from app.domain.texts import Titles
from app.domain.translations import MadeOf
from app.models.indicators import Indicator, IndicatorValue
from app.models.meetings import Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.queries.scope import locks, visible


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value; `corrected_on`: the day on which it took the place of another."""

    id: int
    indicator_id: int
    of_on: dt.date
    value: Decimal
    source: str
    link: str
    is_current: bool
    corrects_id: int | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Measurement:
    """An indicator with its values, oldest first; `former`: those that were corrected."""

    id: int
    titles: Titles
    unit: Titles
    baseline: Decimal | None
    baseline_on: dt.date | None
    target: Decimal
    target_on: dt.date
    post: Titles | None
    organisation: Titles | None
    made_of: dict[str, MadeOf]
    values: tuple[ValueLine, ...] = ()
    former: tuple[ValueLine, ...] = ()

    @property
    def gauge(self) -> Gauge:
        if not self.values:
            return Gauge(self.target, self.target_on, self.baseline)
        return Gauge(self.target, self.target_on, self.baseline, self.values[-1].value, self.values[-1].of_on)

    @property
    def points(self) -> list[tuple[dt.date, Decimal]]:
        first = [(self.baseline_on, self.baseline)] if self.baseline_on and self.baseline is not None else []
        return sorted([*first, *((line.of_on, line.value) for line in self.values)])


def get(session: Session, viewer: Viewer, indicator_id: int, *, lock: bool = False) -> Indicator:
    """Of a programme that the viewer reads, or kept by a post of theirs."""
    query = sa.select(Indicator).where(col(Indicator.id) == indicator_id, visible.kept_indicators(viewer))
    if lock:
        query = query.with_for_update(**locks.ROW).execution_options(**locks.FRESH)
    if (found := session.scalars(query).first()) is None:
        raise NotFound
    return found


def value(session: Session, viewer: Viewer, indicator_id: int, value_id: int, *, lock: bool = False) -> IndicatorValue:
    """A value of an indicator that the viewer sees."""
    own = get(session, viewer, indicator_id, lock=lock)
    query = sa.select(IndicatorValue).where(
        col(IndicatorValue.id) == value_id, col(IndicatorValue.indicator_id) == own.id
    )
    if (found := session.scalars(query).first()) is None:
        raise NotFound
    return found


def mine(session: Session, viewer: Viewer) -> list[Measurement]:
    programmes = visible.programme_ids(session, viewer)
    return _measured(
        session, sa.or_(col(Indicator.programme_id).in_(programmes), col(Indicator.post_id).in_(viewer.post_ids))
    )


def one(session: Session, indicator_id: int) -> Measurement:
    """One that was loaded through the viewer's scope."""
    return _measured(session, col(Indicator.id) == indicator_id)[0]


def public_of_programme(session: Session, programme_id: int) -> list[Measurement]:
    """Of the programme as a whole; those of a recommendation stand on its own page."""
    of = sa.and_(col(Indicator.programme_id) == programme_id, col(Indicator.recommendation_id).is_(None))
    return _measured(session, visible.public_indicators() & of)


def public_of_recommendation(session: Session, recommendation_id: int) -> list[Measurement]:
    about = col(Indicator.recommendation_id) == recommendation_id
    return _measured(session, visible.public_indicators() & about)


_COLUMNS = (
    col(Indicator.id),
    col(Indicator.titles),
    col(Indicator.unit),
    col(Indicator.baseline),
    col(Indicator.baseline_on),
    col(Indicator.target),
    col(Indicator.target_on),
    col(Post.titles),
    col(Organisation.titles),
    col(Indicator.made_of),
)
_VALUES = tuple(col(getattr(IndicatorValue, name)) for name in ValueLine.__dataclass_fields__)


def _measured(session: Session, which: Any) -> list[Measurement]:
    """With all their values in one statement, whether there are any or none."""
    query = (
        sa.select(*_COLUMNS, *_VALUES)
        .join(Programme, col(Programme.id) == col(Indicator.programme_id))
        .outerjoin(Recommendation, col(Recommendation.id) == col(Indicator.recommendation_id))
        .outerjoin(Post, col(Post.id) == col(Indicator.post_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .outerjoin(IndicatorValue, col(IndicatorValue.indicator_id) == col(Indicator.id))
        .where(which)
        .order_by(col(Indicator.programme_id), col(Indicator.id), col(IndicatorValue.of_on), col(IndicatorValue.id))
    )
    found: dict[int, Measurement] = {}
    lines: dict[int, list[ValueLine]] = defaultdict(list)
    width = len(_COLUMNS)
    for row in session.execute(query):
        found.setdefault(row[0], Measurement(*row[:width]))
        if row[width] is not None:
            lines[row[0]].append(ValueLine(*row[width:]))
    return [_with(one, lines[one.id]) for one in found.values()]


def _with(one: Measurement, lines: list[ValueLine]) -> Measurement:
    counted = tuple(line for line in lines if line.is_current)
    return replace(one, values=counted, former=tuple(line for line in lines if not line.is_current))
