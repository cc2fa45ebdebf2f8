"""The record: what is written stays, and what is sealed can be checked by anybody."""

import datetime as dt
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import clock
from app.db import Database
from app.models.audit import AuditEvent, AuditSeal
from app.models.notifications import Heartbeat
from app.services.kernel import audit
from app.services.upkeep import audit_triggers, integrity

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)


def write(database: Database, count: int = 3) -> None:
    with database.write() as session, clock.at(NOW):
        for number in range(count):
            audit.record(session, audit.SERVICE, "edit", "meeting", number, 7, titles={"ar": "لقاء"}, on=NOW.date())


def seal(database: Database) -> int:
    with database.write() as session:
        return audit.seal(session)


def verdict(database: Database) -> integrity.Verdict:
    with database.snapshot() as session:
        return integrity.verify(session)


@contextmanager
def tampering(database: Database) -> Iterator[Session]:
    """What a person with the database's own rights could do: take the triggers away, and put them back."""
    with database.write() as session:
        if database.is_sqlite:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = session.execute(sa.text(query)).all()
            for name, _ in triggers:
                session.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            for table in audit_triggers.TABLES:
                session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only"))
        yield session
        session.flush()
        if database.is_sqlite:
            for _, statement in triggers:
                session.execute(sa.text(statement))
        else:
            for table in audit_triggers.TABLES:
                session.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only"))


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_remove_the_record(
    database: Database, table: str, statement: str
) -> None:
    write(database)
    seal(database)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(sa.text(statement.format(table)))


def test_what_was_written_verifies_sealed_or_not(database: Database) -> None:
    write(database)
    assert (verdict(database).faults, verdict(database).sealed) == ((), 0)
    assert seal(database) == 3
    write(database, 2)
    found = verdict(database)
    assert (found.events, found.sealed, found.faults) == (5, 3, ())
    assert seal(database) == 2
    assert seal(database) == 0
    assert verdict(database).head != found.head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'other' WHERE id = 2",
        "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = 2",
        "DELETE FROM audit_seal WHERE position = 2",
        "UPDATE audit_seal SET hash = 'x' WHERE position = 3",
        "UPDATE audit_seal SET event_id = 9 - event_id WHERE position = -1",
    ],
)
def test_an_edit_or_a_cut_is_found(database: Database, statement: str) -> None:
    write(database, 4)
    seal(database)
    with tampering(database) as session:
        changed = session.execute(sa.text(statement))
    touched = changed.rowcount  # type: ignore[attr-defined]
    assert bool(verdict(database).faults) == bool(touched)


def test_a_link_holds_the_event_and_the_link_before_it(database: Database) -> None:
    """Computed by hand, as an auditor would: an order that could be changed without a trace proves nothing."""
    write(database, 3)
    seal(database)
    head = "0" * 64
    with database.read() as session:
        for hashed in session.scalars(sa.select(AuditEvent.hash).order_by(AuditEvent.id)):  # type: ignore[call-overload]
            head = hashlib.sha256(f"{head}{hashed}".encode()).hexdigest()

    assert verdict(database).head == head


def test_the_same_event_after_another_past_has_another_link(database: Database) -> None:
    write(database, 2)
    seal(database)
    before = verdict(database).head
    write(database, 2)
    seal(database)

    with database.read() as session:
        links = session.execute(sa.select(AuditEvent.hash, AuditSeal.hash).join_from(AuditSeal, AuditEvent)).all()  # type: ignore[call-overload]
    events, seals = {row[0] for row in links}, {row[1] for row in links}
    assert (len(events), len(seals)) == (2, 4)  # written twice at one instant, they differ by their place alone
    assert verdict(database).head != before


def test_a_link_that_is_gone_is_named(database: Database) -> None:
    write(database, 4)
    seal(database)
    with tampering(database) as session:
        session.execute(sa.text("DELETE FROM audit_seal WHERE position = 2"))

    assert "link 2: it is gone" in verdict(database).faults


