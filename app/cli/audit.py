"""`tatbiq audit verify`, `check` and `rebuild`: whether the record, the derived and the surroundings are sound."""

import io
import json
from contextlib import redirect_stderr
from dataclasses import dataclass, field, replace
from typing import Annotated

import sqlalchemy as sa
import typer
from sqlmodel import Session, SQLModel, col

from app import config, db
from app.cli.session import counting, fail, ready_database
from app.config import settings
from app.domain.errors import DomainError
from app.files import store
from app.mail import transport
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.queries.mailing import health
from app.services.kernel.audit import SERVICE, record
from app.services.upkeep import evidence_files, integrity, record_heads
from app.services.upkeep.record_heads import Known

audit = typer.Typer(help="The append-only record.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")
    app.command()(check)
    app.command()(rebuild)


@audit.command("verify")
def verify(
    expect: Annotated[str, typer.Option(help="A head from a mail or a page: it must be in the chain too")] = "",
) -> None:
    """Read the whole record again and say whether anything was changed, inserted or cut."""
    verdict = _read(ready_database(), [Known("--expect", expect)] if expect else [])
    for note in verdict.notes:
        typer.echo(f"note: {note}", err=True)
    if verdict.faults:
        fail("\n".join(verdict.faults))
    typer.echo(f"{verdict.events} events, {verdict.sealed} sealed, head {verdict.head}")


def check(
    deep: Annotated[bool, typer.Option("--deep", help="Derive everything again and compare")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object on standard output, faults or not")] = False,
) -> None:
    """Look over configuration, zone tables, durability, migrations and relay; exit 1 when something is wrong."""
    found = _look(deep)
    if as_json:
        typer.echo(json.dumps(found.__dict__ | {"is_well": not found.faults}, ensure_ascii=False))
        raise typer.Exit(1 if found.faults else 0)
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)
    if found.faults:
        fail("\n".join(found.faults))
    typer.echo("All is well.")


def rebuild() -> None:
    """Derive statuses, public flags and counts again."""
    database = ready_database()
    with counting("meetings", _count(database, Meeting)) as progress:
        count = integrity.rebuild_in_turn(database.write, progress)
    with database.write() as session:
        record(session, SERVICE, "rebuild", "service", 0, meetings=count)
    typer.echo(f"{count} meetings derived again.")


@dataclass
class _Found:
    """What a look over everything has brought to light; `--json` prints it as it stands."""

    faults: list[str]
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def _look(deep: bool) -> _Found:
    """Settings first; a database that can't be asked ends the look."""
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            database = ready_database()
    except typer.Exit:
        return _Found(said.getvalue().splitlines())
    with database.read() as session:
        found = _Found([*_durability(session), *_waiting(session), *_relay()])
    found.counts = {name: _count(database, model) for name, model in _COUNTED.items()}
    if deep:
        _look_deep(database, found)
    return found


def _look_deep(database: db.Database, found: _Found) -> None:
    """Reads two snapshots: nobody who writes has to wait."""
    with database.snapshot() as session, counting("meetings", found.counts["meetings"]) as progress:
        found.faults += integrity.differences(session, progress)
        found.faults += evidence_files.faults(session, store.home())
    verdict = _read(database, [])
    found.faults += verdict.faults
    found.notes += verdict.notes
    found.counts |= {"events": verdict.events, "sealed": verdict.sealed}


def _read(database: db.Database, expected: list[Known]) -> integrity.Verdict:
    """The whole record, held against what is known of it outside the tables."""
    outside = record_heads.outside(settings().data_dir, config.known_key(settings()))
    with database.snapshot() as session, counting("events") as progress:
        verdict = integrity.verify(session, progress, [*outside.known, *expected])
    return replace(verdict, faults=outside.faults + verdict.faults, notes=outside.notes + verdict.notes)


_COUNTED: dict[str, type[SQLModel]] = {
    "meetings": Meeting,
    "actions": Action,
    "people": Person,
    "messages": Envelope,
}


def _count(database: db.Database, model: type[SQLModel]) -> int:
    with database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(model)).one()


def _durability(session: Session) -> list[str]:
    """What was answered must survive a power cut: the database has to say so itself."""
    if session.connection().dialect.name == "sqlite":
        wanted = {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
        found = {name: session.execute(sa.text(f"PRAGMA {name}")).scalar() for name in wanted}
    else:
        wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        found = {name: session.execute(sa.text(f"SHOW {name}")).scalar() for name in wanted}
    return [
        f"database: {name} is {found[name]}, it must be {value}"
        for name, value in wanted.items()
        if found[name] != value
    ]


def _waiting(session: Session) -> list[str]:
    held = health.held(session)
    if held:
        return [f"mail: {held}"]
    if settings().transport_url:
        return []
    waiting = sa.select(sa.func.count()).select_from(Envelope).where(col(Envelope.state) == Delivery.QUEUED)
    count = session.scalars(waiting).one()
    return [f"mail: no relay is set (TATBIQ_SMTP_URL); {count} messages wait in the queue"]


def _relay() -> list[str]:
    if not settings().transport_url:
        return []
    try:
        transport.open_transport(settings().transport_url).probe(settings().mail_from)
    except (transport.Failure, DomainError) as error:
        return [f"mail: the relay does not answer as it should: {error}"]
    return []
