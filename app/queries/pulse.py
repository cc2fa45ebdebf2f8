"""Whether the service can remind: when it last looked, what waits, what failed, and why; for health and banner."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.domain.errors import N_, Message
from app.models.base import UtcDateTime
from app.models.notifications import HAS_FAILED, Delivery, Heartbeat
from app.models.notifications import Message as Envelope
from app.queries import ranges

LOOKED = "job:plan_reminders"  # the heartbeat of the job that looks for what is due
CHANNEL = "channel:mail"
_INTERVAL = dt.timedelta(seconds=60)
_DRAIN = dt.timedelta(minutes=15)  # what is due leaves within a pass or two; a quarter of an hour is a fault
_RECENT = dt.timedelta(days=7)
_SECRET = "sign_in"  # noqa: S105 - a kind: who waits for it sees for himself that nothing comes


@dataclass(frozen=True)
class Pulse:
    is_red: bool
    reasons: tuple[Message, ...]
    last_pass_at: dt.datetime | None
    backlog: int
    dead: int
    parked: int
    is_paused: bool
    has_relay: bool


def followup(session: Session, now: dt.datetime) -> Pulse:
    """Two statements. Red when nobody looked for three intervals, the queue stands, or something failed or rests."""
    beats = {
        row.name: row for row in session.scalars(sa.select(Heartbeat).where(col(Heartbeat.name).in_([LOOKED, CHANNEL])))
    }
    backlog, oldest, dead, parked = _counts(session, now)
    last, rest, has_relay = beats.get(LOOKED), beats.get(CHANNEL), bool(settings().transport_url)
    is_paused = rest is not None and bool(rest.detail.get("is_refused"))
    checks = [
        (last is None, Message(N_("The scheduler has never run: no reminder is planned."))),
        (
            last is not None and last.at < now - 3 * _INTERVAL,
            Message(N_("The scheduler stands still since %(at)s."), at=last.at if last else now),
        ),
        (not has_relay and backlog > 0, Message(N_("No mail relay is set: %(count)s mails wait."), count=backlog)),
        (is_paused, Message(N_("The mail relay refuses us: %(reason)s"), reason=_reason(rest))),
        (
            rest is not None and not is_paused and _is_late(oldest, now),
            Message(N_("The mail relay does not answer: %(reason)s"), reason=_reason(rest)),
        ),
        (
            has_relay and rest is None and _is_late(oldest, now),
            Message(N_("%(count)s mails should have left long ago."), count=backlog),
        ),
        (dead > 0, Message(N_("%(count)s mails of the last seven days did not arrive."), count=dead)),
        (parked > 0, Message(N_("Of %(count)s mails nobody knows whether they arrived."), count=parked)),
    ]
    reasons = tuple(reason for holds, reason in checks if holds)
    return Pulse(bool(reasons), reasons, last.at if last else None, backlog, dead, parked, is_paused, has_relay)


def _counts(session: Session, now: dt.datetime) -> tuple[int, dt.datetime | None, int, int]:
    """What is due and has not left, since when, and what of the last days failed."""
    waits = sa.and_(col(Envelope.state).in_({Delivery.QUEUED, Delivery.CLAIMED}), col(Envelope.due_at) <= now)
    recent = sa.and_(col(Envelope.ended_at) > now - _RECENT, col(Envelope.kind) != _SECRET)
    oldest = sa.func.min(sa.case((waits, col(Envelope.due_at))))
    query = sa.select(
        sa.func.count().filter(waits),
        sa.type_coerce(oldest, UtcDateTime()),
        sa.func.count().filter(recent, col(Envelope.state) == Delivery.DEAD),
        sa.func.count().filter(recent, col(Envelope.state) == Delivery.PARKED),
    ).where(
        sa.or_(
            col(Envelope.state).in_({Delivery.QUEUED, Delivery.CLAIMED}),
            sa.and_(ranges.said("message", HAS_FAILED), recent),  # by an index of its own: failures of years add up
        )
    )
    backlog, since, dead, parked = session.execute(query).one()
    return backlog, since, dead, parked


def _is_late(oldest: dt.datetime | None, now: dt.datetime) -> bool:
    return oldest is not None and oldest < now - _DRAIN


def _reason(rest: Heartbeat | None) -> str:
    return str(rest.detail.get("reason", "")) if rest else ""
