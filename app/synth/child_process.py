"""Inventing in a process of its own: while one handful is written, the next is thought of."""

import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator
from typing import IO

from app.synth.bulk import WriteBatch
from app.synth.invention import Order

CHILD = "app.synth.child"
_Given = tuple[int, WriteBatch]


def invent_apart(order: Order, driver: str) -> Generator[_Given]:
    """The same handfuls as from `invent`; the child ends when nobody reads on."""
    command = [sys.executable, "-m", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603 - ourselves
        assert child.stdin is not None
        assert child.stdout is not None
        pickle.dump((order, driver), child.stdin)
        child.stdin.close()
        yield from _handfuls(child.stdout)


def _handfuls(said: IO[bytes]) -> Iterator[_Given]:
    """Up to the None that says that this is all; a child that died says none, and EOFError is raised."""
    while given := pickle.load(said):  # noqa: S301 - our own words
        yield given
