"""The place in a long list as an opaque word of the address: the last row's sort key and id; no OFFSET anywhere."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from app.domain.errors import InvalidQuery
from app.domain.messages import N_, Message

R = TypeVar("R")
_LONGEST = 200


def encode(value: object, row_id: int) -> str:
    """The sort key of the last row shown, and its id."""
    raw = json.dumps([_plain(value), row_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def following(rows: Sequence[R], limit: int, key: Callable[[R], tuple[object, int]]) -> str:
    """The cursor after the first `limit` rows, empty when no more were found than that."""
    return encode(*key(rows[limit - 1])) if len(rows) > limit else ""


def day(cursor: str, **kept: str) -> tuple[dt.date, int] | None:
    """The date and id of a cursor, None without one; raises InvalidQuery for anything we never gave out."""
    key = decode(cursor, kept) if cursor else None
    return (_read(dt.date.fromisoformat, key[0], kept), key[1]) if key else None


def number(cursor: str, **kept: str) -> tuple[int, int] | None:
    """The number and id of a cursor, None without one; raises InvalidQuery for anything we never gave out."""
    key = decode(cursor, kept) if cursor else None
    return (_read(_small, key[0], kept), key[1]) if key else None


def moment(cursor: str, **kept: str) -> tuple[dt.datetime, int] | None:
    """The instant and id of a cursor, None without one; raises InvalidQuery for anything we never gave out."""
    key = decode(cursor, kept) if cursor else None
    if key is None:
        return None
    at = _read(dt.datetime.fromisoformat, key[0], kept)
    if at.tzinfo is None:
        raise _senseless(kept)
    return at, key[1]


def decode(cursor: str, kept: dict[str, str]) -> tuple[str, int]:
    """The sort key as text and the id of a cursor that is not empty; raises InvalidQuery."""
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise _senseless(kept)
    try:
        key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _senseless(kept) from None
    match key:
        case [str(value), int(row_id)] if not isinstance(row_id, bool) and 0 <= row_id < 2**63:
            return value, row_id
    raise _senseless(kept)


def _read(parse: Any, text: str, kept: dict[str, str]) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise _senseless(kept) from None


def _small(text: str) -> int:
    if len(text) > 18:
        raise ValueError(text)
    return int(text)


def _senseless(kept: dict[str, str]) -> InvalidQuery:
    return InvalidQuery(Message(N_("This address points into a list at a place that doesn't exist.")), kept)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
