"""What every command needs before its one call: a database of this version, a clear line when not, a progress bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NoReturn

import typer
from sqlalchemy.exc import DBAPIError

from app import config, db
from app.config import settings
from app.domain.errors import DomainError
from app.mail.transport import open_transport


def ready_database() -> db.Database:
    """The settings' database, reachable and migrated; otherwise one clear line and exit 1."""
    if lines := faults():
        fail("\n".join(lines))
    database = db.init()
    try:
        with database.read() as session:
            found = db.revision(session)
    except DBAPIError as error:
        fail(f"The database does not answer: {error.orig}")
    if found != db.expected_revision():
        fail(f"The database is at revision {found}, this version needs {db.expected_revision()}: run `tatbiq migrate`.")
    return database


def faults() -> list[str]:
    """What is wrong with the settings, the mail relay's address included."""
    lines = config.problems(settings())
    try:
        if settings().transport_url:
            open_transport(settings().transport_url)
    except DomainError as error:
        lines.append(f"TATBIQ_SMTP_URL: {error}")
    return lines


def fail(text: str) -> NoReturn:
    """Refused or found wrong: the lines on standard error, exit 1."""
    typer.echo(text, err=True)
    raise typer.Exit(1)


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere; the block gets a function that adds to it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    drawn = import_module("rich.progress")  # by name: what only serves needs none of it
    columns = drawn.SpinnerColumn(), drawn.TextColumn(what), drawn.MofNCompleteColumn(), drawn.TimeElapsedColumn()
    with drawn.Progress(*columns, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.update(task, advance=count)
