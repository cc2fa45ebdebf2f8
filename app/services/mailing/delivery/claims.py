"""Taking messages in hand, one claimant each: by urgency, within the recipient's hours, while they are of use."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.messages import N_
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.queries.mailing.domains import domain, with_readers
from app.services.kernel.outbox import Priority
from app.services.mailing import letters
from app.services.mailing.delivery import openings, outcomes, pace
from app.services.mailing.delivery.channel import Channel

LEASE = dt.timedelta(minutes=15)  # longer than all of SMTP's patience together; renewed before each message's DATA
EXPIRED = N_("It could not leave while it was of use")
_COLUMNS = (
    col(Envelope.id),
    col(Envelope.epoch),
    col(Envelope.kind),
    col(Envelope.person_id),
    col(Envelope.proposer_id),
    col(Envelope.uncertain),
    col(Envelope.data_started_at),
    col(Envelope.expires_at),
    col(Envelope.created_at),
    col(Envelope.attempts),
    col(Person.timezone),
    col(Person.reminder_hour),
)
_PRIME = 10007
_SECRETS = [name for name, kind in letters.KINDS.items() if kind.is_secret]
_IS_SECRET = col(Envelope.kind).in_(_SECRETS)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message in hand; whoever's epoch is no longer the message's has lost it."""

    id: int
    epoch: int
    kind: str
    person_id: int | None
    proposer_id: int | None
    uncertain: int  # how often nobody knew whether it arrived

    @property
    def reader(self) -> int | str:
        """Whose evidence a failure is."""
        return self.person_id or f"proposer {self.proposer_id}"


@dataclass(frozen=True, slots=True)
class Batch:
    """`seen` counts what was looked at: none is left to claim when it is 0."""

    claims: tuple[Claim, ...]
    seen: int
    dead: int
    uncertain: int


NONE = Batch((), 0, 0, 0)


def claim(session: Session, now: dt.datetime, leased_until: dt.datetime, most: int, channel: Channel) -> Batch:
    """Up to `most` of those due, and of those whose claimant has vanished; as many as there is room for in the minute.

    What there is no room for stays as it was: whoever reads it is not to blame.
    """
    room = pace.look(session, leased_until - LEASE) if pace.is_limited() else None
    rows = _candidates(session, now, most, channel, room)
    opening = openings.of(session, now)
    claims, taken, dead, uncertain = [], [], 0, 0
    for row in rows:
        if room and not room.admits(row.domain, is_held=row.kind not in _SECRETS):
            continue
        was_begun = row.data_started_at is not None
        uncertain += was_begun
        if was_begun and outcomes.doubted(session, row.id, row.epoch, row.uncertain + 1, now):
            continue
        doubts, kind = row.uncertain + was_begun, letters.KINDS.get(row.kind)
        if kind is None:
            dead += outcomes.lost(session, row.id, row.epoch, f"unknown kind {row.kind}", now)
        elif _is_past(row, kind, now):
            dead += _expired(session, row, kind, now, doubts)
        elif (opens_at := opening(kind, row)) > now:
            outcomes.wait_until(session, row.id, row.epoch, opens_at)
        else:
            taken.append(row)
            if room:
                room.take(row.domain)
            claims.append(Claim(row.id, row.epoch + 1, row.kind, row.person_id, row.proposer_id, doubts))
    _take(session, taken, leased_until, room)
    return Batch(tuple(claims), len(rows), dead, uncertain)


def _candidates(
    session: Session, now: dt.datetime, most: int, channel: Channel, room: pace.MinuteRoom | None
) -> list[sa.Row[Any]]:
    fits = pace.may_leave(session, room, _IS_SECRET) if room else sa.true()
    due, abandoned = sa.and_(_due(now), _asked_since(channel), fits), sa.and_(_abandoned(now), fits)
    return [*_locked(session, abandoned, most, channel), *_locked(session, due, most, channel)][:most]


def waiting(session: Session, now: dt.datetime) -> int:
    """How many are due and in nobody's hand."""
    return session.scalars(sa.select(sa.func.count()).select_from(Envelope).where(_due(now))).one()


def _due(now: dt.datetime) -> Any:
    return sa.and_(col(Envelope.state) == Delivery.QUEUED, col(Envelope.due_at) <= now)


def _abandoned(now: dt.datetime) -> Any:
    return sa.and_(col(Envelope.state) == Delivery.CLAIMED, col(Envelope.leased_until_at) <= now)


def _asked_since(channel: Channel) -> Any:
    """While the queue is held, only who wants to sign in now is answered: somebody has to release it."""
    if channel.held_at is None:
        return sa.true()
    return sa.and_(_IS_SECRET, col(Envelope.created_at) > channel.held_at)


def _locked(session: Session, which: Any, most: int, channel: Channel) -> list[sa.Row[Any]]:
    """Rows that nobody else has in hand; SQLite's one writer needs no lock on rows.

    On trial those first that nothing has happened to yet, whoever it is: those in front may all be what it refuses. But
    whoever waits to sign in waits for minutes, and is the trial.
    """
    query = with_readers(sa.select(*_COLUMNS, domain(session).label("domain")).select_from(Envelope)).where(which)
    if channel.is_on_trial:
        drawn = (col(Envelope.id) % _PRIME * 7919 + channel.failures * 3571) % _PRIME
        is_ordinary = col(Envelope.priority) > int(Priority.SIGN_IN)
        query = query.order_by(col(Envelope.id) == channel.tried, col(Envelope.attempts) > 0, is_ordinary, drawn)
    ordered = query.order_by(col(Envelope.priority), col(Envelope.due_at), col(Envelope.id)).limit(most)
    return list(session.execute(ordered.with_for_update(of=Envelope, skip_locked=True)))


def _is_past(row: sa.Row[Any], kind: letters.MessageKind[Any], now: dt.datetime) -> bool:
    expires_at: dt.datetime = row.expires_at or row.created_at + kind.lifetime
    return expires_at <= now


def _expired(session: Session, row: sa.Row[Any], kind: letters.MessageKind[Any], now: dt.datetime, doubts: int) -> int:
    """How many are dead by it: what may have arrived is not, nor what a later one covers."""
    if doubts:
        outcomes.parked(session, row.id, row.epoch, outcomes.UNCERTAIN, now)
        return 0
    if kind.is_covered:
        outcomes.cancelled(session, row.id, row.epoch, EXPIRED, now)
        return 0
    return outcomes.lost(session, row.id, row.epoch, EXPIRED, now)


def _take(session: Session, rows: list[sa.Row[Any]], leased_until: dt.datetime, room: pace.MinuteRoom | None) -> None:
    if room:
        pace.keep(session, room)
    taken = (
        sa.update(Envelope)
        .where(col(Envelope.id).in_([row.id for row in rows]))
        .values(
            state=Delivery.CLAIMED,
            epoch=col(Envelope.epoch) + 1,
            leased_until_at=leased_until,
            attempts=col(Envelope.attempts) + 1,
            data_started_at=None,
        )
    )
    if rows:
        session.execute(taken.execution_options(synchronize_session=False))
