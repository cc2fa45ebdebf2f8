"""Rows of many tables, numbered as they are invented, and their writing: a million actions in minutes."""

import datetime as dt
import hashlib
from json.encoder import encode_basestring
from operator import itemgetter
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.models import metadata
from app.models.audit import AuditEvent, AuditSeal
from app.models.base import table_of
from app.models.updates import Via
from app.services.kernel.audit import GENESIS, link_hash
from app.synth.sheets import Sheet, canonical, moment

Told = str | int | None
_Row = tuple[object, ...]
_Event = tuple[dt.datetime, int | None, str, str, str, int, int | None, str]


class WriteBatch(NamedTuple):
    """What is written together: statements with their rows, parents first; the acts in the order of time."""

    statements: list[tuple[str, list[_Row]]]
    events: list[_Event]


class InventedRows:
    """What is invented and waits to be written; ids count from 1, because the database was empty."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self.sheets: dict[type[SQLModel], Sheet] = {}
        self.events: list[_Event] = []

    def add(self, model: type[SQLModel], **values: object) -> int:
        """One more row with the next id of its table."""
        return self._sheet(model).add(values)

    def amend(self, model: type[SQLModel], row_id: int, **values: object) -> None:
        """What follows for a row, added a moment ago, from those that came after it."""
        self._sheet(model).amend(row_id, values)

    def tie(self, model: type[SQLModel], **values: object) -> None:
        """One more row of a table whose key is not an id."""
        self._sheet(model).waiting.append(values)

    def last(self, model: type[SQLModel]) -> int:
        """The last id given."""
        return self._sheet(model).last

    def event(
        self,
        at: dt.datetime,
        who: tuple[int | None, Via],
        verb: str,
        subject: tuple[str, int, int | None],
        **data: Told,
    ) -> None:
        """One act for the record; `data` are plain words and numbers."""
        kind, subject_id, programme_id = subject
        self.events.append((at, who[0], who[1].value, str(verb), kind, subject_id, programme_id, _json(data)))

    def take(self) -> WriteBatch:
        """Everything that waited."""
        by_table = {table_of(model): sheet for model, sheet in self.sheets.items() if sheet.waiting}
        sheets = [by_table[table] for table in metadata.sorted_tables if table in by_table]
        events, self.events = sorted(self.events, key=itemgetter(0)), []
        return WriteBatch([(sheet.statement, sheet.take()) for sheet in sheets], events)

    def _sheet(self, model: type[SQLModel]) -> Sheet:
        if model not in self.sheets:
            self.sheets[model] = Sheet(table_of(model), self.dialect)
        return self.sheets[model]


class Pen:
    """Writes handfuls and seals the record; the first event is number 1, because the database was empty."""

    def __init__(self, session: Session) -> None:
        self.connection = session.connection()
        self.is_sqlite = self.connection.dialect.name == "sqlite"
        self.head, self.last = GENESIS, 0

    def write(self, handful: WriteBatch) -> None:
        for statement, rows in handful.statements:
            self.connection.exec_driver_sql(statement, rows)
        events, seals = self._sealed(handful.events)
        if events:
            self.connection.exec_driver_sql(self._into(AuditEvent, _EVENT), events)
            self.connection.exec_driver_sql(self._into(AuditSeal, _SEAL), seals)

    def finish(self) -> None:
        """PostgreSQL counts on its own: from the last ids that were given here."""
        if self.is_sqlite:
            return
        for table in metadata.sorted_tables:
            if "id" in table.columns and (last := self.connection.scalar(sa.select(sa.func.max(table.c.id)))):
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                self.connection.execute(sa.select(sa.func.setval(sequence, last)))

    def _sealed(self, acts: list[_Event]) -> tuple[list[_Row], list[_Row]]:
        """The hash is over the same canonical text as `audit.event_hash`, written here without asking each value."""
        events: list[_Row] = []
        seals: list[_Row] = []
        for at, actor, via, verb, kind, subject, programme, data in acts:
            text = (
                f'{{"actor_id":{_null(actor)},"at":"{canonical(at)}","data":{data},'
                f'"programme_id":{_null(programme)},"subject_id":{subject},"subject_kind":"{kind}","verb":"{verb}","via":"{via}"}}'
            )
            hashed = hashlib.sha256(text.encode()).hexdigest()
            self.last, self.head = self.last + 1, link_hash(self.head, hashed)
            kept = moment(at) if self.is_sqlite else at
            events.append((self.last, kept, actor, via, verb, kind, subject, programme, data, hashed))
            seals.append((self.last, self.last, self.head))
        return events, seals

    def _into(self, model: type[SQLModel], names: tuple[str, ...]) -> str:
        marks = ", ".join(["?" if self.is_sqlite else "%s"] * len(names))
        return f"INSERT INTO {table_of(model).name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names


_EVENT = ("id", "at", "actor_id", "via", "verb", "subject_kind", "subject_id", "programme_id", "data", "hash")
_SEAL = ("position", "event_id", "hash")


def _null(value: int | None) -> str:
    return "null" if value is None else str(value)


def _json(data: dict[str, Told]) -> str:
    """Canonical: keys in order, no space; what is not given is left out."""
    parts = [
        f'"{key}":{encode_basestring(value) if isinstance(value, str) else value}'
        for key, value in sorted(data.items())
        if value is not None
    ]
    return f"{{{','.join(parts)}}}"
