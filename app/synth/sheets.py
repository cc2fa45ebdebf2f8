"""Rows of one table on their way to the driver: columns in order, defaults filled in, values as it wants them."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from app.models.base import UtcDateTime

Row = dict[str, object]
Convert = Callable[[Any], Any]


class Sheet:
    """The rows of one table that wait; ids count from 1, because the table was empty."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect) -> None:
        quote, mark = dialect.identifier_preparer.quote, "?" if dialect.paramstyle == "qmark" else "%s"
        names = ", ".join(quote(column.name) for column in table.columns)
        marks = ", ".join([mark] * len(table.columns))
        self.statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        self.defaults = {column.name: _default(column) for column in table.columns}
        self.order = itemgetter(*self.defaults)
        converts = enumerate(_convert(column, dialect) for column in table.columns)
        self.converts = [(place, convert) for place, convert in converts if convert]
        self.waiting: list[Row] = []
        self.last = 0

    def add(self, values: Row) -> int:
        """One more row under the next id."""
        self.last += 1
        values["id"] = self.last
        self.waiting.append(values)
        return self.last

    def amend(self, row_id: int, values: Row) -> None:
        """What became known of a row that still waits."""
        self.waiting[row_id - self.last - 1].update(values)

    def take(self) -> list[tuple[object, ...]]:
        """All that waited."""
        rows = [tuple(self._values(row)) for row in self.waiting]
        self.waiting.clear()
        return rows

    def _values(self, row: Row) -> list[object]:
        values = list(self.order(self.defaults | row))
        for place, convert in self.converts:
            if (value := values[place]) is not None:
                values[place] = convert(value)
        return values


def _default(column: sa.Column[Any]) -> object:
    """What the table's own default gives; a callable one gives a new empty list or dict, which nobody changes here."""
    if column.default is None:
        return None
    given: Any = column.default
    return given.arg(None) if given.is_callable else given.arg


def _convert(column: sa.Column[Any], dialect: sa.Dialect) -> Convert | None:
    """As the column's own type does it, remembered where the same few values come again and again."""
    is_instant = isinstance(column.type, UtcDateTime)
    if is_instant and dialect.name == "sqlite":
        return moment
    convert: Convert | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    if convert is None or is_instant:
        return convert
    if isinstance(column.type, sa.JSON):
        return _told(convert)
    return _remembered(convert)


@lru_cache(maxsize=65536)
def moment(at: dt.datetime) -> str:
    """An instant in UTC as SQLite keeps it."""
    return at.isoformat(" ", "microseconds")[:26]


@lru_cache(maxsize=65536)
def canonical(at: dt.datetime) -> str:
    """An instant in UTC as the record's hash takes it in."""
    return at.isoformat(timespec="microseconds")


def _remembered(convert: Convert) -> Convert:
    known: dict[object, object] = {}

    def remembered(value: Any) -> Any:
        if value not in known:
            known[value] = convert(value)
        return known[value]

    return remembered


def _told(convert: Convert) -> Convert:
    """Titles come from a few words: each text is made once. A text is JSON already."""
    known: dict[object, object] = {}

    def told(value: Any) -> Any:
        if isinstance(value, str):
            return value
        if not isinstance(value, dict):
            return convert(value)
        key = tuple(value.items())
        if key not in known:
            known[key] = convert(value)
        return known[key]

    return told
