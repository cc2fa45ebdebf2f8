"""The command line of a process that is killed with -9 at one point of keeping a file, named by `DIES`."""

import os
import signal
from collections.abc import Callable

from app import cli
from app.files import store
from app.files.store import Arrived


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before_renaming(keep: Callable[[Arrived], None]) -> Callable[[Arrived], None]:
    return lambda _: _die()


def _before_the_commit(keep: Callable[[Arrived], None]) -> Callable[[Arrived], None]:
    def kept(arrived: Arrived) -> None:
        keep(arrived)
        _die()

    return kept


POINTS = {"looked at": _before_renaming, "renamed": _before_the_commit}

if __name__ == "__main__":
    setattr(store.Arrived, "keep", POINTS[os.environ["DIES"]](store.Arrived.keep))  # noqa: B010
    cli.main()
