"""Whether mail may leave at all: a relay that does not answer, or refuses us, lets the whole channel rest; and a queue
that somebody has to look at first is held until an administrator releases it.
"""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain.errors import NotAllowed, Refused
from app.domain.messages import N_
from app.domain.permissions import Role, has_role
from app.mail.failures import ChannelRefused, Failure, Repelled, Uncertain
from app.models.notifications import Heartbeat
from app.queries.mailing import health
from app.services.kernel import audit
from app.services.kernel.audit import Actor

NAME, HELD = health.CHANNEL, health.HELD
RESTORED = N_("the record was restored from a backup, and what it holds may have been sent since")
# In seconds, by how often it has failed in a row. A relay that is down is asked soon again, one that refuses us later,
# and one that breaks off within messages seldom: each try may be one copy too many.
_UNREACHABLE = (10, 30, 60, 120, 300)
_REFUSED = (60, 300, 900)
_BREAKING = (60, 300, 900, 3600)

_TRIAL = dt.timedelta(minutes=2)  # a connection and the steps up to DATA; then another one may try


class Channel(NamedTuple):
    """`way`: how it failed last, `tried`: the message that met it; `held_at`: only what came after it may go."""

    is_open: bool
    is_on_trial: bool  # it failed, and one message may now try whether it is well again
    way: str = ""
    tried: int = 0
    failures: int = 0  # in a row
    held_at: dt.datetime | None = None


WELL = Channel(True, False)


def look(session: Session, now: dt.datetime) -> Channel:
    query = sa.select(Heartbeat).where(col(Heartbeat.name).in_([NAME, HELD])).execution_options(populate_existing=True)
    rows = {row.name: row for row in session.scalars(query)}
    held_at = rows[HELD].at if HELD in rows else None
    row = rows.get(NAME)
    if row is None:
        return Channel(True, False, held_at=held_at) if held_at else WELL
    waited = (now - row.at).total_seconds()
    # Not from 0 on: where the clock was set back nobody should wait for the old time.
    rests = 0 <= waited < _pause(row.epoch, row.detail)
    tried = row.detail.get("tried")
    met = str(row.detail.get("way", "")), tried if isinstance(tried, int) else 0
    return Channel(not rests, True, *met, row.epoch, held_at)


def may_try(session: Session, now: dt.datetime, by: str) -> bool:
    """Whether nobody else is trying a channel that rested: one at a time does, and who vanished is waited for.

    Asked of what `look` calls open and on trial; nobody else is told so until this transaction ends.
    """
    row = _rest(session)
    trial = row.detail.get("trial") if row else None
    whose, until = (str(trial[0]), dt.datetime.fromisoformat(str(trial[1]))) if isinstance(trial, list) else ("", now)
    # Not what a clock promised that has been set back since; passes begun at different moments differ by a little.
    return whose in ("", by) or not now < until <= now + 2 * _TRIAL


def note_trial(session: Session, now: dt.datetime, by: str) -> None:
    row = _rest(session)
    if row:
        row.detail = {**row.detail, "trial": [by, (now + _TRIAL).isoformat()]}


def leave_trial(session: Session) -> None:
    """Nothing was tried after all."""
    row = _rest(session)
    if row:
        row.detail = {name: value for name, value in row.detail.items() if name != "trial"}


def _rest(session: Session) -> Heartbeat | None:
    query = sa.select(Heartbeat).where(col(Heartbeat.name) == NAME).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def rest(session: Session, failure: Failure, now: dt.datetime, message_id: int = 0) -> None:
    """One failure more in a row; `epoch` counts them, `at` is the last one."""
    detail = {
        "reason": str(failure)[:500],
        "is_refused": isinstance(failure, ChannelRefused | Repelled),
        "is_breaking": isinstance(failure, Uncertain),
        "way": failure.way,
        "tried": message_id,
    }
    insert = db.insert(session, Heartbeat).values(name=NAME, at=now, epoch=1, detail=detail)
    again = {"at": now, "epoch": col(Heartbeat.epoch) + 1, "detail": detail}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=again))


def resume(session: Session) -> None:
    session.execute(sa.delete(Heartbeat).where(col(Heartbeat.name) == NAME))


def hold(session: Session, reason: str = RESTORED) -> None:
    """Nothing of what is queued leaves until somebody has looked at it; `reason` is a message id."""
    row = {"at": clock.now(), "epoch": 0, "detail": {"reason": reason}}
    insert = db.insert(session, Heartbeat).values(name=HELD, **row)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))


def release(session: Session, actor: Actor) -> None:
    """What is queued may leave. Administrators alone: it is everybody's mail."""
    if not has_role(actor.viewer, Role.ADMINISTRATOR):
        raise NotAllowed
    held = session.scalars(sa.delete(Heartbeat).where(col(Heartbeat.name) == HELD).returning(col(Heartbeat.at)))
    since = held.first()
    if since is None:
        raise Refused(N_("The queue is not held"))
    audit.record(session, actor, "release", "channel", 0, held_since=since.isoformat())


def _pause(failures: int, detail: dict[str, object]) -> int:
    pauses = _BREAKING if detail.get("is_breaking") else _REFUSED if detail.get("is_refused") else _UNREACHABLE
    return pauses[min(max(failures, 1), len(pauses)) - 1]
