"""How each job's last turn went and which schedulers live, as their heartbeats tell it; one statement."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.notifications import Heartbeat

TURN, LEADER, SCHEDULER, TOTALS = "turn:", "scheduler", "scheduler:", "totals"
_ALIVE = dt.timedelta(minutes=2, seconds=30)  # it says so once a minute
_LEASE = dt.timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Turn:
    """`worked_at`: the end of the last one that did not fail; `failures` in a row, `cause` of the last."""

    at: dt.datetime
    worked_at: dt.datetime | None
    seconds: float
    failures: int
    cause: str


@dataclass(frozen=True, slots=True)
class Pulse:
    turns: dict[str, Turn]
    schedulers: tuple[str, ...]  # machine and process, the last seen first
    is_led: bool
    totals: dict[str, int]  # what turns have reported, by job and outcome: "dispatch.sent"


def pulse(session: Session, now: dt.datetime) -> Pulse:
    """A bounded list: a row for each job, and for each scheduler of the last day."""
    name = col(Heartbeat.name)
    ours = sa.or_(name.startswith(TURN), name.startswith(SCHEDULER), name.in_([LEADER, TOTALS]))
    query = sa.select(Heartbeat).where(ours).order_by(col(Heartbeat.at).desc()).limit(200)
    rows = {row.name: row for row in session.scalars(query)}
    alive = [name for name, row in rows.items() if name.startswith(SCHEDULER) and abs(now - row.at) < _ALIVE]
    leads = rows.get(LEADER)
    return Pulse(
        {name.removeprefix(TURN): _turn(row) for name, row in rows.items() if name.startswith(TURN)},
        tuple(name.removeprefix(SCHEDULER) for name in alive),
        leads is not None and abs(now - leads.at) < _LEASE,
        {name: count for name, count in _detail(rows.get(TOTALS)).items() if isinstance(count, int)},
    )


def _detail(row: Heartbeat | None) -> dict[str, object]:
    return row.detail if row else {}


def _turn(row: Heartbeat) -> Turn:
    worked, seconds = row.detail.get("worked_at"), row.detail.get("seconds")
    return Turn(
        row.at,
        dt.datetime.fromisoformat(worked) if isinstance(worked, str) else None,
        float(seconds) if isinstance(seconds, int | float) else 0.0,
        row.epoch,
        str(row.detail.get("cause", "")),
    )
