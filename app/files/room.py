"""A disk that is full, said as what it is."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.errors import NoRoom
from app.domain.messages import N_

FULL = N_("There is no room for the file on the server. Nothing was saved: tell the administrator, or send it later.")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL


@contextmanager
def room() -> Iterator[None]:
    """Raises NoRoom where the block finds no room."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise NoRoom(FULL) from error
        raise
