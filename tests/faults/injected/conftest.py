"""A stage for each trial, its size, and the table of what was counted. `FAULTS=long`: in full."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Protocol

import pytest

from app.db import Database
from tests.faults.injected.sink import sink
from tests.faults.injected.stage import Stage

LONG = os.environ.get("FAULTS") == "long"
COUNTED = pytest.StashKey[dict[str, Mapping[str, object]]]()


class Tally(Protocol):
    def __call__(self, **counts: object) -> None: ...


@pytest.fixture
def stage(database: Database) -> Iterator[Stage]:
    with sink() as server, ExitStack() as running:
        yield Stage(database, server, running)


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What a trial counted, for the table at the end."""

    def count(**counts: object) -> None:
        request.config.stash.setdefault(COUNTED, {})[request.node.name] = counts

    return count


@pytest.fixture
def at_length() -> bool:
    return LONG
