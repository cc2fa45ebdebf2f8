"""Putting a message into the queue, in the transaction of the change that causes it; sending is delivery's."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.config import settings
from app.domain.errors import NotFound, Refused
from app.domain.messages import N_
from app.models.notifications import NOT_ARRIVED, Delivery, Envelope, Reminder, ReminderState
from app.queries.mailing import ledgers
from app.services.kernel import audit
from app.services.kernel.audit import Actor

_SECOND_LIFE = dt.timedelta(days=2)
_HELD = "held_back"


class Priority(IntEnum):
    """Lower leaves first."""

    SIGN_IN = 0
    ACT = 3
    REMINDER = 6
    DIGEST = 8


class Intent(NamedTuple):
    """One of many that are queued together."""

    person_id: int
    period: str
    due_at: dt.datetime
    expires_at: dt.datetime

    def key(self, kind: str) -> str:
        return f"{self.person_id}|mail|{kind}|{self.period}"


class HeldBack(NamedTuple):
    """What one of many acts would have told somebody, whole: it may still leave as it was meant."""

    kind: str
    person_id: int
    period: str
    about: tuple[str, int] | None
    times: dict[str, Any]
    params: dict[str, Any]

    @property
    def subject_id(self) -> int:
        return self.about[1] if self.about else 0


@contextmanager
def gathering(session: Session) -> Iterator[list[HeldBack]]:
    """What acts on actions queue meanwhile is held back, for whoever makes one letter a person of it."""
    held: list[HeldBack] = []
    session.info[_HELD] = held
    try:
        yield held
    finally:
        del session.info[_HELD]


def enqueue(
    session: Session,
    kind: str,
    person_id: int,
    period: str,
    *,
    about: tuple[str, int] | None = None,
    due_at: dt.datetime | None = None,
    expires_at: dt.datetime | None = None,
    priority: Priority = Priority.ACT,
    **params: object,
) -> int:
    """Queue one intent and return its id (0: held back); the same person, kind and period is one envelope.

    `about` is (kind of subject, id). `params` are plain JSON values. The text is made when the message is claimed.
    """
    held: list[HeldBack] | None = session.info.get(_HELD)
    if held is not None:
        meant = {"due_at": due_at, "expires_at": expires_at, "priority": priority}
        held.append(HeldBack(kind, person_id, period, about, meant, params))
        return 0
    key, what = f"{person_id}|mail|{kind}|{period}", {"kind": kind, "period": period, "params": params}
    times = {"due_at": due_at or clock.now(), "expires_at": expires_at, "priority": int(priority)}
    return _queue(session, key, about, {"person_id": person_id, "proposer_id": None} | what | times)


def release(session: Session, one: HeldBack) -> int:
    """Queue it as it was meant."""
    return enqueue(session, one.kind, one.person_id, one.period, about=one.about, **one.times, **one.params)


def enqueue_to_proposer(
    session: Session, kind: str, proposer_id: int, period: str, *, about: tuple[str, int], due_at: dt.datetime
) -> int:
    """The same, to somebody without an account, by a key that no person's can be."""
    key, what = f"proposer {proposer_id}|mail|{kind}|{period}", {"kind": kind, "period": period, "params": {}}
    times = {"due_at": due_at, "expires_at": None, "priority": int(Priority.DIGEST)}
    return _queue(session, key, about, {"person_id": None, "proposer_id": proposer_id} | what | times)


def _queue(session: Session, key: str, about: tuple[str, int] | None, row: dict[str, Any]) -> int:
    about_kind, about_id = about or ("", None)
    subject = {"about_kind": about_kind, "about_id": about_id}
    made = {"key": key, "channel": "mail", "message_id": message_id_of(key), "created_at": clock.now()}
    session.connection().execute(_new(session), row | subject | made | {"first_due_at": row["due_at"]})
    return session.connection().execute(_BY_KEY, {"key": key}).scalar_one() or 0


def _new(session: Session) -> db.Insert:
    """Nothing where it is there, by whichever unique name that is noticed: those who ask together meet on either."""
    return db.insert(session, Envelope).on_conflict_do_nothing()


_BY_KEY = sa.select(col(Envelope.id)).where(col(Envelope.key) == sa.bindparam("key"))


