"""The words that routes are written in: language, reading and writing sessions, what was typed; nobody's identity."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from app import db
from app.domain.errors import NotFound
from app.domain.titles import LANGS


# What only makes objects is async, because each plain function costs a change of threads; what may wait for a disk or
# a server is handed to a thread.
async def _lang(request: Request) -> str:
    """Read from the path by hand: a declared parameter is analysed again for each of a hundred routes at the start."""
    lang: str = request.path_params["lang"]
    if lang not in LANGS:
        raise NotFound
    return lang


async def _read() -> AsyncIterator[Session]:
    database = db.current()
    session = database.reading()
    try:
        yield session
    finally:
        if database.is_sqlite:
            session.close()  # forgetting what was read: microseconds
        else:
            await _aside(session.close)


async def _write() -> AsyncIterator[Session]:
    session = db.current().writing()
    try:
        yield session
        await _aside(session.commit)
    finally:
        if session.in_transaction():
            await _aside(session.close)


async def _aside(end: Callable[[], None]) -> None:
    """In a thread that is free however many requests wait for theirs."""
    await to_thread.run_sync(end, limiter=CapacityLimiter(1))


async def _typed(request: Request) -> FormData:
    try:
        return await request.form(max_files=5, max_fields=500, max_part_size=6 * 1024 * 1024)
    except HTTPException as error:  # the parser calls every fault of a form a bad request
        raise HTTPException(413 if "exceeded" in error.detail else 422) from error


Lang = Annotated[str, Depends(_lang)]
# scope="function": the transaction ends before the answer leaves, not after.
Reading = Annotated[Session, Depends(_read, scope="function")]
Writing = Annotated[Session, Depends(_write, scope="function")]
Typed = Annotated[FormData, Depends(_typed)]
