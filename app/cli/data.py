"""`tatbiq synth`, `backup`, `restore` and `drill`: all the data, made for size, carried away and brought back."""

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from app import db
from app.cli.session import counting, fail, ready_database
from app.config import settings
from app.domain.errors import DomainError
from app.queries.setup import installation
from app.services.upkeep import backups, drills, heartbeats
from app.synth import make


def register(app: typer.Typer) -> None:
    app.command()(synth)
    app.command()(backup)
    app.command()(restore)
    app.command()(drill)


def synth(
    actions: Annotated[int, typer.Option(min=60, help="How many actions")],
    seed: Annotated[int, typer.Option(help="The same seed makes the same data")] = 1,
    today: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Dates lie around this day")] = None,
) -> None:
    """Fill an empty database with invented data of a given size."""
    database = ready_database()
    with counting("actions", actions) as progress:
        try:
            make(database, actions, seed, today.date() if today else None, progress)
        except DomainError as error:
            fail(str(error))
    typer.echo(f"{actions} actions made.")


def backup(
    path: Path,
    with_key: Annotated[bool, typer.Option("--with-key", help="Put the secret key into the archive too")] = False,
) -> None:
    """Write everything into one archive while the service runs."""
    with counting("rows") as progress:
        try:
            rows = backups.backup(ready_database(), path, with_key=with_key, progress=lambda _, n: progress(n))
        except (DomainError, OSError) as error:
            fail(str(error))
    typer.echo(f"{rows} rows and the files are in {path}.")
    _note_backup()
    if not with_key:
        typer.echo("The secret key is not in it: keep TATBIQ_SECRET_KEY (or DATA_DIR/secret.key) elsewhere, safely.")


def _note_backup() -> None:
    """For the health page; the archive is there whether or not this can be noted."""
    with suppress(Exception), db.current().write() as session:
        heartbeats.beat(session, installation.BACKUP, db.time(session))


def restore(path: Path) -> None:
    """Read an archive into an empty, migrated database."""
    with counting("rows") as progress:
        try:
            done = backups.restore(ready_database(), path, progress=lambda _, n: progress(n))
        except DomainError as error:
            fail(str(error))
    typer.echo(f"{done.rows} rows restored into {settings().data_dir}: {done.checked}.")


def drill(archive: Path) -> None:
    """Restore an archive into scratch, whatever the settings name, and say whether all of it is there."""
    with counting("rows") as progress:
        done = drills.drill(archive, progress)
    for line in done.lines:
        typer.echo(line)
    if done.faults:
        fail("\n".join(done.faults))
    typer.echo("The archive is whole: the service could begin again from it.")
