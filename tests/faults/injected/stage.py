"""A database with officials who owe something, the mail server beside it, and what schedulers need to work on it."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from app.config import settings
from app.db import Database
from app.domain.permissions import Role
from app.models.actions import Action
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from tests import builders
from tests.builders import instant
from tests.faults.injected.processes import Scheduler
from tests.faults.injected.sink import Receipt, Sink
from tests.fixtures.servers import own_environment


@dataclass
class Stage:
    """`owed`: by address the actions of a person, each with its deadline."""

    database: Database
    sink: Sink
    running: ExitStack
    owed: dict[str, dict[str, dt.date]] = field(default_factory=dict)

    def owners(self, due: Sequence[dt.date], *, actions: int = 1, has_digest: bool = False) -> list[str]:
        """An official a date, who owes so many actions then; Amina is the secretariat. Their addresses."""
        with self.database.write() as session:
            programme = builders.programme(session)
            builders.person(session, "Amina", Role.SECRETARIAT, at=programme, has_digest=False)
            parent = builders.recommendation(session, builders.meeting(session, programme))
            for number, on in enumerate(due):
                post = builders.post(session)
                who = builders.person(session, f"Karim{number}", holds=post, has_digest=has_digest)
                some = [
                    builders.action(session, parent, post, due_on=on, last_word_at=instant("2026-11-30"))
                    for _ in range(actions)
                ]
                self.owed[who.email] = {one.ref: on for one in some}
        return list(self.owed)

    def scheduler(self, way: str = "", **environment: str) -> Scheduler:
        """`way`: another than straight to the sink."""
        url = self.database.url.render_as_string(hide_password=False)
        own = own_environment(
            data_dir=str(settings().data_dir), database_url=url, smtp_url=way or self.sink.url, scheduler="external"
        )
        return self.running.enter_context(Scheduler(own | environment))

    def change(self, statement: sa.Update | sa.Insert) -> None:
        with self.database.write() as session:
            session.execute(statement)

    def to(self, *addresses: str) -> sa.ColumnElement[bool]:
        return col(Person.email).in_(addresses)

    def action(self, ref: str) -> sa.ColumnElement[bool]:
        return col(Action.ref) == ref

    def states(self) -> Counter[Delivery]:
        with self.database.read() as session:
            query = sa.select(col(Envelope.state), sa.func.count()).group_by(col(Envelope.state))
            return Counter({row[0]: row[1] for row in session.execute(query)})

    def message_ids(self, state: Delivery) -> set[str]:
        with self.database.read() as session:
            return set(session.scalars(sa.select(col(Envelope.message_id)).where(col(Envelope.state) == state)))

    def kinds(self) -> dict[str, str]:
        """By Message-ID the kind: a label, which no count rests on."""
        with self.database.read() as session:
            found = session.execute(sa.select(col(Envelope.message_id), col(Envelope.kind)))
            return {row[0]: row[1] for row in found}

    def reminders(self) -> list[Receipt]:
        kinds = self.kinds()
        return [one for one in self.sink.receipts() if kinds[one.message_id] == "reminder"]

    def second_copies(self) -> int:
        """Raises where a second copy is not the first one, byte for byte."""
        seconds = 0
        for some in self.sink.copies().values():
            assert len({one.digest for one in some}) == 1, f"{some[0].message_id} left with two texts"
            seconds += len(some) - 1
        return seconds

    def most_a_morning(self) -> int:
        """How many different reminder mails a person got on one day, at most."""
        mornings = Counter((to, on) for to, on, _ in {(one.to, one.on, one.message_id) for one in self.reminders()})
        return max(mornings.values(), default=0)
