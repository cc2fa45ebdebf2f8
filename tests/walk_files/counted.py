"""The files of each walk, counted on a database and before a relay of their own."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from aiosmtpd.controller import Controller

from app import migrations
from app.config import settings
from tests.fixtures.mail import SmtpServer, free_port
from tests.walk_files import walks

P = ParamSpec("P")
T = TypeVar("T")


def count() -> dict[str, list[str]]:
    """By walk, the floor first, the files in the order in which they are entered."""
    with tempfile.TemporaryDirectory(prefix="tatbiq-walks-") as folder, _relay() as relay, _set(Path(folder), relay):
        migrations.to_head(settings().database)
        ground = _alone(walks.prepare)
        return {name: _alone(walks.walk, name, ground) for name in walks.WALKS}


def _alone(function: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """In a process of its own: what a walk is the first to need is not yet remembered."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *given, **named).result()


@contextmanager
def _relay() -> Iterator[str]:
    server = SmtpServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server.url
    finally:
        controller.stop()


@contextmanager
def _set(folder: Path, relay: str) -> Iterator[None]:
    """The settings of these walks, for this process and those that it starts."""
    before = {name: value for name, value in os.environ.items() if name.startswith("TATBIQ_")}
    for name in before:
        del os.environ[name]
    own = {
        "TATBIQ_DATA_DIR": str(folder),
        "TATBIQ_DATABASE_URL": f"sqlite:///{folder}/walks.db",
        "TATBIQ_SCHEDULER": "external",
        "TATBIQ_SMTP_URL": relay,
    }
    os.environ.update(own)
    settings.cache_clear()
    try:
        yield
    finally:
        for name in own:
            del os.environ[name]
        os.environ.update(before)
        settings.cache_clear()
