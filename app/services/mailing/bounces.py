"""What a mail that came back changes: the mail, the score of its address, and who has to hear of it."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import bounces
from app.domain.errors import NotAllowed
from app.mail.inbound import reports
from app.mail.inbound.mime import InboundMail
from app.mail.inbound.outcomes import TakenAs
from app.mail.inbound.reports import DeliveryFate, RecipientTold
from app.models.bounces import Bounce, FailingAddress
from app.models.notifications import Delivery, Envelope
from app.models.people import Person
from app.models.proposers import Proposer
from app.queries.setup import people
from app.services.kernel import audit
from app.services.kernel.audit import SERVICE, Actor
from app.services.mailing import letters
from app.services.mailing.delivery import failure_notices

_MOST_REASON = 500
_QUIET = dt.timedelta(days=6)  # servers give a mail up after five


def record(session: Session, letter: InboundMail, message_id: int) -> TakenAs:
    """A report about this mail of ours. RecipientTold twice it counts once."""
    message = session.get(Envelope, message_id, with_for_update=True, populate_existing=True)
    if message is None:
        return TakenAs.UNKNOWN
    told = _about(reports.read(letter), message.address)
    if told is None:
        return TakenAs.UNCLEAR
    if told.fate is not DeliveryFate.FAILED:
        return TakenAs.DELAYED if told.fate is DeliveryFate.DELAYED else TakenAs.PASSED
    if message.state is Delivery.CLAIMED:
        return TakenAs.LATER  # the relay gave it back before it was noted that it had taken it
    if message.state not in {Delivery.SENT, Delivery.PARKED}:
        return TakenAs.KNOWN
    _came_back(session, message, told)
    return TakenAs.RECORDED


def clear(session: Session, actor: Actor, person: Person) -> None:
    """Somebody knows that the address takes mail again: what stood against it is forgotten."""
    address = people.address(session, actor.viewer, person)
    if not address:
        raise NotAllowed
    gone = sa.delete(FailingAddress).where(col(FailingAddress.address) == address.lower())
    if session.scalars(gone.returning(col(FailingAddress.address))).first():
        audit.record(session, actor, "clear_address", "person", person.id)


def settle(session: Session, now: dt.datetime) -> int:
    """Forget what has faded, and what later mails that did not come back speak against. How many are well again."""
    well = 0
    for row in session.scalars(sa.select(FailingAddress).with_for_update()).all():
        score = bounces.decayed(row.score, row.scored_at, now)
        if bounces.is_forgotten(score) or _has_arrived_since(session, row, now):
            well += row.failing_since_at is not None
            session.delete(row)
        elif row.failing_since_at is not None and not bounces.is_failing(score):
            row.failing_since_at, row.told_at, well = None, None, well + 1
    return well


def _about(told: Sequence[RecipientTold], address: str) -> RecipientTold | None:
    """What is said of our recipient; of others, who got it from there, what holds for all of them."""
    ours = [one for one in told if one.address in {"", address.lower()}]
    return max(ours or told, key=lambda one: _GOOD_NEWS[one.fate] if not ours else 0, default=None)


_GOOD_NEWS = {DeliveryFate.FAILED: 0, DeliveryFate.DELAYED: 1, DeliveryFate.PASSED: 2}


def _came_back(session: Session, message: Envelope, told: RecipientTold) -> None:
    now = clock.now()
    words = told.words or told.status
    message.state, message.ended_at, message.reason = Delivery.BOUNCED, now, words[:_MOST_REASON]
    session.add(
        Bounce(
            message_id=message.id,
            address=message.address.lower(),
            at=now,
            weight=told.weight,
            status=told.status[:12],
            words=told.words[:_MOST_REASON],
        )
    )
    session.flush()
    letters.KINDS.get(message.kind, letters.UNKNOWN).after_lost(session, message.id)
    row = _scored(session, message, told, now)
    fails = row.failing_since_at is not None
    audit.record(session, SERVICE, "bounce", "message", message.id, weight=told.weight, status=told.status, fails=fails)
    # Of a sign-in nobody is told, nor of a notice of failure: the next mail that comes back tells it.
    if row.failing_since_at and row.told_at is None and failure_notices.tell(session, message.id, now):
        row.told_at = now


def _scored(session: Session, message: Envelope, told: RecipientTold, now: dt.datetime) -> FailingAddress:
    address = message.address.lower()
    fresh = db.insert(session, FailingAddress).values(address=address, score=0.0, scored_at=now)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["address"]))
    row = session.get_one(FailingAddress, address, with_for_update=True, populate_existing=True)
    row.score, row.scored_at = bounces.added(row.score, row.scored_at, now, told.weight), now
    if bounces.is_failing(row.score) and row.failing_since_at is None:
        row.failing_since_at = now
    return row


def _has_arrived_since(session: Session, row: FailingAddress, now: dt.datetime) -> bool:
    """A mail that left after the last one came back, and which a server would have given back by now."""
    readers = sa.or_(
        col(Envelope.person_id).in_(sa.select(col(Person.id)).where(sa.func.lower(col(Person.email)) == row.address)),
        col(Envelope.proposer_id).in_(
            sa.select(col(Proposer.id)).where(sa.func.lower(col(Proposer.email)) == row.address)
        ),
    )
    arrived = sa.select(col(Envelope.id)).where(
        readers,
        col(Envelope.state) == Delivery.SENT,
        sa.func.lower(col(Envelope.address)) == row.address,
        col(Envelope.sent_at) > row.scored_at,
        col(Envelope.sent_at) <= now - _QUIET,
    )
    return session.scalars(arrived.limit(1)).first() is not None
