"""What the set-up pages share: the place in a list, and the regions to choose from."""

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

from fastapi import Path

from app import signed_in
from app.domain.regions import REGIONS
from app.queries.scope import cursors
from app.queries.setup import rooms
from app.services.kernel.audit import Actor
from app.services.setup import roles
from app.wording import title_text


class _Listed(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Listed)
Id = Annotated[int, Path(ge=1, lt=2**31)]
SettingUp = Annotated[None, signed_in.right(rooms.require)]
Administering = Annotated[None, signed_in.right(lambda viewer: roles.require_administrator(Actor(viewer)))]


def after(cursor: str, **kept: str) -> tuple[str, int] | None:
    return cursors.decode(cursor, kept) if cursor else None


def cut(rows: Sequence[R], key: str) -> tuple[Sequence[R], str]:
    """What one page shows, and the cursor of the next one or nothing."""
    if len(rows) <= rooms.PER_PAGE:
        return rows, ""
    last = rows[rooms.PER_PAGE - 1]
    return rows[: rooms.PER_PAGE], cursors.encode(getattr(last, key), last.id)


def regions(lang: str) -> list[tuple[str, str]]:
    """The twelve, for a list to choose from."""
    return [(region.code, title_text(region.names, lang)) for region in REGIONS]
