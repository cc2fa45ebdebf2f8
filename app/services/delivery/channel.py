"""Whether mail may leave at all: a relay that does not answer, or refuses us, lets the whole channel rest."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.mail.failures import ChannelRefused, Failure
from app.models.notifications import Heartbeat

NAME = "channel:mail"
# In seconds, by how often it has failed in a row. A relay that is down is asked soon again, one that refuses us later.
_UNREACHABLE = (10, 30, 60, 120, 300)
_REFUSED = (60, 300, 900)


class Channel(NamedTuple):
    is_open: bool
    is_on_trial: bool  # it failed, and one message may now try whether it is well again


def look(session: Session, now: dt.datetime) -> Channel:
    row = session.get(Heartbeat, NAME, populate_existing=True)
    if row is None:
        return Channel(True, False)
    waited = (now - row.at).total_seconds()
    # Not from 0 on: where the clock was set back nobody should wait for the old time.
    return Channel(not 0 <= waited < _pause(row.epoch, bool(row.detail.get("is_refused"))), True)


def rest(session: Session, failure: Failure, now: dt.datetime) -> None:
    """One failure more in a row; `epoch` counts them, `at` is the last one."""
    detail = {"reason": str(failure)[:500], "is_refused": isinstance(failure, ChannelRefused)}
    insert = db.insert(session, Heartbeat).values(name=NAME, at=now, epoch=1, detail=detail)
    again = {"at": now, "epoch": col(Heartbeat.epoch) + 1, "detail": detail}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=again))


def resume(session: Session) -> None:
    session.execute(sa.delete(Heartbeat).where(col(Heartbeat.name) == NAME))


def _pause(failures: int, is_refused: bool) -> int:
    pauses = _REFUSED if is_refused else _UNREACHABLE
    return pauses[min(max(failures, 1), len(pauses)) - 1]
