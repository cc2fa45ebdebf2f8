"""`tatbiq audit verify`, `check` and `rebuild`: whether the record, the derived and the surroundings are sound."""

from typing import Annotated

import sqlalchemy as sa
import typer
from sqlmodel import Session, col

from app import db
from app.cli.session import counting, fail, faults, ready_database
from app.config import settings
from app.domain.errors import DomainError
from app.mail import transport
from app.models.notifications import Delivery, Message
from app.queries import pulse
from app.services import audit as record
from app.services import integrity

audit = typer.Typer(help="The append-only record.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")
    app.command()(check)
    app.command()(rebuild)


@audit.command("verify")
def verify(
    expect: Annotated[str, typer.Option(help="A head that was kept elsewhere: it must be in the chain")] = "",
) -> None:
    """Read the whole record again and say whether anything was changed, inserted or cut."""
    with ready_database().snapshot() as session, counting("events") as progress:
        verdict = integrity.verify(session, progress)
        known = not expect or integrity.holds(session, expect)
    wrong = list(verdict.faults) + ([] if known else [f"the head {expect} is not in the chain"])
    if wrong:
        fail("\n".join(wrong))
    typer.echo(f"{verdict.events} events, {verdict.sealed} sealed, head {verdict.head}")


def check(deep: Annotated[bool, typer.Option("--deep", help="Derive everything again and compare")] = False) -> None:
    """Look over configuration, zone tables, durability, migrations and relay; exit 1 when something is wrong."""
    wrong = faults()
    if not wrong:
        database = ready_database()
        with database.read() as session:
            wrong += [*_durability(session), *_waiting(session)]
        wrong += [*_relay(), *(_deep(database) if deep else [])]
    if wrong:
        fail("\n".join(wrong))
    typer.echo("All is well.")


def rebuild() -> None:
    """Derive statuses, public flags and counts again."""
    with ready_database().write() as session, counting("meetings") as progress:
        count = integrity.rebuild(session, progress)
        record.record(session, record.SERVICE, "rebuild", "service", 0, meetings=count)
    typer.echo(f"{count} meetings derived again.")


def _deep(database: db.Database) -> list[str]:
    with Session(database.writer) as session, counting("meetings") as progress:  # closed without a commit: undone
        wrong = integrity.differences(session, progress)
    with database.snapshot() as session:
        return wrong + list(integrity.verify(session).faults)


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
    held = pulse.held(session)
    if held:
        return [f"mail: {held}"]
    if settings().transport_url:
        return []
    waiting = sa.select(sa.func.count()).select_from(Message).where(col(Message.state) == Delivery.QUEUED)
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