def enqueue_all(session: Session, kind: str, envelopes: Sequence[Intent], priority: Priority) -> dict[str, int]:
    """Many of one kind, about nothing of their own, in two statements: ids by key; those that were there stay."""
    now = clock.now()
    rows: list[dict[str, object]] = [
        {
            "key": one.key(kind),
            "message_id": message_id_of(one.key(kind)),
            "person_id": one.person_id,
            "channel": "mail",
            "kind": kind,
            "period": one.period,
            "params": {},
            "about_kind": "",
            "about_id": None,
            "created_at": now,
            "due_at": one.due_at,
            "first_due_at": one.due_at,
            "expires_at": one.expires_at,
            "priority": int(priority),
        }
        for one in envelopes
    ]
    insert = _new(session)
    session.connection().execute(insert, rows)
    found = sa.select(col(Envelope.key), col(Envelope.id)).where(col(Envelope.key).in_([row["key"] for row in rows]))
    return {row[0]: row[1] for row in session.execute(found)}


def set_aside(session: Session, before: dt.datetime, reason: str) -> None:
    """What was queued before then and has not left is not wanted any more; the ledger keeps it with the reason."""
    queued = sa.and_(
        col(Envelope.state) == Delivery.QUEUED,
        col(Envelope.created_at) < before,
        col(Envelope.uncertain) == 0,
    )
    ended = {"state": Delivery.CANCELLED, "reason": reason, "ended_at": clock.now()}
    session.execute(sa.update(Envelope).where(queued).values(**ended))


def message_id_of(key: str) -> str:
    """The Message-ID of an envelope: an HMAC of its key, fixed when it is inserted."""
    digest = hmac.new(settings().key, f"message-id|{key}".encode(), hashlib.sha256).hexdigest()[:40]
    return f"<{digest}@{settings().mail_domain}>"


def requeue(session: Session, actor: Actor, message_id: int) -> None:
    """Try a mail again that was given up or is uncertain: written anew, with what stands now and fresh keys."""
    send_again(session, actor, failed(session, actor, message_id))


def failed(session: Session, actor: Actor, message_id: int) -> Envelope:
    """One that failed and is not closed, locked; raises NotFound for whose ledger it is not in."""
    found = owned(session, actor, col(Envelope.id) == message_id)
    if not found:
        raise NotFound
    if found[0].closed_at:
        raise Refused(N_("This mail was closed: it is not sent any more"))
    if found[0].state not in NOT_ARRIVED:
        raise Refused(N_("Only a mail that failed can be tried again"))
    return found[0]


def requeue_uncertain(session: Session, actor: Actor) -> int:
    """All of which nobody knows whether they arrived, as far as the actor answers for them. How many they were."""
    found = owned(session, actor, sa.and_(col(Envelope.state) == Delivery.PARKED, col(Envelope.closed_at).is_(None)))
    if not found:
        raise Refused(N_("No mail is uncertain any more"))
    for message in found:
        send_again(session, actor, message)
    return len(found)


def owned(session: Session, actor: Actor, which: sa.ColumnElement[bool]) -> Sequence[Envelope]:
    """Locked; raises NotFound for whoever sees no ledger."""
    scope = ledgers.scope(actor.viewer)
    if scope is None:
        raise NotFound
    mine = sa.and_(which, ledgers.NOT_SECRET, *ledgers.visible(scope))
    return session.scalars(sa.select(Envelope).where(mine).order_by(col(Envelope.id)).with_for_update()).all()


def send_again(session: Session, actor: Actor, message: Envelope) -> None:
    """One that failed, written anew; nobody has seen how that ends."""
    now = clock.now()
    message.state, message.due_at, message.first_due_at, message.expires_at = (
        Delivery.QUEUED,
        now,
        now,
        now + _SECOND_LIFE,
    )
    message.frozen = message.data_started_at = message.leased_until_at = message.ended_at = message.sent_at = None
    message.acknowledged_at = message.acknowledged_by_id = None
    message.attempts = message.uncertain = 0
    message.epoch, message.reason = message.epoch + 1, ""
    # Other bytes than those that may have arrived: under the old name they would pass for the same mail.
    message.message_id = message_id_of(f"{message.key}|again{message.epoch}")
    dropped = sa.and_(col(Reminder.message_id) == message.id, col(Reminder.state) == ReminderState.DROPPED)
    session.execute(sa.update(Reminder).where(dropped).values(state=ReminderState.PLANNED))
    audit.record(session, actor, "requeue", "message", message.id)