def test_an_event_that_is_committed_behind_a_later_one_is_sealed_too(database: Database) -> None:
    """PostgreSQL gives numbers out before the commit; SQLite has one writer, and no such case."""
    if database.is_sqlite:
        return
    write(database)
    with Session(database.writer) as slow:
        audit.record(slow, audit.SERVICE, "edit", "meeting", 1, 7)
        for minute in range(30):
            with clock.at(NOW + dt.timedelta(minutes=minute)):
                write(database, 1)
                assert seal(database) == (4 if minute == 0 else 1)
        slow.commit()

    with clock.at(NOW + dt.timedelta(minutes=31)):
        assert seal(database) == 1
    assert (verdict(database).events, verdict(database).sealed, verdict(database).faults) == (34, 34, ())


def test_an_event_that_appears_after_the_next_seal_but_before_the_mark_holds_is_sealed(database: Database) -> None:
    if database.is_sqlite:
        return
    with clock.at(NOW):
        seal(database)
    with Session(database.writer) as slow:
        audit.record(slow, audit.SERVICE, "edit", "meeting", 1, 7)
        write(database, 2)
        with clock.at(NOW + dt.timedelta(minutes=1)):
            assert seal(database) == 2
        slow.commit()
    for minute in (2, 3):
        with clock.at(NOW + dt.timedelta(minutes=minute)):
            seal(database)
    assert verdict(database).sealed == 3


def test_only_what_came_since_is_looked_at(database: Database) -> None:
    write(database, 30)
    settled, minute = 0, 0
    while settled == 0 and minute < 100:  # the server's own work (a table analysed) holds everybody's mark for a moment
        with clock.at(NOW + dt.timedelta(minutes=minute)):
            seal(database)
        minute += 1
        with database.read() as session:
            settled = int(str(session.get_one(Heartbeat, "audit:settled").detail["settled"]))
        time.sleep(0.05 * (minute > 3))

    assert settled == 30


@pytest.mark.parametrize(("sealed", "settled"), [((1, 2, 3, 4), 4), ((1, 2, 4), 0)])
def test_a_record_sealed_before_there_were_marks_is_looked_through_where_one_is_missing(
    database: Database, sealed: tuple[int, ...], settled: int
) -> None:
    write(database, 4)
    with database.write() as session:
        for position, event_id in enumerate(sealed, 1):
            session.add(AuditSeal(position=position, event_id=event_id, hash=str(position)))

    with Session(database.writer) as session:
        assert audit._settle(session) == settled
        session.rollback()
    assert seal(database) == 4 - len(sealed)


def test_swapped_links_are_found(database: Database) -> None:
    write(database, 4)
    seal(database)
    with tampering(database) as session:
        session.execute(sa.text("DELETE FROM audit_seal WHERE position IN (2, 3)"))
        heads = session.scalars(sa.select(AuditSeal.hash).order_by(AuditSeal.position)).all()  # type: ignore[call-overload]
        session.execute(sa.insert(AuditSeal), [
            {"position": 2, "event_id": 3, "hash": heads[0][::-1]},
            {"position": 3, "event_id": 2, "hash": heads[1][::-1]},
        ])  # fmt: skip
    assert any("link 2" in fault for fault in verdict(database).faults)


def test_an_inserted_event_that_was_not_hashed_is_found(database: Database) -> None:
    write(database, 2)
    with database.write() as session:
        session.execute(
            sa.insert(AuditEvent).values(
                at=NOW, via="command", verb="edit", subject_kind="meeting", subject_id=1, data={}, hash="0" * 64
            )
        )
    assert len(verdict(database).faults) == 1


def test_a_removed_tail_is_found_where_the_database_counts_without_gaps(database: Database) -> None:
    write(database, 3)
    with tampering(database) as session:
        session.execute(sa.text("DELETE FROM audit_event WHERE id = 3"))
    assert bool(verdict(database).faults) == database.is_sqlite


def test_a_head_kept_elsewhere_proves_what_the_record_said(database: Database) -> None:
    write(database)
    seal(database)
    head = verdict(database).head
    write(database)
    seal(database)
    with database.read() as session:
        assert integrity.holds(session, head)
        assert not integrity.holds(session, "f" * 64)
