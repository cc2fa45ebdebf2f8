"""The head of the chain leaves the house: a row a day for the public page, a signed line in a file outside the tables.

Each line is signed together with the signature of the one before: none can be changed, removed or moved unseen.
"""

import datetime as dt
import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db, private
from app.config import HEADS_FILE
from app.models.audit import PublishedHead
from app.queries.public import record_heads
from app.services.upkeep import signatures

_PURPOSE = "head of the record"
_LINE = re.compile(
    r"(?P<said>(?P<on>\d{4}-\d\d-\d\d) position=(?P<position>\d{1,18}) head=(?P<head>[0-9a-f]{64}) "
    r"key=(?P<key>[0-9a-f]{16})) signature=(?P<signature>[0-9a-f]{64})"
)


class Known(NamedTuple):
    """A head that was seen outside the chain; `where` names the place. Without a position it may be anywhere."""

    where: str
    head: str
    position: int | None = None


@dataclass(frozen=True)
class Outside:
    """What the file says: heads, lines that are wrong, and what could not be told."""

    known: tuple[Known, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def publish(session: Session, today: dt.date) -> None:
    """Keep the newest head as that of the day, once a day; nothing while nothing is sealed."""
    if newest := record_heads.newest(session):
        row = db.insert(session, PublishedHead).values(on=today, position=newest.position, head=newest.head)
        session.execute(row.on_conflict_do_nothing())


def carry_out(session: Session, data_dir: Path, key: bytes) -> None:
    """Append a signed line for every published head that is newer than the last line."""
    path = data_dir / HEADS_FILE
    if session.scalars(sa.select(col(PublishedHead.on)).limit(1)).first() is None:
        return
    private.directory(data_dir)
    private.file(path)
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = _whole_lines(file)
        last = _LINE.fullmatch(whole[-1]) if whole else None
        newer = sa.select(PublishedHead).order_by(col(PublishedHead.on))
        if last:
            newer = newer.where(col(PublishedHead.on) > dt.date.fromisoformat(last["on"]))
        lines = _signed(session.scalars(newer), key, last["signature"] if last else "")
        file.write("".join(f"{line}\n" for line in lines).encode())
        private.sync(file)


def outside(data_dir: Path, key: bytes | None) -> Outside:
    """Read the file; a line under another key than the present one can't be checked, and a note says so."""
    path = data_dir / HEADS_FILE
    if not path.exists():
        return Outside(notes=(f"no head is known outside the tables: there is no {path}",))
    known, faults, unsigned, previous = list[Known](), list[str](), 0, ""
    for number, line in enumerate(path.read_text("ascii", "replace").splitlines(), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            faults.append(f"{HEADS_FILE}, line {number}: it is no line of ours")
            continue
        if key is None or found["key"] != signatures.name(key):
            unsigned += 1
        elif not signatures.fits(key, _PURPOSE, f"{previous} {found['said']}".encode(), found["signature"]):
            faults.append(f"{HEADS_FILE}, line {number}: its signature does not fit it or the line before")
        previous = found["signature"]
        known.append(Known(f"{HEADS_FILE} of {found['on']}", found["head"], int(found["position"])))
    return Outside(tuple(known), tuple(faults), tuple(_notes(unsigned, len(known))))


def _notes(unsigned: int, lines: int) -> Iterator[str]:
    if unsigned:
        yield f"{unsigned} of {lines} lines of {HEADS_FILE} are signed with a key that is not here: not checked"


def _signed(rows: Iterable[PublishedHead], key: bytes, previous: str) -> Iterator[str]:
    for row in rows:
        said = f"{row.on} position={row.position} head={row.head} key={signatures.name(key)}"
        previous = signatures.sign(key, _PURPOSE, f"{previous} {said}".encode())
        yield f"{said} signature={previous}"


def _whole_lines(file: BinaryIO) -> list[str]:
    """The lines that were finished; a power cut may have left a piece of one, which goes."""
    text = file.read()
    end = text.rfind(b"\n") + 1
    file.seek(end)
    os.ftruncate(file.fileno(), end)
    return text[:end].decode("ascii", "replace").splitlines()
