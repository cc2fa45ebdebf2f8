"""How many may leave in a minute, in all and to each domain: lanes, processes and hosts ask one table.

What leaves is counted as it is claimed, in the claim's transaction. Sign-in mails count and are never held: somebody
waits in front of the page. Without a limit nothing is asked or kept.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.config import settings
from app.models.notifications import Envelope, Pace
from app.queries.mailing.domains import domain, domain_in
from app.queries.mailing.drains import MINUTE

ALL = ""  # the domain that stands for all of them


class MinuteRoom(NamedTuple):
    """What may still leave now. `spent`: of the last minute, by domain; a limit of 0 is none."""

    now: int
    spent: dict[str, list[list[int]]]
    most: int
    most_a_domain: int

    @property
    def in_all(self) -> int | None:
        return self._left(ALL, self.most)

    def left_to(self, name: str) -> int | None:
        return self._left(name, self.most_a_domain)

    def full(self) -> list[str]:
        """The domains that have had theirs."""
        return sorted(name for name in self.spent if name != ALL and self.left_to(name) == 0)

    def admits(self, name: str, *, is_held: bool) -> bool:
        """Whether one more may leave to this domain; what is not held always may."""
        return not is_held or (self.in_all != 0 and self.left_to(name) != 0)

    def _left(self, name: str, most: int) -> int | None:
        return max(most - sum(count for _, count in self.spent.get(name, [])), 0) if most else None

    def take(self, name: str) -> None:
        for one in (ALL, name):
            kept = self.spent.setdefault(one, [])
            if kept and kept[-1][0] == self.now:
                kept[-1][1] += 1
            else:
                kept.append([self.now, 1])


def is_limited() -> bool:
    return bool(settings().mail_per_minute or settings().mail_per_domain_per_minute)


def look(session: Session, now: dt.datetime) -> MinuteRoom:
    """Nobody else claims until this transaction ends: on PostgreSQL by the lock of one row, on SQLite anyway."""
    session.execute(db.insert(session, Pace).values(domain=ALL, spent=[]).on_conflict_do_nothing())
    session.execute(sa.select(col(Pace.domain)).where(col(Pace.domain) == ALL).with_for_update())
    second, rows = int(now.timestamp()), session.execute(sa.select(col(Pace.domain), col(Pace.spent)))
    spent = {name: recent for name, kept in rows if (recent := _recent(kept, second))}
    return MinuteRoom(second, spent, settings().mail_per_minute, settings().mail_per_domain_per_minute)


def _recent(kept: Iterable[list[int]], second: int) -> list[list[int]]:
    """What lies in the future was kept by a clock that has been set back since."""
    return [list(one) for one in kept if second - MINUTE < one[0] <= second + MINUTE]


def keep(session: Session, room: MinuteRoom) -> None:
    """One row for each domain of the last minute; what is older is forgotten."""
    session.execute(sa.delete(Pace).where(col(Pace.domain) != ALL, col(Pace.domain).not_in(sorted(room.spent))))
    insert = db.insert(session, Pace)
    for name, spent in room.spent.items():
        given = insert.values(domain=name, spent=spent)
        session.execute(given.on_conflict_do_update(index_elements=["domain"], set_={"spent": spent}))


def give_back(session: Session, message_ids: Iterable[int], now: dt.datetime) -> None:
    """They were claimed and have not left."""
    query = sa.select(domain(session)).select_from(Envelope)
    room, back = look(session, now), Counter[str]()
    for (name,) in session.execute(domain_in(query, list(message_ids))):
        back.update([ALL, name])
    for name, count in back.items():
        _take_off(room.spent.get(name, []), count)
    keep(session, room)


def _take_off(spent: list[list[int]], count: int) -> None:
    for one in reversed(spent):
        taken = min(one[1], count)
        one[1] -= taken
        count -= taken


def may_leave(session: Session, room: MinuteRoom, secrets: Any) -> Any:
    """Of what is due, that for which there is room; what passes in front is given."""
    full = room.full()
    conditions = [domain(session).not_in(full)] if full else []
    conditions += [sa.false()] if room.in_all == 0 else []
    return sa.or_(secrets, sa.and_(sa.true(), *conditions))
