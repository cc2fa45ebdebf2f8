"""What every command needs before its one call: a database of this version, a clear line when not, a progress bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app import db
from app.cli.faults import faults as faults
from app.config import Settings, settings
from app.domain.texts import one_line


def sound_settings() -> Settings:
    """The settings when nothing is wrong with them; otherwise a line for each fault and exit 1."""
    if lines := faults():
        fail("\n".join(lines))
    return settings()


def ready_database() -> db.Database:
    """The settings' database, reachable and migrated; otherwise one clear line and exit 1. Makes nothing."""
    url = make_url(sound_settings().database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        fail(f"There is no database at {url.database}: run `tatbiq migrate`.")
    database = db.init()
    found = revision(database)
    if found != db.expected_revision():
        fail(f"The database is at revision {found}, this version needs {db.expected_revision()}: run `tatbiq migrate`.")
    return database


def revision(database: db.Database) -> str | None:
    """The revision of the database, None while it is empty; one clear line and exit 1 when it does not answer."""
    try:
        with database.read() as session:
            return db.revision(session)
    except (SQLAlchemyError, ValueError, TypeError) as error:  # what a driver makes of a strange address, too
        fail(f"The database does not answer: {one_line(str(getattr(error, 'orig', None) or error))}")


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
