"""A backup is whole, can be taken while somebody writes, and restores into nothing only."""

import datetime as dt
import tarfile
import threading
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app import migrations
from app.config import settings
from app.db import Database
from app.domain.errors import Refused
from app.domain.permissions import Role
from app.domain.progress import Response
from app.models import metadata
from app.models.audit import AuditEvent
from app.services.followup import indicators
from app.services.followup.indicators import Measured
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.meetings import meetings, recommendations
from app.services.setup import programmes
from app.services.upkeep import backups, integrity
from tests import builders
from tests.actors import acting


@pytest.fixture
def elsewhere(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    migrations.to_head(url)
    return Database(url)


def fill(database: Database) -> None:
    with database.write() as session:
        amina = acting(builders.person(session, "Amina", Role.SECRETARIAT), Role.SECRETARIAT)
        programme = programmes.create(session, amina, titles={"ar": "برنامج"})
        meeting = meetings.create(
            session, amina, programme, titles={"fr": "Rencontre"}, held_on=dt.date(2024, 11, 28), region="FM"
        )
        one, two = (
            recommendations.create(
                session, amina, meeting, titles={"ar": "توصية"}, source_text="نص", source_lang="ar", place=(n, n + 2)
            )
            for n in (0, 5)
        )
        recommendations.respond(session, amina, one, Response.MERGED, merged_into=two)
        programmes.publish(session, amina, programme)
        measure(session, amina, programme.id)
        audit.seal(session)


def measure(session: Session, amina: Actor, programme_id: int) -> None:
    """An indicator whose value was corrected: figures that a float would not keep."""
    own = indicators.create(
        session, amina, programme_id, titles={"fr": "Exportations"}, target=Decimal("123456789012345.123456"),
        target_on=dt.date(2028, 1, 1),
    )  # fmt: skip
    old = indicators.measure(session, amina, own, Measured(dt.date(2025, 1, 1), Decimal("27.1"), "OC"))
    other = Measured(dt.date(2025, 1, 1), Decimal("2.71"), "OC")
    indicators.correct(session, amina, own, old, other, reason="Une virgule.")


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All but the log that pages in memory follow: a restore is a change of its own there."""
    with database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name not in {"heartbeat", "public_change"}  # a restore holds the mails and changes all pages
        }


def test_what_is_restored_is_what_was_there_in_the_other_kind_of_database_too(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    fill(database)
    (settings().data_dir / "files").mkdir(parents=True)
    (settings().data_dir / "files" / "one.bin").write_bytes(b"\x00\x01")
    rows = backups.backup(database, tmp_path / "all.tar.gz")
    (settings().data_dir / "files" / "one.bin").unlink()
    assert backups.restore(elsewhere, tmp_path / "all.tar.gz").rows == rows
    assert everything(elsewhere) == everything(database)
    assert (settings().data_dir / "files" / "one.bin").read_bytes() == b"\x00\x01"
    with elsewhere.snapshot() as session:
        assert integrity.verify(session).faults == ()
    with elsewhere.write() as session:
        assert integrity.differences(session) == []


def test_numbers_go_on_after_a_restore(database: Database, tmp_path: Path, empty_url: str) -> None:
    fill(database)
    backups.backup(database, tmp_path / "all.tar.gz")
    migrations.to_head(empty_url)
    target = Database(empty_url)
    backups.restore(target, tmp_path / "all.tar.gz")
    with target.write() as session:
        audit.record(session, audit.SERVICE, "edit", "meeting", 1)
        ids = session.scalars(sa.select(sa.func.count(sa.distinct(sa.column("id")))).select_from(AuditEvent)).one()
        assert ids == session.scalars(sa.select(sa.func.count()).select_from(AuditEvent)).one()
    target.dispose()


def test_a_backup_taken_while_somebody_writes_holds_one_moment(
    database: Database, elsewhere: Database, tmp_path: Path
) -> None:
    fill(database)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.write() as session:
                audit.record(session, audit.SERVICE, "edit", "meeting", 1)
                audit.seal(session)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups.backup(database, tmp_path / "all.tar.gz")
    finally:
        stop.set()
        writer.join()
    backups.restore(elsewhere, tmp_path / "all.tar.gz")
    with elsewhere.snapshot() as session:
        found = integrity.verify(session)
    assert (found.faults, found.events) == ((), found.sealed)


@pytest.mark.sqlite_only
def test_the_key_travels_only_when_asked(database: Database, tmp_path: Path) -> None:
    assert settings().key
    backups.backup(database, tmp_path / "without.tar.gz")
    backups.backup(database, tmp_path / "with.tar.gz", with_key=True)
    with tarfile.open(tmp_path / "without.tar.gz") as without, tarfile.open(tmp_path / "with.tar.gz") as with_key:
        assert "secret.key" not in without.getnames()
        assert "secret.key" in with_key.getnames()


@pytest.mark.sqlite_only
def test_a_target_that_holds_something_is_left_alone(database: Database, tmp_path: Path) -> None:
    fill(database)
    backups.backup(database, tmp_path / "all.tar.gz")
    with pytest.raises(Refused, match="empty"):
        backups.restore(database, tmp_path / "all.tar.gz")


@pytest.mark.sqlite_only
def test_an_existing_archive_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    (tmp_path / "all.tar.gz").write_bytes(b"precious")
    with pytest.raises(Refused, match="already"):
        backups.backup(database, tmp_path / "all.tar.gz")
    assert (tmp_path / "all.tar.gz").read_bytes() == b"precious"
