"""The one comparison behind every 409: what the form was made from against what stands now."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.errors import Stale


class Versioned(Protocol):
    version: int


def expect(item: Versioned, version: int | None, fields: Sequence[str]) -> None:
    """Raises Stale with the present values of `fields` when the item has another version than the form saw."""
    if version is not None and item.version != version:
        raise Stale({"version": item.version} | {name: getattr(item, name) for name in fields})
