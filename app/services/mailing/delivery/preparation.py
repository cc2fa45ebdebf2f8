"""From envelopes in hand to bytes that may leave: looked at again, written without holding up a writer, then frozen."""

import datetime as dt
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.config import settings
from app.domain.messages import N_
from app.i18n.voices import SpokenVoice
from app.mail.policy import Mail, compose
from app.models.notifications import Delivery
from app.queries.mailing import wordings
from app.queries.mailing.letters import Recipient, proposers, recipients
from app.services.kernel import update_links
from app.services.mailing import letters
from app.services.mailing.delivery import freezing, said
from app.services.mailing.delivery.claims import Claim
from app.services.mailing.letters import Case, LetterCache, NoLongerWanted, QueuedMessage
from app.statements import Statement

log = logging.getLogger("tatbiq.delivery")
DISABLED = N_("The person's access was ended")
REMOVED = N_("The proposer was removed, or has no address")
_KEYS = re.compile(r"(/(?:u|off|confirm|voice|link|invitation)/)[A-Za-z0-9_-]{16,}")
_TABLE = SQLModel.metadata.tables["message"]
_COLUMNS = (
    "id",
    "epoch",
    "state",
    "person_id",
    "proposer_id",
    "kind",
    "period",
    "about_kind",
    "about_id",
    "params",
    "message_id",
    "frozen",
    "address",
)
_FROZEN = Statement(
    sa.update(_TABLE).where(_TABLE.c.id == sa.bindparam("of_id"), _TABLE.c.epoch == sa.bindparam("of_epoch"))
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The bytes of a message in hand; `fresh`: what is frozen with them, when they were written just now."""

    claim: Claim
    raw: bytes
    address: str
    case: Case
    fresh: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class NotSendable:
    """No longer wanted, or it could not be written."""

    claim: Claim
    error: Exception


def written(session: Session, claims: Sequence[Claim], now: dt.datetime) -> list[Prepared | NotSendable]:
    """Those still in this hand. Their bytes are written once; from then on they are the same, whatever changes."""
    if not claims:
        return []
    columns = [_TABLE.c[name] for name in _COLUMNS]
    found = session.connection().execute(sa.select(*columns).where(_TABLE.c.id.in_([claim.id for claim in claims])))
    rows, table = {row.id: row for row in found}, LetterCache(session, now)
    whom = recipients(session, {row.person_id for row in rows.values() if row.person_id})
    others = proposers(session, {row.proposer_id for row in rows.values() if row.proposer_id})
    cases = {
        row.id: _case(table, row, whom[row.person_id] if row.person_id else others[row.proposer_id])
        for row in rows.values()
    }
    _gather(case for case in cases.values() if case.recipient.is_active)
    voices = wordings.spoken(session) if rows else {}
    mine = [claim for claim in claims if (rows[claim.id].epoch, rows[claim.id].state) == (claim.epoch, _CLAIMED)]
    return [_parcel(claim, rows[claim.id], cases[claim.id], voices.get(cases[claim.id].lang)) for claim in mine]


def keep(session: Session, parcels: Sequence[Prepared]) -> None:
    """Freeze what was written, with the keys in it: from here on a retry sends the same."""
    update_links.keep(session, [key for parcel in parcels for key in parcel.case.keys])
    for parcel in parcels:
        for work in parcel.case.later:
            work(session)
    fresh = [_frozen(parcel.claim, parcel.fresh, parcel.raw) for parcel in parcels if parcel.fresh]
    if fresh:
        _FROZEN.run_each(session, fresh)


_CLAIMED = Delivery.CLAIMED


def _case(table: LetterCache, row: sa.Row[Any], whom: Recipient) -> Case:
    about = row.about_kind, row.about_id or 0, row.params
    return Case(
        table, QueuedMessage(row.id, row.person_id or 0, row.kind, row.period, *about, row.proposer_id or 0), whom
    )


def _gather(cases: Iterator[Case]) -> None:
    """Each kind loads for all of its letters at once; where that fails each one is asked alone, and fails alone."""
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_kind[case.envelope.kind].append(case)
    for kind, some in by_kind.items():
        try:
            letters.KINDS[kind].gather(some)
        except Exception:
            log.exception("letters of the kind %s could not be loaded together", kind)


def _parcel(claim: Claim, row: sa.Row[Any], case: Case, voice: SpokenVoice | None) -> Prepared | NotSendable:
    try:
        kind, raw = letters.KINDS[row.kind], freezing.opened(row.frozen) if row.frozen else None
        if not (case.recipient.is_active or kind.is_for_guests):
            raise NoLongerWanted(DISABLED if case.envelope.person_id else REMOVED)
        if raw is not None:
            kind.look(case)
            return Prepared(claim, raw, row.address, case, None)
        mail = _answerable(said.written(kind, case, voice))
        raw = compose(mail, sender=settings().mail_from, message_id=row.message_id, date=case.now)
        return Prepared(claim, raw, mail.to, case, _shown(mail, is_secret=kind.is_secret))
    except Exception as error:
        return NotSendable(claim, error)


def _answerable(mail: Mail) -> Mail:
    """Where an answer goes: a mail's own address wins over the one of the installation."""
    return mail if mail.reply_to else replace(mail, reply_to=settings().mail_reply_to)


def _shown(mail: Mail, *, is_secret: bool) -> dict[str, object]:
    """What the ledger shows never holds a key; of a sign-in mail it shows nothing."""
    shown = "" if is_secret else _KEYS.sub(r"\1…", mail.text)
    return {"address": mail.to, "subject": mail.subject, "shown": shown}


def _frozen(claim: Claim, fresh: dict[str, object], raw: bytes) -> dict[str, object]:
    return {"of_id": claim.id, "of_epoch": claim.epoch, "frozen": freezing.sealed(raw), **fresh}
