"""Bodies with a file: the few addresses that take one, how they arrive on the disk, and the file looked at in time."""

import asyncio
import re
import tempfile
from contextlib import AsyncExitStack
from typing import Annotated, Any, BinaryIO
from weakref import WeakKeyDictionary

from fastapi import UploadFile
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData, Headers
from starlette.datastructures import UploadFile as Sent
from starlette.types import Message as Event
from starlette.types import Receive, Scope

from app import private
from app.deps import Typed
from app.domain.documents import MOST_BYTES
from app.domain.errors import Refused
from app.domain.messages import N_
from app.files import room, store
from app.files.store import FIELD, Arrived
from app.routes import Later, later
from app.services.followup.evidence import Document
from app.web import time_limits
from app.web.forms import Fields
from app.web.time_limits import Inflow

MOST = MOST_BYTES + 512 * 1024
TOO_LARGE = N_("A file may have at most 20 MB. Send a smaller one, or its address.")
_PLACES = re.compile(
    r"/[a-z]{2}/(?:workspace/actions/[\w.-]{1,60}/(?:evidence|on-behalf|updates)|u/[\w-]{20,100}(?:/evidence)?)"
)
_IN_MEMORY = 256 * 1024
_PIECE = 1 << 16
_LARGE = 1 << 20  # a photo that was made smaller, and an answer without a file, wait for nobody
_MOST_WAITING = 64
_PATIENCE = 120.0  # seconds in line
_on_disk = Inflow(lambda: 1024 * 1024 * 1024)


def is_one(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "").lower()
    return kind.startswith("multipart/form-data") and bool(_PLACES.fullmatch(scope["path"]))


async def spooled(receive: Receive, held: AsyncExitStack) -> tuple[BinaryIO, int]:
    """The whole body in a file without a name, gone with whoever holds it; or the status to refuse it with.

    What is large has its turn once it has arrived, as long as `held` is open.
    """
    private.directory(store.incoming())
    file: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(store.incoming()))  # noqa: SIM115 - kept open
    try:
        status = await time_limits.arrive(receive, MOST, file.write, _on_disk)
    except OSError as error:
        if not room.is_full(error):
            raise
        status = 507
    if not status and file.tell() > _LARGE:
        status = await _turn(held)
    file.seek(0)
    return file, status


async def _turn(held: AsyncExitStack) -> int:
    """In line, with the body on the disk: no thread waits, and no deadline runs. 503 where it is too long."""
    line = _lines.setdefault(asyncio.get_running_loop(), _Line())
    if line.waiting >= _MOST_WAITING:
        return 503
    line.waiting += 1
    try:
        async with asyncio.timeout(_PATIENCE):
            await line.free.acquire()
    except TimeoutError:
        return 503
    finally:
        line.waiting -= 1
    held.callback(line.free.release)
    return 0


class _Line:
    """Of large files: so many are read at once as can be looked into."""

    def __init__(self) -> None:
        self.free, self.waiting = asyncio.Semaphore(store.AT_ONCE), 0


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()


def replay(file: BinaryIO, receive: Receive) -> Receive:
    """The body again, in pieces, then what the client does."""
    is_read = False

    async def replayed() -> Event:
        nonlocal is_read
        if is_read:
            return await receive()
        piece = file.read(_PIECE)
        is_read = len(piece) < _PIECE
        return {"type": "http.request", "body": piece, "more_body": not is_read}

    return replayed


class DocumentFields(Fields):
    """What every form that takes a document has."""

    evidence_title: Annotated[str, Field(max_length=300)] = ""
    evidence_location: Annotated[str, Field(max_length=1000)] = ""
    evidence_file: UploadFile | None = None
    evidence_internal: bool = False

    def document(self, arrived: Arrived | Refused | None) -> Document:
        """Raises what its file was refused for."""
        if isinstance(arrived, Refused):
            raise arrived
        return Document(self.evidence_title, self.evidence_location, arrived, self.evidence_internal)


class _Arriving(Later[Arrived | Refused | None]):
    """The file looked at before the turn, and only for whoever was judged before; its refusal is the form's to say."""

    def __init__(self, typed: FormData) -> None:
        self._typed = typed
        self._arrived: Arrived | Refused | None = None

    def look(self, session: Session) -> Arrived | Refused | None:
        sent = self._typed.get(FIELD)
        if isinstance(sent, Sent) and sent.filename:
            session.close()  # it takes a second: nobody else waits for the connection
            try:
                self._arrived = store.arrive(sent.file, sent.filename)
            except Refused as refused:
                self._arrived = refused
        return self._arrived

    def take(self, _session: Session) -> Arrived | Refused | None:
        return self._arrived


def _arriving(typed: Typed) -> _Arriving:
    return _Arriving(typed)


Arriving = Annotated[Arrived | Refused | None, later(_arriving)]
