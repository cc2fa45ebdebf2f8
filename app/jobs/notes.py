"""What people are shown of each job's turns: when the last one was, how long it took, why it failed.

A job's heartbeat says that it lives; this says how it goes. Of a job that comes every few seconds a note a minute is
enough, as long as nothing has changed.
"""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import db, logs
from app.services.upkeep import heartbeats

_EVERY = dt.timedelta(seconds=55)
_LONGEST = 300
Seen = dict[str, object] | None  # what a schedule remembers; a pass by hand remembers nothing


class EndedTurn(NamedTuple):
    """A turn that is over: whose, the time it had, how long it took, what it has done."""

    name: str
    now: dt.datetime
    seconds: float
    done: Mapping[str, int]

    @property
    def is_idle(self) -> bool:
        return not any(self.done.values())


def went(session: Session, turn: EndedTurn) -> None:
    """In the transaction of the heartbeat."""
    heartbeats.turned(session, turn.name, turn.now, turn.seconds)
    heartbeats.count(session, turn.name, turn.done, turn.now)


def went_quietly(turn: EndedTurn, seen: Seen) -> None:
    """Of a job that does not beat: a write of its own, idle not more than one a minute; none that fails the job."""
    is_news = seen is None or _is_news(seen, turn.name, turn.now, "")
    if is_news or not turn.is_idle:
        with suppress(Exception), db.current().write() as session:
            went(session, turn)


def failed(turn: EndedTurn, error: BaseException, seen: Seen) -> None:
    cause = spoken(error)
    is_news = seen is None or _is_news(seen, turn.name, turn.now, cause)
    if is_news or not turn.is_idle:
        with suppress(Exception), db.current().write() as session:
            heartbeats.failed(session, turn.name, turn.now, turn.seconds, cause)
            heartbeats.count(session, turn.name, turn.done, turn.now)


def spoken(error: BaseException) -> str:
    """One line without keys; of a statement the fault alone, not the values that it was given."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig else error
    first = next(iter(str(said).splitlines()), "")
    return logs.redacted(f"{type(said).__name__}: {first}")[:_LONGEST]


def _is_news(seen: dict[str, object], name: str, now: dt.datetime, cause: str) -> bool:
    key, before = f"note of {name}", seen.get(f"note of {name}")
    if isinstance(before, tuple) and before[1] == cause and dt.timedelta(0) <= now - before[0] < _EVERY:
        return False
    seen[key] = (now, cause)
    return True
