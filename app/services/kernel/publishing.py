"""One shape of publish and withdraw for whatever has a published_at: the caller says what follows from it."""

import datetime as dt
from typing import Protocol

from app import clock
from app.domain.errors import Refused
from app.domain.messages import N_


class Publishable(Protocol):
    titles: dict[str, str]
    published_at: dt.datetime | None
    version: int


def publish(item: Publishable) -> bool:
    """Mark it published; False when it was already. Needs a title in at least one language."""
    if not item.titles:
        raise Refused(N_("Write a title in at least one language before publishing"), "titles.ar")
    if item.published_at:
        return False
    item.published_at = clock.now()
    item.version += 1
    return True


def withdraw(item: Publishable, reason: str) -> None:
    """Take it off every public page; the reason stays private in the record."""
    if not reason.strip():
        raise Refused(N_("Give the reason: it is kept in the private record"), "reason")
    item.published_at = None
    item.version += 1
