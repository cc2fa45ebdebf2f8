"""Who proposed a recommendation: added, corrected and removed by its secretariat; nobody of them has an account."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import addresses, permissions, texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.models.notifications import Envelope
from app.models.proposers import Proposer
from app.models.recommendations import Recommendation
from app.services.kernel import audit, voice_links
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect

_MOST = 20


@dataclass(frozen=True)
class Contact:
    """How they are called and written to; without an address they say it on paper alone."""

    name: str
    email: str
    locale: str
    agreed_on: dt.date | None


def add(session: Session, actor: Actor, item: Recommendation, contact: Contact) -> Proposer:
    permissions.require_secretariat(actor.viewer, item.programme_id)
    there = sa.select(sa.func.count()).select_from(Proposer).where(
        col(Proposer.recommendation_id) == item.id, col(Proposer.removed_at).is_(None)
    )  # fmt: skip
    if session.scalars(there).one() >= _MOST:
        raise Refused(N_("A recommendation has twenty proposers at most"))
    made = Proposer(recommendation_id=item.id, created_at=clock.now())
    _fill(session, made, contact)
    session.add(made)
    session.flush()
    _record(session, actor, "add_proposer", item, made)
    return made


def edit(
    session: Session, actor: Actor, item: Recommendation, proposer: Proposer, contact: Contact, version: int | None
) -> None:
    """To whom the next mail goes; what they were asked before they may still answer, unless the address is another."""
    permissions.require_secretariat(actor.viewer, item.programme_id)
    expect(proposer, version, ("name", "email", "locale"))
    before = proposer.email
    _fill(session, proposer, contact)
    proposer.version += 1
    session.flush()
    if proposer.email != before:  # whoever has the old mailbox answers for nobody any more
        voice_links.revoke_for_proposer(session, proposer.id)
    _record(session, actor, "edit_proposer", item, proposer)


def remove(session: Session, actor: Actor, item: Recommendation, proposer: Proposer) -> None:
    """Their name and address are erased, here and in the ledger of mails; what they said stays, without them."""
    permissions.require_secretariat(actor.viewer, item.programme_id)
    proposer.name, proposer.email, proposer.agreed_on, proposer.removed_at = "", None, None, clock.now()
    proposer.version += 1
    session.flush()
    voice_links.revoke_for_proposer(session, proposer.id)
    mine = sa.select(col(Envelope.id)).where(col(Envelope.proposer_id) == proposer.id)
    session.execute(sa.update(Envelope).where(col(Envelope.id).in_(mine)).values(address="", shown=""))
    about = sa.and_(col(Envelope.about_kind) == "message", col(Envelope.about_id).in_(mine))
    session.execute(sa.update(Envelope).where(about).values(shown=""))  # that one of them did not arrive
    _record(session, actor, "remove_proposer", item, proposer)


def _fill(session: Session, proposer: Proposer, contact: Contact) -> None:
    proposer.name = texts.one_line(contact.name)
    if not proposer.name:
        raise Refused(N_("Enter the name"), "name")
    found = addresses.email(contact.email) if contact.email.strip() else None
    _require_new(session, proposer, found)
    if found and contact.agreed_on is None:
        raise Refused(N_("Give the day on which they agreed to be written to"), "agreed_on")
    if contact.agreed_on and contact.agreed_on > clock.today(settings().zone):
        raise Refused(N_("That day is still to come"), "agreed_on")
    proposer.email, proposer.locale = found, contact.locale
    proposer.agreed_on = contact.agreed_on if found else None


def _require_new(session: Session, proposer: Proposer, email: str | None) -> None:
    same = sa.select(col(Proposer.id)).where(
        col(Proposer.recommendation_id) == proposer.recommendation_id, col(Proposer.email) == email
    )
    with session.no_autoflush:
        taken = session.scalars(same).first() if email else None
    if taken is not None and taken != proposer.id:
        raise Refused(N_("This address is there already"), "email")


def _record(session: Session, actor: Actor, verb: str, item: Recommendation, proposer: Proposer) -> None:
    """By its number: the record is for ever, and names nobody."""
    audit.record(session, actor, verb, "recommendation", item.id, item.programme_id, proposer_id=proposer.id)
