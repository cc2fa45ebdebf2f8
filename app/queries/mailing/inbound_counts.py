"""How many mails that came in came to what, of all that were ever taken; what they changed stands elsewhere."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col

from app.mail.inbound.outcomes import TakenAs
from app.models.notifications import Heartbeat

COUNTED = "inbound:"  # the heartbeats that count, by outcome, in their epoch
_TAKEN = frozenset({TakenAs.RECORDED, TakenAs.KNOWN, TakenAs.DELAYED, TakenAs.PASSED, TakenAs.WAITING})
_FALSE = frozenset({TakenAs.UNSIGNED, TakenAs.FORGED, TakenAs.FOREIGN, TakenAs.UNPROVEN})


@dataclass(frozen=True, slots=True)
class InboundCounts:
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    last_at: dt.datetime | None = None

    @property
    def taken(self) -> int:
        return self._of(_TAKEN)

    @property
    def unsigned(self) -> int:
        """To no address of ours, or from nobody who is proven."""
        return self._of(_FALSE)

    @property
    def set_aside(self) -> int:
        return sum(self.by_outcome.values()) - self.taken - self.unsigned

    def _of(self, outcomes: frozenset[TakenAs]) -> int:
        return sum(self.by_outcome.get(outcome, 0) for outcome in outcomes)


def all_time(session: Session) -> InboundCounts:
    """A row for each outcome that has occurred."""
    rows = session.scalars(sa.select(Heartbeat).where(col(Heartbeat.name).startswith(COUNTED))).all()
    return InboundCounts(
        {row.name.removeprefix(COUNTED): row.epoch for row in rows}, max((row.at for row in rows), default=None)
    )
