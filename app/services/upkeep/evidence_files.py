"""Stored files against the rows that name them: what nobody names is swept, what is named has to be there, whole."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session

from app.files import documents, store
from app.queries.scope import stored_files


def sweep(session: Session, now: dt.datetime) -> int:
    """Remove what a kill left: on its way, or in the store without a row for a day; how many files there were."""
    unnamed = [*stored_files.unnamed(session, store.forgotten(now))]
    for key in unnamed:
        store.remove(key)
    return len(unnamed) + store.sweep_incoming(now)


def faults(session: Session, home: Path) -> Iterator[str]:
    """`home`: the directory of the files, which in a drill is another."""
    for file in stored_files.every(session):
        path = home / file.key
        if not path.is_file():
            yield f"evidence file {file.key} ({file.name}) is missing"
        elif path.stat().st_size != file.size or documents.digest(path) != file.sha256:
            yield f"evidence file {file.key} ({file.name}) is not what was kept"
