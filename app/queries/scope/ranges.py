"""The first rows of several ranges as one list: each range is read in the order of its own index, and none is sorted.

A condition that is served by a partial index must say that index's very words: `said` gives them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

Condition = sa.ColumnElement[bool]
LAST = dt.date.max  # stands in cursors for "no date", which comes last
MOST = 100  # what is counted beyond it is said to be more


def said(table: str, condition: str) -> Condition:
    """The condition of a partial index on one column as a statement has to say it: typed, SQLite would get `= 1`."""
    words: Any = sa.literal_column(f"{table}.{condition}")
    return words  # type: ignore[no-any-return]


def first(ranges: Sequence[sa.Select[Any]], limit: int, *, latest: bool = False) -> sa.Subquery:
    """The first ids of all ranges together; each selects `id` and `key`, by which they are ordered, no key last."""
    parts = ranges[0] if len(ranges) == 1 else sa.union(*(_cut(part, limit, latest=latest) for part in ranges))
    picked: sa.Subquery = _ordered(parts, limit, latest=latest).subquery()
    return picked


class _Cut(sa.Select[Any]):
    """As much of a range as can be needed.

    PostgreSQL would read all ranges of a union to their ends before it sorts. SQLite merges them row by row in the
    order of their indexes and stops in time, but only ranges without a limit of their own.
    """

    inherit_cache = True
    whole: sa.Select[Any]


def _cut(part: sa.Select[Any], limit: int, *, latest: bool) -> _Cut:
    cut = _Cut(_ordered(part, limit, latest=latest).subquery())
    cut.whole = part
    return cut


@compiles(_Cut, "sqlite")
def _uncut(cut: _Cut, compiler: Any, **given: Any) -> str:
    text: str = compiler.process(cut.whole, **given)
    return text


def order(picked: sa.Subquery, *, latest: bool = False) -> tuple[Any, Any]:
    """The order of what was picked, for the statement that fetches the rows."""
    key, row_id = picked.c.key, picked.c.id
    return (key.desc(), row_id.desc()) if latest else (key.asc().nulls_last(), row_id.asc())


def _ordered(part: Any, limit: int, *, latest: bool) -> Any:
    key, row_id = part.selected_columns.key, part.selected_columns.id
    order = (key.desc(), row_id.desc()) if latest else (key.asc().nulls_last(), row_id.asc())
    return part.order_by(*order).limit(limit)


def after(key: Any, row_id: Any, name: str = "after", *, is_none: bool = False) -> list[Condition]:
    """What follows the row of a cursor, one condition for each range, what has no key at the end.

    The statement is given `{name}_key` and `{name}_id`.
    """
    last_key, last_id = sa.bindparam(f"{name}_key", type_=key.type), sa.bindparam(f"{name}_id", type_=sa.Integer())
    if is_none:
        return [sa.and_(key.is_(None), row_id > last_id)]
    return [sa.and_(key == last_key, row_id > last_id), key > last_key, key.is_(None)]


def counted(ranges: Sequence[sa.Select[Any]]) -> Any:
    """How many rows there are, as an expression that stops at one more than MOST: read as they would be listed."""
    if not ranges:
        return sa.literal(0)
    return sa.select(sa.func.count()).select_from(first(ranges, MOST + 1)).scalar_subquery()


def places(name: str, count: int) -> tuple[sa.BindParameter[int], ...]:
    """Parameters for so many ids: one statement serves whoever has as many, and memory holds none for each person."""
    return tuple(sa.bindparam(f"{name}_{number}", type_=sa.Integer()) for number in range(count))


def put(name: str, ids: Iterable[int]) -> dict[str, object]:
    """What such a statement is given."""
    return {f"{name}_{number}": one for number, one in enumerate(ids)}


class _Unindexed(FunctionElement[Any]):
    """PostgreSQL has counted the rows, and takes the right index; of `column + 0` it has not, and would sort all."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(_Unindexed)
def _as_it_is(narrowing: Any, compiler: Any, **given: Any) -> str:
    text: str = compiler.process(narrowing.clauses, **given)
    return text


@compiles(_Unindexed, "sqlite")
def _as_no_index_has_it(narrowing: Any, compiler: Any, **given: Any) -> str:
    return f"{_as_it_is(narrowing, compiler, **given)} + 0"


def unindexed(column: Any) -> Any:
    """A column that only narrows: no index that begins with it is to be taken for this condition."""
    return _Unindexed(column)
