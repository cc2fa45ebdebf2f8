"""Statements of columns that every page or press runs: compiled once, and given to the driver past what lies before it.

Through Session.execute each costs three times as much. Who listens to statements hears of these too: whoever may say
that the time is over, and whoever follows what is changed. A fault of the driver comes as any other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

Processor = Callable[[Any], Any]
Values = Mapping[str, Any]
Rows = Sequence[Sequence[Any]]
_MOST = 64  # ways in which one statement is kept: lists have lengths, and somebody may hold any number of posts


@dataclass(frozen=True, slots=True)
class _Made:
    """For one dialect, and lists of these lengths."""

    text: str
    order: Sequence[str] | None  # of values that are given by their place, else by name
    constants: Values
    lists: dict[str, list[str]]
    writers: dict[str, Processor]
    readers: list[tuple[int, Processor]]

    def values(self, given: Values) -> Any:
        values = {**self.constants, **given}
        for name, own in self.lists.items():
            values.update(zip(own, values.pop(name), strict=True))
        for name, write in self.writers.items():
            values[name] = write(values[name])
        return values if self.order is None else tuple([values[name] for name in self.order])

    def each(self, rows: Sequence[Values]) -> list[Any]:
        """Of many rows, column by column: what several of them share is written once."""
        if self.lists:
            return [self.values(row) for row in rows]
        columns: dict[str, Iterable[Any]] = {name: repeat(value) for name, value in self.constants.items()}
        columns |= {name: [row[name] for row in rows] for name in rows[0]}
        for name, write in self.writers.items():
            known = {id(value): value for value in columns[name]}
            written = {key: write(value) for key, value in known.items()}
            columns[name] = [written[id(value)] for value in columns[name]]
        if self.order is not None:
            return list(zip(*(columns[name] for name in self.order), strict=False))
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=False)]

    def read(self, found: Sequence[Any]) -> Rows:
        """The values as their columns' types give them."""
        if not self.readers:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for place, read in self.readers:
                row[place] = read(row[place])
        return rows


class Statement:
    """One such statement; what it is given it names by parameters without a value, or by its columns."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._made: dict[tuple[object, ...], _Made] = {}

    def rows(self, session: Session, given: Values) -> Rows:
        """Run it: all that it answers, plain, values by their places."""
        connection = self._connection(session)
        if self._statement.is_dml:
            self._announce(connection, [], given)
        made = self._for(connection, given)
        return made.read(_run(connection, made.text, made.values(given), many=False))

    def first(self, session: Session, given: Values) -> Sequence[Any] | None:
        """The only one, or the first of a few."""
        return next(iter(self.rows(session, given)), None)

    def run_each(self, session: Session, rows: Sequence[Values]) -> int:
        """A change, for each of these in turn, which all name the same values: how many rows it changed."""
        connection = self._connection(session)
        self._announce(connection, rows, {})
        made = self._for(connection, rows[0], many=True)
        changed: int = _run(connection, made.text, made.each(rows), many=True)[0]
        return changed

    def _connection(self, session: Session) -> sa.Connection:
        if session.autoflush:
            session.flush()
        return session.connection()

    def _announce(self, connection: sa.Connection, rows: Sequence[Values], one: Values) -> None:
        for hear in connection.dispatch.before_execute:
            hear(connection, self._statement, rows, one, {})

    def _for(self, connection: sa.Connection, given: Values, *, many: bool = False) -> _Made:
        if self._statement.is_dml:
            shape: list[object] = list(given)
        else:
            shape = [(name, len(value)) for name, value in given.items() if isinstance(value, list | tuple)]
        key = (connection.dialect.name, many, *shape)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            made = self._made[key] = _made(self._statement, connection.dialect, given, many=many)
        return made


def _made(statement: Any, dialect: Any, given: Values, *, many: bool) -> _Made:
    named = {"column_keys": list(given)} if statement.is_dml else {}
    compiled = statement.compile(dialect=dialect, for_executemany=many, **named)
    whole = compiled.construct_expanded_state(dict(given))
    constants, lists = {}, {}
    writers: dict[str, Processor] = {}  # by name: a statement may name a value in several places
    for bind, name in compiled.bind_names.items():
        write, own = bind.type.dialect_impl(dialect).bind_processor(dialect), whole.parameter_expansion.get(name)
        if bind.required and own is not None:
            lists[name] = own
        for one in [name] if own is None else own:
            if not bind.required:
                constants[one] = write(whole.parameters[one]) if write else whole.parameters[one]
            elif write:
                writers[one] = write
    answered = enumerate(statement.exported_columns)
    readers = [(place, column.type.dialect_impl(dialect).result_processor(dialect, None)) for place, column in answered]
    readers = [(place, read) for place, read in readers if read]
    return _Made(whole.statement, whole.positiontup, constants, lists, writers, readers)


def _run(connection: sa.Connection, text: str, values: Any, *, many: bool) -> Sequence[Any]:
    dialect: Any = connection.dialect
    cursor: Any = connection.connection.cursor()
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, text, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
        if many:
            found: Sequence[Any] = [cursor.rowcount]
        else:
            found = [] if cursor.description is None else cursor.fetchall()
    except dialect.loaded_dbapi.Error as fault:
        raise _as_any(connection, cursor, text, values, fault) from fault
    cursor.close()
    return found


def _as_any(connection: sa.Connection, cursor: Any, text: str, values: Any, fault: Exception) -> BaseException:
    """As the library says it of its own statements; a connection that is gone is not used again."""
    dialect: Any = connection.dialect
    is_lost = dialect.is_disconnect(fault, connection.connection, cursor)
    cursor.close()
    if is_lost:
        connection.invalidate(fault)
    kinds = dialect.loaded_dbapi.Error
    return sa.exc.DBAPIError.instance(text, values, fault, kinds, connection_invalidated=is_lost, dialect=dialect)
