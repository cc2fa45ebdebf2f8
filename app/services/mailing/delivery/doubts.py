"""Evidence about failures that may be one recipient's own or the whole channel's: the next recipients tell which.

Kept in one row, so that processes and passes share it. A mail that is accepted clears the channel, and then a refusal
for good was meant for its recipient; another recipient who meets the same soon after clears the recipients.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.mail.failures import Repelled, Suspicious
from app.models.notifications import Heartbeat
from app.services.mailing.delivery import outcomes
from app.services.mailing.delivery.claims import Claim

NAME = "channel:mail:doubts"
_SOON = dt.timedelta(minutes=15)
_MOST = 50
# So many recipients in a row; where mail has just been accepted, a few addresses side by side may well be bad.
_COLD, _WARM = 2, 5


def exist(session: Session) -> bool:
    return session.scalars(sa.select(col(Heartbeat.name)).where(col(Heartbeat.name) == NAME)).first() is not None


def note(session: Session, claim: Claim, failure: Suspicious, now: dt.datetime, *, is_warm: bool) -> bool:
    """Keep it as evidence. True when enough others met the same: then it is the channel, and nobody is suspected."""
    mine = {
        "way": failure.way,
        "person": claim.reader,
        "message": claim.id,
        "epoch": claim.epoch,
        "at": now.isoformat(),
        "is_final": isinstance(failure, Repelled),
        "reason": str(failure),
    }
    first = db.insert(session, Heartbeat).values(name=NAME, at=now, epoch=0, detail={"suspects": []})
    session.execute(first.on_conflict_do_nothing(index_elements=["name"]))  # so that there is a row to be locked
    suspects = [one for one in _suspects(session) if one["message"] != claim.id] + [mine]
    soon = (now - _SOON).isoformat()
    alike = {one["person"] for one in suspects if one["way"] == failure.way and one["at"] >= soon}
    if len(alike) >= (_WARM if is_warm else _COLD):
        clear(session)
        return True
    row = {"at": now, "epoch": 0, "detail": {"suspects": suspects[-_MOST:]}}
    insert = db.insert(session, Heartbeat).values(name=NAME, **row)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))
    return False


def settle(session: Session, now: dt.datetime) -> int:
    """A mail was accepted: the relay is well, and whoever it refused for good is refused. How many are dead by it."""
    final = [one for one in _suspects(session) if one["is_final"]]
    clear(session)
    return sum(outcomes.lost(session, one["message"], one["epoch"], one["reason"], now) for one in final)


def clear(session: Session) -> None:
    session.execute(sa.delete(Heartbeat).where(col(Heartbeat.name) == NAME))


def _suspects(session: Session) -> list[dict[str, Any]]:
    """Locked: two processes keep theirs one after the other."""
    kept = sa.select(col(Heartbeat.detail)).where(col(Heartbeat.name) == NAME).with_for_update()
    found: Any = (session.scalars(kept).first() or {}).get("suspects", [])
    return list(found)
