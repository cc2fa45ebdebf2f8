"""Signs of life: when each job last ran, and which scheduler leads; the lease only saves work, it guards nothing."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.models.notifications import Heartbeat
from app.queries.mailing.turns import LEADER, SCHEDULER, TOTALS, TURN

LEASE = dt.timedelta(seconds=45)
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def beat(session: Session, name: str, now: dt.datetime) -> None:
    insert = db.insert(session, Heartbeat).values(name=name, at=now, epoch=0, detail={})
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def turned(session: Session, name: str, now: dt.datetime, seconds: float) -> None:
    """How the last turn of a job went; `epoch` counts the failures in a row."""
    detail = {"seconds": round(seconds, 3), "worked_at": now.isoformat()}
    insert = db.insert(session, Heartbeat).values(name=f"{TURN}{name}", at=now, epoch=0, detail=detail)
    again = {"at": now, "epoch": 0, "detail": detail}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=again))


def failed(session: Session, name: str, now: dt.datetime, seconds: float, cause: str) -> None:
    """The same of a turn that broke down; when it last worked stays known."""
    before = session.get(Heartbeat, f"{TURN}{name}", populate_existing=True)
    worked = {"worked_at": before.detail["worked_at"]} if before and "worked_at" in before.detail else {}
    detail = {"seconds": round(seconds, 3), "cause": cause, **worked}
    insert = db.insert(session, Heartbeat).values(name=f"{TURN}{name}", at=now, epoch=1, detail=detail)
    again = {"at": now, "epoch": col(Heartbeat.epoch) + 1, "detail": detail}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=again))


def count(session: Session, name: str, done: Mapping[str, int], now: dt.datetime) -> None:
    """Add what a turn has done to what all have; one row, which whoever adds holds until the commit."""
    news = {f"{name}.{outcome}": number for outcome, number in done.items() if number}
    if not news:
        return
    insert = db.insert(session, Heartbeat).values(name=TOTALS, at=now, epoch=0, detail={})
    session.execute(insert.on_conflict_do_nothing(index_elements=["name"]))
    query = sa.select(col(Heartbeat.detail)).where(col(Heartbeat.name) == TOTALS).with_for_update()
    before = session.execute(query).scalar_one()
    after = before | {key: number + int(before.get(key, 0)) for key, number in news.items()}
    session.execute(sa.update(Heartbeat).where(col(Heartbeat.name) == TOTALS).values(at=now, detail=after))


def here(session: Session, name: str, now: dt.datetime) -> None:
    """A scheduler that lives, whether or not it leads."""
    beat(session, f"{SCHEDULER}{name}"[:40], now)


def gone(session: Session, name: str, now: dt.datetime) -> None:
    """It ends; whoever was killed is forgotten with it after a day."""
    mine = col(Heartbeat.name) == f"{SCHEDULER}{name}"[:40]
    killed = sa.and_(col(Heartbeat.name).startswith(SCHEDULER), col(Heartbeat.at) < now - dt.timedelta(days=1))
    session.execute(sa.delete(Heartbeat).where(sa.or_(mine, killed)))


def lead(session: Session, epoch: int, now: dt.datetime) -> int:
    """The epoch under which the caller leads from now on; 0 while somebody else does. `epoch`: its last one, or 0."""
    insert = db.insert(session, Heartbeat).values(name=LEADER, at=_LONG_AGO, epoch=0, detail={})
    session.execute(insert.on_conflict_do_nothing(index_elements=["name"]))
    mine = sa.and_(col(Heartbeat.epoch) == epoch, col(Heartbeat.epoch) > 0)
    # A lease from the future was given by a clock that has since been set back.
    free = sa.or_(col(Heartbeat.at) <= now - LEASE, col(Heartbeat.at) > now + LEASE)
    taken = sa.update(Heartbeat).where(col(Heartbeat.name) == LEADER, sa.or_(mine, free))
    values = {"at": now, "epoch": sa.case((mine, col(Heartbeat.epoch)), else_=col(Heartbeat.epoch) + 1)}
    return session.scalars(taken.values(**values).returning(col(Heartbeat.epoch))).first() or 0


def resign(session: Session, epoch: int) -> None:
    """Leave the lease to whoever wants it."""
    mine = sa.and_(col(Heartbeat.name) == LEADER, col(Heartbeat.epoch) == epoch)
    session.execute(sa.update(Heartbeat).where(mine).values(at=_LONG_AGO))


def is_led(session: Session, now: dt.datetime) -> bool:
    """Whether a scheduler was alive within the lease."""
    query = sa.select(col(Heartbeat.at)).where(col(Heartbeat.name) == LEADER)
    at = session.scalars(query).first()
    return at is not None and now - LEASE < at <= now + LEASE
