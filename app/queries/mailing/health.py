"""Whether the service can remind: when it last looked, what waits, what failed, and why; for health and banner."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.config import settings
from app.domain.messages import N_, Counted, Message
from app.models.notifications import HAS_FAILED, Delivery, Envelope, Heartbeat
from app.queries.mailing import drains
from app.queries.scope import ranges

LOOKED = "job:plan_reminders"  # the heartbeat of the job that looks for what is due
CHANNEL = "channel:mail"
HELD = "channel:mail:held"
_INTERVAL = dt.timedelta(seconds=60)
_AHEAD = dt.timedelta(minutes=1)  # two machines' clocks may differ by as much
_DRAIN = dt.timedelta(minutes=15)  # what is due leaves within a pass or two; a quarter of an hour is a fault
_PATIENCE = dt.timedelta(hours=1)  # what was put off has been tried five times by then; greylists let it through
_IN_A_ROW = 5  # failures of the relay, after which no limit excuses that something waits
_RECENT = dt.timedelta(days=7)
_HELD = N_("The mails are held until an administrator releases them: %(why)s.")
_NO_RELAY = N_("No mail relay is set: no mail can leave, no sign-in code either.")
_SECRET = "sign_in"  # noqa: S105 - a kind: who waits for it sees for himself that nothing comes


@dataclass(frozen=True)
class Health:
    is_red: bool
    reasons: tuple[Message, ...]
    last_pass_at: dt.datetime | None
    backlog: int
    dead: int
    parked: int
    is_paused: bool
    is_held: bool
    has_relay: bool
    notices: tuple[Message, ...] = ()  # not red yet, and it will be

    @property
    def banner(self) -> tuple[Message, ...]:
        return self.reasons + self.notices


def followup(session: Session, now: dt.datetime) -> Health:
    """Two statements, or four where a limit keeps a queue long.

    Red when nobody looked for three intervals, the queue stands, or something failed or rests.
    """
    names = [LOOKED, CHANNEL, HELD]
    beats = {row.name: row for row in session.scalars(sa.select(Heartbeat).where(col(Heartbeat.name).in_(names)))}
    queue, has_relay = _queue(session, now), bool(settings().transport_url)
    last, rest, held = beats.get(LOOKED), beats.get(CHANNEL), beats.get(HELD)
    is_paused = rest is not None and bool(rest.detail.get("is_refused"))
    checks = [*_of_clock(last, now), *_of_channel(rest, held, queue, has_relay=has_relay), *_of_mails(queue)]
    reasons = tuple(reason for holds, reason in checks if holds)
    at = last.at if last else None
    counts = queue.backlog, queue.dead, queue.parked
    notices = () if has_relay or queue.backlog else (Message(_NO_RELAY),)
    return Health(bool(reasons), reasons, at, *counts, is_paused, held is not None, has_relay, notices)


def held(session: Session) -> Message | None:
    """Why nothing that is queued leaves, where somebody has to look at it first."""
    row = session.get(Heartbeat, HELD)
    return Message(_HELD, why=Message(_reason(row))) if row else None


@dataclass(frozen=True, slots=True)
class _Queue:
    """What should have left by now, whatever put it off since, and what of the last days failed."""

    backlog: int
    is_late: bool  # also where a limit lets it leave slowly
    is_past: bool  # longer than it would take without a limit
    put_off: int
    why: str
    dead: int
    parked: int


Check = tuple[bool, Message]


def _of_clock(last: Heartbeat | None, now: dt.datetime) -> list[Check]:
    if last is None:
        return [(True, Message(N_("The scheduler has never run: no reminder is planned.")))]
    return [
        (last.at < now - 3 * _INTERVAL, Message(N_("The scheduler stands still since %(at)s."), at=last.at)),
        (
            last.at > now + _AHEAD,
            Message(N_("The last pass lies in the future, at %(at)s: a clock was set back."), at=last.at),
        ),
    ]


def _of_channel(rest: Heartbeat | None, held: Heartbeat | None, queue: _Queue, *, has_relay: bool) -> list[Check]:
    is_refused, waits = rest is not None and bool(rest.detail.get("is_refused")), queue.backlog
    return [
        (
            held is not None,
            Message(_HELD, why=Message(_reason(held))),
        ),
        (
            not has_relay and waits > 0,
            Counted("No mail relay is set: %(num)s mail waits.", "No mail relay is set: %(num)s mails wait.", waits),
        ),
        (is_refused, Message(N_("The mail relay refuses us: %(reason)s"), reason=_reason(rest))),
        (
            rest is not None and not is_refused and (queue.is_late or (queue.is_past and rest.epoch >= _IN_A_ROW)),
            Message(N_("The mail relay does not answer: %(reason)s"), reason=_reason(rest)),
        ),
        (
            has_relay and rest is None and held is None and queue.is_late,
            Counted("%(num)s mail should have left long ago.", "%(num)s mails should have left long ago.", waits),
        ),
    ]


def _of_mails(queue: _Queue) -> list[Check]:
    put_off = Counted(
        "%(num)s mail is put off again and again, for more than an hour: %(reason)s",
        "%(num)s mails are put off again and again, for more than an hour: %(reason)s",
        queue.put_off,
        reason=queue.why,
    )
    dead = Counted(
        "In all programmes together, %(num)s mail of the last seven days did not arrive and nobody looks after it.",
        "In all programmes together, %(num)s mails of the last seven days did not arrive and nobody looks after them.",
        queue.dead,
    )
    parked = Counted(
        "Nobody knows whether %(num)s mail arrived.", "Nobody knows whether %(num)s mails arrived.", queue.parked
    )
    return [(queue.put_off > 0, put_off), (queue.dead > 0, dead), (queue.parked > 0, parked)]


def _queue(session: Session, now: dt.datetime) -> _Queue:
    """Counted from the hour at which it was first due: every failure moves the other one."""
    since = drains.SINCE
    waits = sa.and_(col(Envelope.state).in_({Delivery.QUEUED, Delivery.CLAIMED}), since <= now)
    tried = sa.and_(waits, col(Envelope.attempts) > 0, since < now - _PATIENCE)
    recent = sa.and_(col(Envelope.ended_at) > now - _RECENT, col(Envelope.kind) != _SECRET)
    unseen = sa.and_(col(Envelope.acknowledged_at).is_(None), col(Envelope.closed_at).is_(None))
    query = sa.select(
        sa.func.count().filter(waits),
        sa.func.count().filter(waits, col(Envelope.attempts) == 0, since < now - _DRAIN),
        sa.func.count().filter(tried),
        sa.func.max(sa.case((tried, col(Envelope.reason)))),
        sa.func.count().filter(recent, unseen, col(Envelope.state).in_({Delivery.DEAD, Delivery.BOUNCED})),
        sa.func.count().filter(recent, unseen, col(Envelope.state) == Delivery.PARKED),
        sa.func.min(sa.case((sa.and_(waits, col(Envelope.attempts) == 0), since))),
    ).where(
        sa.or_(
            col(Envelope.state).in_({Delivery.QUEUED, Delivery.CLAIMED}),
            sa.and_(ranges.said("message", HAS_FAILED), recent),  # by an index of its own: failures of years add up
        )
    )
    backlog, past, put_off, why, dead, parked, oldest = session.execute(query).one()
    is_late = bool(past) and oldest < now - _DRAIN - drains.expected(session, now)
    return _Queue(backlog, is_late, past > 0, put_off, why or "", dead, parked)


def _reason(rest: Heartbeat | None) -> str:
    return str(rest.detail.get("reason", "")) if rest else ""
