"""The words that routes are written in: language, reading and writing sessions, what was typed; nobody's identity.

How a route runs, its one trip into a thread, is in routes.py.
"""

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.datastructures import FormData

from app import db, typed
from app.domain.errors import NotFound
from app.domain.texts import LANGS


# What only makes objects is async, because each plain function costs a change of threads: no session says anything
# before its route's trip.
async def _lang(request: Request) -> str:
    """Read from the path by hand: a declared parameter is analysed again for each of a hundred routes at the start."""
    lang: str = request.path_params["lang"]
    if lang not in LANGS:
        raise NotFound
    return lang


async def _read() -> Session:
    return db.current().reading()


async def _write() -> Session:
    return db.current().writing()


async def _typed(request: Request) -> FormData:
    form = await typed.read(request)
    request.state.typed = form  # an answer that could not be given shows it again
    return form


Lang = Annotated[str, Depends(_lang)]
Reading = Annotated[Session, Depends(_read)]
Writing = Annotated[Session, Depends(_write)]
Typed = Annotated[FormData, Depends(_typed)]
