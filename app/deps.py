"""The words that routes are written in: language, reading and writing sessions, what was typed. Nobody's session here."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Path, Request
from sqlmodel import Session
from starlette.datastructures import FormData

from app import db
from app.domain.errors import NotFound
from app.domain.titles import LANGS


def _lang(lang: Annotated[str, Path()]) -> str:
    if lang not in LANGS:
        raise NotFound
    return lang


def _read() -> Iterator[Session]:
    with db.current().read() as session:
        yield session


def _write() -> Iterator[Session]:
    with db.current().write() as session:
        yield session


async def _typed(request: Request) -> FormData:
    return await request.form(max_files=5, max_fields=500, max_part_size=6 * 1024 * 1024)


Lang = Annotated[str, Depends(_lang)]
# scope="function": the transaction ends before the answer leaves, not after.
Reading = Annotated[Session, Depends(_read, scope="function")]
Writing = Annotated[Session, Depends(_write, scope="function")]
Typed = Annotated[FormData, Depends(_typed)]
