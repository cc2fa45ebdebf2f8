"""Mails a second: assignments that are queued, rendered, frozen and sent to a relay on this machine that takes all."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, config, db
from app.domain import hours
from app.domain.workflow import State, Verb
from app.mail.transport import open_transport
from app.models.actions import Action
from app.models.people import Holding
from app.models.updates import Update
from app.services import delivery, outbox
from benchmarks.processes import free_port

_PATIENCE = 20.0


def rate(data_dir: Path, count: int) -> float:
    """On the database in `data_dir`; each mail has its key, its three languages' words and its own transaction."""
    with _relay() as address:
        config.override(data_dir=str(data_dir), smtp_url=address)
        database = db.init()
        by_day = hours.next_opening(clock.now(), config.settings().zone)  # nothing leaves in the night
        with clock.at(by_day):
            with database.write() as session:
                _queue(session, count)
            started = time.perf_counter()
            done = delivery.dispatch(database.write, open_transport(address), by_day)
            spent = time.perf_counter() - started
        database.dispose()
    if done.sent != count:
        raise RuntimeError(f"{count} mails were queued, and this was done: {done}")
    return count / spent


def _queue(session: Session, count: int) -> None:
    rows = session.execute(
        sa.select(col(Action.id), col(Holding.person_id), col(Update.id))
        .join(Holding, col(Holding.post_id) == col(Action.owner_post_id))
        .join(Update, col(Update.action_id) == col(Action.id))
        .where(col(Action.state) == State.ASSIGNED, col(Update.verb) == Verb.ASSIGN)
        .limit(count)
    )
    for action_id, person_id, update_id in rows.all():
        about = "action", action_id
        outbox.enqueue(session, "action_assigned", person_id, f"u{update_id}", about=about, update_id=update_id)


@contextmanager
def _relay() -> Iterator[str]:
    port = free_port()
    listen = ["--nosetuid", "--listen", f"127.0.0.1:{port}", "--class", "aiosmtpd.handlers.Sink"]
    process = subprocess.Popen([sys.executable, "-m", "aiosmtpd", *listen])
    try:
        _wait(port)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
