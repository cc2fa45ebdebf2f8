"""A mail that came in by any door: for whom it is, by its signed address alone, and that it is counted."""

import hashlib
from collections.abc import Sequence
from itertools import chain

from sqlmodel import Session, col

from app import clock, db
from app.config import settings
from app.mail import signed_addresses
from app.mail.inbound import mime
from app.mail.inbound.mime import InboundMail, Unreadable
from app.mail.inbound.outcomes import TakenAs
from app.mail.signed_addresses import AddressUse
from app.models.notifications import Heartbeat
from app.queries.mailing.inbound_counts import COUNTED
from app.services.mailing import bounces, replies

_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "to", "cc")
_MOST = 50


def take(session: Session, raw: bytes, recipients: Sequence[str] = ()) -> TakenAs:
    """`recipients`: of the envelope, where the door knows them; else what the headers say, which the signature proves.

    Never raises for what is in the bytes.
    """
    outcome = _taken(session, raw, recipients)
    if outcome is not TakenAs.LATER:
        _count(session, outcome)
    return outcome


def _taken(session: Session, raw: bytes, recipients: Sequence[str]) -> TakenAs:
    try:
        letter = mime.read(raw)
    except Unreadable:
        return TakenAs.UNREADABLE
    given = list(chain(recipients, letter.addresses(*_TO)))[:_MOST]
    for address in given:
        if signed := signed_addresses.read(address, settings().key):
            return _routed(session, letter, raw, *signed)
    return TakenAs.FORGED if any(map(signed_addresses.looks_signed, given)) else TakenAs.UNSIGNED


def _routed(session: Session, letter: InboundMail, raw: bytes, use: AddressUse, number: int) -> TakenAs:
    if use is AddressUse.REPLY:
        return replies.take(session, letter, number, hashlib.sha256(raw).hexdigest())
    return bounces.record(session, letter, number)


def _count(session: Session, outcome: TakenAs) -> None:
    insert = db.insert(session, Heartbeat).values(name=f"{COUNTED}{outcome}", at=clock.now(), epoch=1, detail={})
    again = {"at": clock.now(), "epoch": col(Heartbeat.epoch) + 1}
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=again))
