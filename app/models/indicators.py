"""Indicators of a programme or of one recommendation, and their dated values; what is corrected stays."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.figures import canonical
from app.domain.periods import Rhythm
from app.domain.texts import Titles
from app.models.base import Table, TranslatedTable, by_language, choice, instant, maybe_instant, versioned

IS_CURRENT = "is_current"


class Exact(sa.types.TypeDecorator[Decimal]):
    """A decimal kept as its digits: SQLite would make a float of a number."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Indicator(TranslatedTable, table=True):
    """What is measured, from where to where by when, and the post that keeps it."""

    id: int = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programme.id", index=True)
    recommendation_id: int | None = Field(default=None, foreign_key="recommendation.id", index=True)
    titles: Titles = by_language()
    unit: Titles = by_language()
    baseline: Decimal | None = Field(default=None, sa_type=Exact, nullable=True)
    baseline_on: dt.date | None = None
    target: Decimal = Field(sa_type=Exact)
    target_on: dt.date
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    word_every: Rhythm | None = Field(default=None, sa_type=choice(Rhythm, "word_every"), nullable=True)
    word_since: dt.date | None = None
    published_at: dt.datetime | None = maybe_instant()
    created_at: dt.datetime = instant()
    version: int = versioned()


class IndicatorValue(Table, table=True):
    """One value of a day with where it comes from; a correction is a row of its own, and the one before stays."""

    __table_args__ = (
        # One value of a day, whoever records at once.
        sa.Index(
            "uq_indicator_value_current",
            "indicator_id",
            "of_on",
            unique=True,
            sqlite_where=sa.text(IS_CURRENT),
            postgresql_where=sa.text(IS_CURRENT),
        ),
    )
    id: int = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    of_on: dt.date  # the day that it is about
    value: Decimal = Field(sa_type=Exact)
    source: str
    link: str = ""
    is_current: bool = True
    corrects_id: int | None = Field(default=None, foreign_key="indicator_value.id", index=True)
    reason: str = ""  # of the correction: internal
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    at: dt.datetime = instant()
