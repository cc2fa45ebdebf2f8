"""Whoever holds the database may rewrite all of it: each way of doing so is found, on both databases."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.db import Database
from app.models.audit import AuditEvent, AuditSeal, PublishedHead
from app.models.base import table_of
from app.models.updates import Via
from app.services.kernel import audit
from app.services.kernel.audit import GENESIS, event_hash, link_hash
from app.services.upkeep import integrity, record_heads
from app.services.upkeep.record_heads import Known
from tests.services.kernel.test_audit import tampering

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
KEY = b"the secret key of this service alone"
EVENTS, SEALS = table_of(AuditEvent), table_of(AuditSeal)


@pytest.fixture
def told(database: Database, tmp_path: Path) -> list[Known]:
    """Three days of five events each, sealed and published each evening; what the signed file says of them."""
    for day in range(3):
        for number in range(5):
            with database.write() as session, clock.at(NOON + dt.timedelta(day, minutes=number)):
                audit.record(session, audit.SERVICE, "edit", "meeting", 10 * day + number, titles={"ar": "لقاء"})
        with database.write() as session:
            audit.seal(session)
            record_heads.publish(session, NOON.date() + dt.timedelta(day))
        with database.read() as session:
            record_heads.carry_out(session, tmp_path, KEY)
    outside = record_heads.outside(tmp_path, KEY)
    assert (len(outside.known), outside.faults, outside.notes) == (3, (), ())
    return list(outside.known)


def faults(database: Database, known: list[Known]) -> list[str]:
    with database.snapshot() as session:
        return list(integrity.verify(session, known=known).faults)


def test_the_record_as_it_was_written_holds_every_head(database: Database, told: list[Known]) -> None:
    assert faults(database, told) == []


def rewrite(session: Session, *, published: bool = True) -> None:
    """Hash, number and chain everything again, and the published heads with it: consistent from end to end."""
    session.execute(sa.delete(SEALS))
    previous = GENESIS
    for position, row in enumerate(session.execute(sa.select(EVENTS).order_by(EVENTS.c.id)).mappings().all(), 1):
        values = {name: row[name] for name in row if name not in ("id", "hash")}
        session.execute(sa.update(EVENTS).where(EVENTS.c.id == row["id"]).values(hash=event_hash(values)))
        previous = link_hash(previous, event_hash(values))
        session.execute(sa.insert(SEALS).values(position=position, event_id=row["id"], hash=previous))
    if published:
        for one in session.scalars(sa.select(PublishedHead)):
            link = sa.select(SEALS.c.hash).where(SEALS.c.position == one.position)
            found = session.scalars(link).first()
            table = table_of(PublishedHead)
            one_day = table.c.on == one.on
            statement = sa.update(table).where(one_day).values(head=found) if found else sa.delete(table).where(one_day)
            session.execute(statement)


def edited_and_rewritten(session: Session) -> None:
    session.execute(sa.update(EVENTS).where(EVENTS.c.id == 3).values(verb="withdraw"))
    rewrite(session)


def swapped_and_rewritten(session: Session) -> None:
    one, two = (
        {name: value for name, value in row.items() if name not in ("id", "at", "hash")}
        for row in session.execute(sa.select(EVENTS).where(EVENTS.c.id.in_((3, 4))).order_by(EVENTS.c.id)).mappings()
    )
    session.execute(sa.update(EVENTS).where(EVENTS.c.id == 3).values(**two))
    session.execute(sa.update(EVENTS).where(EVENTS.c.id == 4).values(**one))
    rewrite(session)


def removed_and_rewritten(session: Session) -> None:
    session.execute(sa.delete(SEALS))
    session.execute(sa.delete(EVENTS).where(EVENTS.c.id == 3))
    rewrite(session)


def cut(session: Session) -> None:
    """The last day, as if it had never been: with its links, its head and the counter of the database."""
    session.execute(sa.delete(SEALS).where(SEALS.c.position > 10))
    session.execute(sa.delete(EVENTS).where(EVENTS.c.id > 10))
    session.execute(sa.delete(table_of(PublishedHead)).where(table_of(PublishedHead).c.position > 10))
    if session.connection().dialect.name == "sqlite":
        session.execute(sa.text("UPDATE sqlite_sequence SET seq = 10 WHERE name = 'audit_event'"))


WHOLLY: dict[str, Callable[[Session], None]] = {
    "edited": edited_and_rewritten,
    "swapped": swapped_and_rewritten,
    "removed": removed_and_rewritten,
    "cut at the end": cut,
}


@pytest.mark.parametrize("what", WHOLLY)
def test_a_record_that_was_rewritten_whole_is_found_by_the_heads_outside(
    database: Database, told: list[Known], what: str
) -> None:
    with tampering(database) as session:
        WHOLLY[what](session)

    assert any("heads.log of 2026-11-22" in fault for fault in faults(database, told))
    newest = Known("--expect", told[-1].head)
    assert any("--expect" in fault for fault in faults(database, [newest]))


def test_published_heads_that_were_forgotten_give_a_rewriting_away_too(database: Database, told: list[Known]) -> None:
    with tampering(database) as session:
        session.execute(sa.update(EVENTS).where(EVENTS.c.id == 3).values(verb="withdraw"))
        rewrite(session, published=False)

    assert any("published on 2026-11-20" in fault for fault in faults(database, []))


@pytest.mark.parametrize("days", [1, 400])
def test_an_event_put_in_later_under_an_earlier_date_is_found(database: Database, told: list[Known], days: int) -> None:
    """Hashed as it should be, and sealed by the service itself: nothing but its date is wrong."""
    put_in(database, NOON + dt.timedelta(2) - dt.timedelta(days))

    assert [fault for fault in faults(database, told) if "dated before" in fault]


def test_clocks_that_are_set_a_little_are_no_fault(database: Database, told: list[Known]) -> None:
    put_in(database, NOON + dt.timedelta(2) - dt.timedelta(minutes=50))

    assert faults(database, told) == []


def put_in(database: Database, at: dt.datetime, **more: object) -> None:
    values: dict[str, object] = {
        "at": at, "actor_id": None, "via": Via.COMMAND, "verb": "publish", "subject_kind": "meeting",
        "subject_id": 1, "programme_id": None, "data": {},
    }  # fmt: skip
    with database.write() as session:
        session.execute(sa.insert(EVENTS).values(**values, hash=event_hash(values), **more))
        audit.seal(session)


@pytest.mark.sqlite_only
def test_an_event_under_a_number_between_is_found_where_numbers_have_no_gaps(
    database: Database, told: list[Known]
) -> None:
    put_in(database, NOON + dt.timedelta(2, minutes=10), id=-1)

    assert any("event -1: it was put in after event 15" in fault for fault in faults(database, told))


ASLEEP = {
    "sqlite": {
        "gone": "DROP TRIGGER {table}_no_update",
        "other words": "DROP TRIGGER {table}_no_delete | CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "WHEN 0 BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
    },
    "postgresql": {
        "gone": "DROP TRIGGER {table}_append_only ON {table}",
        "other words": "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$",
        "asleep": "ALTER TABLE {table} DISABLE TRIGGER {table}_append_only",
        "for deletions alone": "DROP TRIGGER {table}_append_only ON {table} | CREATE TRIGGER {table}_append_only "
        "BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    },
}


@pytest.mark.parametrize("table", ["audit_event", "audit_seal", "published_head"])
@pytest.mark.parametrize("how", ["gone", "other words", "asleep", "for deletions alone"])
def test_a_guard_that_was_taken_away_or_put_to_sleep_is_found(database: Database, table: str, how: str) -> None:
    kind = "sqlite" if database.is_sqlite else "postgresql"
    assert faults(database, []) == []
    for statement in ASLEEP[kind].get(how, ASLEEP[kind]["gone"]).format(table=table).split(" | "):
        with database.write() as session:
            session.execute(sa.text(statement))

    assert [fault for fault in faults(database, []) if fault.startswith("trigger ")]


def test_the_counter_of_postgresql_says_that_numbers_were_given(database: Database, told: list[Known]) -> None:
    with tampering(database) as session:
        session.execute(sa.delete(SEALS).where(col(AuditSeal.position) > 14))
        session.execute(sa.delete(EVENTS).where(EVENTS.c.id > 14))
    with database.snapshot() as session:
        verdict = integrity.verify(session)

    if database.is_sqlite:
        assert "1 events are missing from the record" in verdict.faults
    else:
        assert any(note.startswith("1 numbers were given") for note in verdict.notes)


def test_a_thousand_faults_are_told_in_a_hundred_lines(database: Database) -> None:
    with database.write() as session, clock.at(NOON):
        for number in range(300):
            audit.record(session, audit.SERVICE, "edit", "meeting", number)
    with tampering(database) as session:
        session.execute(sa.update(EVENTS).values(verb="withdraw"))

    assert (len(found := faults(database, [])), found[-1]) == (101, "and 200 faults more")
