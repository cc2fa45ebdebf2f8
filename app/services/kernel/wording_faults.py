"""That a mail's wording failed when it was written: remembered until an administrator changes that language's words."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.models.notifications import Heartbeat
from app.queries.mailing.wording_faults import FAULT


def remember(session: Session, lang: str, kind: str, now: dt.datetime) -> None:
    name = f"{FAULT}{lang}:{kind}"[:40]
    insert = db.insert(session, Heartbeat).values(name=name, at=now, epoch=1, detail={})
    again = {"at": now, "epoch": col(Heartbeat.epoch) + 1}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=again))


def forget(session: Session, lang: str) -> None:
    """What has been changed since may be what failed: a mail that fails again says so again."""
    session.execute(sa.delete(Heartbeat).where(col(Heartbeat.name).startswith(f"{FAULT}{lang}:")))
