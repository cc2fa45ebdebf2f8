"""From an envelope in hand to bytes that may leave: looked at again, written, frozen, and the start of DATA noted."""

import datetime as dt
import re
from dataclasses import dataclass

from sqlmodel import Session

from app.config import settings
from app.domain.errors import N_
from app.mail.policy import Mail, compose
from app.models.notifications import Delivery, Message
from app.queries.letters import recipient
from app.services import letters
from app.services.delivery import vault
from app.services.delivery.claims import Claim
from app.services.letters import Case, Envelope, Unwanted

DISABLED = N_("The person's access was ended")
_KEYS = re.compile(r"(/(?:u|off|confirm|voice|link)/)[A-Za-z0-9_-]{16,}")


@dataclass(frozen=True, slots=True)
class Parcel:
    raw: bytes
    address: str


def ready(session: Session, claim: Claim, now: dt.datetime) -> Parcel | None:
    """The bytes of a message in hand; None when somebody else has it by now. Raises Unwanted.

    The first time they are written and frozen; from then on they are the same, whatever has changed since.
    """
    message = session.get_one(Message, claim.id, with_for_update=True, populate_existing=True)
    if message.epoch != claim.epoch or message.state is not Delivery.CLAIMED:
        return None
    case = _case(session, message, now)
    kind = letters.KINDS[message.kind]
    raw = vault.opened(message.frozen) if message.frozen else None
    if raw is None:
        mail = kind.message(kind.load(case))
        raw = compose(mail, sender=settings().mail_from, message_id=message.message_id, date=now)
        _freeze(message, mail, raw, is_secret=kind.is_secret)
    else:
        kind.look(case)
    message.data_started_at = now
    session.flush()
    return Parcel(raw, message.address)


def _case(session: Session, message: Message, now: dt.datetime) -> Case:
    whom = recipient(session, message.person_id)
    if not whom.is_active:
        raise Unwanted(DISABLED)
    envelope = Envelope(
        message.id or 0, message.person_id, message.kind, message.period, message.about_kind, message.about_id or 0,
        message.params,
    )  # fmt: skip
    return Case(session, envelope, whom, now)


def _freeze(message: Message, mail: Mail, raw: bytes, *, is_secret: bool) -> None:
    """What the ledger shows never holds a key; of a sign-in mail it shows nothing."""
    message.frozen, message.address, message.subject = vault.sealed(raw), mail.to, mail.subject
    message.shown = "" if is_secret else _KEYS.sub(r"\1…", mail.text)
