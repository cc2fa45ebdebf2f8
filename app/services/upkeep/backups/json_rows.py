"""Rows as lines of JSON and back: every value is checked against its column before the database sees it."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import IO, Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.figures import canonical
from app.models.base import UtcDateTime
from app.models.indicators import Exact
from app.services.upkeep.backups.manifest import UnfitArchive

_BATCH = 500
_LONGEST = 1 << 26  # bytes of one row
_WHOLE = range(-(1 << 63), 1 << 63)


def write(session: Session, table: sa.Table, spool: IO[bytes]) -> int:
    """Every row of the table as a line, in the order of its key; how many there were."""
    count = 0
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in session.execute(query, execution_options={"yield_per": _BATCH}).mappings():
        said = {key: _plain(value) for key, value in row.items()}
        spool.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def load(session: Session, table: sa.Table, spool: IO[bytes]) -> int:
    """Every line as a row; raises Unfit at the first that is none."""
    count, rows = 0, _rows(table, spool)
    while batch := list(islice(rows, _BATCH)):
        session.execute(sa.insert(table), batch)
        count += len(batch)
    if session.connection().dialect.name == "postgresql" and "id" in table.c and count:
        session.execute(
            sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")  # noqa: S608 - our own table names
        )
    return count


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.date):
        return value.isoformat()
    return canonical(value) if isinstance(value, Decimal) else value


def _rows(table: sa.Table, spool: IO[bytes]) -> Iterator[dict[str, object]]:
    number = 0
    while line := spool.readline(_LONGEST + 1):
        number += 1
        try:
            if len(line) > _LONGEST:
                raise ValueError("longer than any row")
            yield _row(table, json.loads(line))
        except (ValueError, RecursionError) as error:
            raise UnfitArchive(f"{table.name}, line {number}: {str(error)[:200]}") from error


def _row(table: sa.Table, said: object) -> dict[str, object]:
    if not isinstance(said, dict) or set(said) != set(table.c.keys()):
        raise ValueError("not a row of this table")
    return {column.key: _value(column, said[column.key]) for column in table.columns}


def _value(column: sa.Column[Any], said: object) -> object:
    if said is None:
        if column.nullable:
            return None
        raise ValueError(f"{column.key} is empty")
    try:
        return _typed(column.type, said)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{column.key}: {error}") from error


def _typed(kind: sa.types.TypeEngine[Any], said: Any) -> object:
    """The value as Python knows it; a wrong one raises ValueError or TypeError."""
    if isinstance(kind, sa.JSON):
        return said
    if isinstance(kind, UtcDateTime):
        return _instant(said)
    if isinstance(kind, Exact):
        return _exact(said)
    if isinstance(kind, sa.Date):
        return dt.date.fromisoformat(said)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(said, validate=True)
    if isinstance(kind, sa.Enum) and kind.enum_class:
        return kind.enum_class(said)
    if isinstance(kind, sa.Boolean | sa.Integer | sa.Float):
        return _number(kind, said)
    return _text(kind, said)


def _exact(said: object) -> Decimal:
    try:
        value = Decimal(_text(sa.String(32), said))
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not value.is_finite() or canonical(value) != said:
        raise ValueError("not a number in plain digits")
    return value


def _instant(said: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(said)
    if instant.tzinfo is None:
        raise ValueError("an instant without its offset")
    return instant


def _number(kind: sa.types.TypeEngine[Any], said: object) -> object:
    if isinstance(kind, sa.Boolean):
        fits = isinstance(said, bool)
    elif isinstance(kind, sa.Integer):
        fits = isinstance(said, int) and not isinstance(said, bool) and said in _WHOLE
    else:
        fits = isinstance(said, int | float) and not isinstance(said, bool)
    if not fits:
        raise ValueError(f"{str(said)[:40]!r} is not of this kind")
    return said


def _text(kind: sa.types.TypeEngine[Any], said: object) -> str:
    if not isinstance(said, str) or "\0" in said:
        raise ValueError("not a text")
    longest = getattr(kind, "length", None)
    if longest is not None and len(said) > longest:
        raise ValueError(f"longer than {longest} characters")
    return said
