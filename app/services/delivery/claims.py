"""Taking messages in hand, one claimant each: by urgency, within the recipient's hours, while they are of use."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import hours
from app.domain.errors import N_
from app.models.notifications import Delivery, Message
from app.models.people import Person
from app.queries.directory import zone_of
from app.services import letters
from app.services.delivery import endings

LEASE = dt.timedelta(minutes=15)  # longer than all of SMTP's patience together
EXPIRED = N_("It could not leave while it was of use")
_COLUMNS = (
    col(Message.id), col(Message.epoch), col(Message.kind), col(Message.uncertain), col(Message.data_started_at),
    col(Message.expires_at), col(Message.created_at), col(Person.timezone),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A message in hand; whoever's epoch is no longer the message's has lost it."""

    id: int
    epoch: int
    kind: str
    uncertain: int  # how often nobody knew whether it arrived


@dataclass(frozen=True, slots=True)
class Handful:
    """`seen` counts what was looked at: none is left to claim when it is 0."""

    claims: tuple[Claim, ...]
    seen: int
    dead: int
    uncertain: int


def claim(session: Session, now: dt.datetime, leased_until: dt.datetime, most: int) -> Handful:
    """Up to `most` of those due, and of those whose claimant has vanished."""
    rows = [*_locked(session, _abandoned(now), most), *_locked(session, _due(now), most)][:most]
    claims, dead, uncertain = [], 0, 0
    for row in rows:
        was_begun = row.data_started_at is not None
        uncertain += was_begun
        if was_begun and endings.doubted(session, row.id, row.epoch, row.uncertain + 1, now):
            continue
        kind = letters.KINDS.get(row.kind)
        if kind is None:
            dead += endings.lost(session, row.id, row.epoch, f"unknown kind {row.kind}", now)
        elif _is_past(row, kind, now) and kind.is_covered:
            endings.cancelled(session, row.id, row.epoch, EXPIRED, now)
        elif _is_past(row, kind, now):
            dead += endings.lost(session, row.id, row.epoch, EXPIRED, now)
        elif not hours.may_send(kind.is_secret, now, zone_of(row.timezone)):
            opens_at = hours.next_opening(now, zone_of(row.timezone))
            endings.put_off(session, row.id, row.epoch, opens_at, reason="")
        else:
            claims.append(_take(session, row, leased_until, row.uncertain + was_begun))
    return Handful(tuple(claims), len(rows), dead, uncertain)


def waiting(session: Session, now: dt.datetime) -> int:
    """How many are due and in nobody's hand."""
    return session.scalars(sa.select(sa.func.count()).select_from(Message).where(_due(now))).one()


def _due(now: dt.datetime) -> Any:
    return sa.and_(col(Message.state) == Delivery.QUEUED, col(Message.due_at) <= now)


def _abandoned(now: dt.datetime) -> Any:
    return sa.and_(col(Message.state) == Delivery.CLAIMED, col(Message.leased_until_at) <= now)


def _locked(session: Session, which: Any, most: int) -> list[sa.Row[Any]]:
    """Rows that nobody else has in hand; SQLite's one writer needs no lock on rows."""
    query = sa.select(*_COLUMNS).join(Person, col(Person.id) == col(Message.person_id)).where(which)
    ordered = query.order_by(col(Message.priority), col(Message.due_at), col(Message.id)).limit(most)
    return list(session.execute(ordered.with_for_update(of=Message, skip_locked=True)))


def _is_past(row: sa.Row[Any], kind: letters.Kind[Any], now: dt.datetime) -> bool:
    expires_at: dt.datetime = row.expires_at or row.created_at + kind.lifetime
    return expires_at <= now


def _take(session: Session, row: sa.Row[Any], leased_until: dt.datetime, uncertain: int) -> Claim:
    taken = sa.update(Message).where(col(Message.id) == row.id, col(Message.epoch) == row.epoch)
    session.execute(
        taken.values(
            state=Delivery.CLAIMED,
            epoch=row.epoch + 1,
            leased_until_at=leased_until,
            attempts=col(Message.attempts) + 1,
            data_started_at=None,
        )
    )
    return Claim(row.id, row.epoch + 1, row.kind, uncertain)
