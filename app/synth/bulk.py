"""Rows of many tables, numbered and hashed here and written together: ten thousand actions in seconds."""

import datetime as dt
from collections import Counter, defaultdict

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.models import metadata
from app.models.audit import AuditEvent, AuditSeal
from app.models.base import table_of
from app.models.updates import Via
from app.services.audit import GENESIS, event_hash, link_hash

Row = dict[str, object]


class Rows:
    """What waits to be written; ids count from 1, because the database was empty."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.waiting: dict[sa.Table, list[Row]] = defaultdict(list)
        self.events: list[Row] = []
        self.last: Counter[str] = Counter()
        self.head = GENESIS

    def add(self, model: type[SQLModel], **values: object) -> int:
        """One more row with the next id of its table."""
        table = table_of(model)
        self.last[table.name] += 1
        self.waiting[table].append({"id": self.last[table.name], **values})
        return self.last[table.name]

    def tie(self, model: type[SQLModel], **values: object) -> None:
        """One more row of a table whose key is not an id."""
        self.waiting[table_of(model)].append(values)

    def event(
        self,
        at: dt.datetime,
        who: tuple[int | None, Via],
        verb: str,
        subject: tuple[str, int, int | None],
        **data: object,
    ) -> None:
        """One act for the record; `data` are plain JSON values."""
        kind, subject_id, programme_id = subject
        self.events.append(
            {
                "at": at,
                "actor_id": who[0],
                "via": who[1],
                "verb": verb,
                "subject_kind": kind,
                "subject_id": subject_id,
                "programme_id": programme_id,
                "data": {key: value for key, value in data.items() if value is not None},
            }
        )

    def write(self) -> None:
        """Everything that waits: parents first, events in the order of time and sealed."""
        for event in sorted(self.events, key=_instant):
            hashed = event_hash(event)
            event_id = self.add(AuditEvent, **event, hash=hashed)
            self.head = link_hash(self.head, hashed)
            self.tie(AuditSeal, position=event_id, event_id=event_id, hash=self.head)
        self.events.clear()
        for table in metadata.sorted_tables:
            if rows := self.waiting.pop(table, None):
                self.session.execute(sa.insert(table), rows)

    def finish(self) -> None:
        """PostgreSQL counts on its own: from the last id that was given here."""
        if self.session.connection().dialect.name == "postgresql":
            for name, last in self.last.items():
                sequence = sa.func.pg_get_serial_sequence(name, "id")
                self.session.execute(sa.select(sa.func.setval(sequence, last)))


def _instant(event: Row) -> dt.datetime:
    at = event["at"]
    assert isinstance(at, dt.datetime)
    return at
