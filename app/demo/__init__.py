"""The demonstration: a cast and three regional meetings on exports, made by the verbs under a set clock.

The stories stand in TOML beside this file; dates in them are days from the day of loading.
"""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.db import Database
from app.demo.cast import CAST
from app.demo.mails import catch_up
from app.demo.stage import play
from app.models.notifications import Heartbeat
from app.services.kernel import audit

__all__ = ["CAST", "is_loaded", "load"]
_MARK = "demo"
_FIRST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # before everything: the record begins with what it is


def is_loaded(session: Session) -> bool:
    return session.scalars(sa.select(col(Heartbeat.name)).where(col(Heartbeat.name) == _MARK)).first() is not None


def load(database: Database, today: dt.date | None = None) -> None:
    """Play the whole story in one transaction, then let the last days' mails go out as they would have."""
    today = today or clock.today(settings().zone)
    with database.write() as session:
        with clock.at(_FIRST):
            audit.record(session, audit.SERVICE, "demo", "service", 0)
        play(session, today)
        session.add(Heartbeat(name=_MARK, at=clock.now(), detail={"loaded_for": today.isoformat()}))
    catch_up(database, today)
