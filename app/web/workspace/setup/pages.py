"""What the set-up pages share: the place in a list, and the regions to choose from."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from app.domain.regions import REGIONS
from app.queries import cursors, setup
from app.rendering import title_text


class _Listed(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Listed)


def after(cursor: str, **kept: str) -> tuple[str, int] | None:
    return cursors.decode(cursor, kept) if cursor else None


def cut(rows: Sequence[R], key: str) -> tuple[Sequence[R], str]:
    """What one page shows, and the cursor of the next one or nothing."""
    if len(rows) <= setup.PER_PAGE:
        return rows, ""
    last = rows[setup.PER_PAGE - 1]
    return rows[: setup.PER_PAGE], cursors.encode(getattr(last, key), last.id)


def regions(lang: str) -> list[tuple[str, str]]:
    """The twelve, for a list to choose from."""
    return [(region.code, title_text(region.names, lang)) for region in REGIONS]
