"""Team chats: added, tried, removed, by administrators alone; telling them is the job's."""

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.channels import addresses, sealing
from app.config import settings
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.sentences.chat_notes import TRIAL
from app.domain.texts import one_line
from app.i18n.locales import LANGS
from app.models.channels import ChannelNote, TeamChannel
from app.queries.setup.team_channels import MOST
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.setup import roles


def add(session: Session, actor: Actor, *, name: str, address: str, lang: str) -> TeamChannel:
    """The address is closed at once; the record holds the service and never the address."""
    roles.require_administrator(actor)
    called = one_line(name)
    if not called:
        raise Refused(N_("Write how the chat is called"), "name")
    if lang not in LANGS:
        raise Refused(N_("Choose one of the languages"), "lang")
    known = addresses.read(address.strip(), is_inside_open=settings().demo)
    if session.scalars(sa.select(sa.func.count()).select_from(TeamChannel)).one() >= MOST:
        raise Refused(N_("There are ten chats already: remove one first"))
    closed = sealing.sealed(address.strip())
    made = TeamChannel(name=called, service=known.service, address=closed, lang=lang, created_at=clock.now())
    session.add(made)
    session.flush()
    audit.record(session, actor, "create", "channel", made.id, service=known.service)
    return made


def try_out(session: Session, actor: Actor, channel: TeamChannel) -> None:
    """One notice within a minute; how it ended stands on the page."""
    roles.require_administrator(actor)
    now = clock.now()
    waits = sa.select(col(ChannelNote.id)).where(
        col(ChannelNote.channel_id) == channel.id, col(ChannelNote.kind) == TRIAL, col(ChannelNote.ended_at).is_(None)
    )
    if session.scalars(waits.limit(1)).first():
        raise Refused(N_("A trial is on its way already"))
    period = now.isoformat(timespec="microseconds")
    session.add(ChannelNote(channel_id=channel.id, kind=TRIAL, period=period, due_at=now, created_at=now))
    audit.record(session, actor, "try", "channel", channel.id)


def remove(session: Session, actor: Actor, channel: TeamChannel) -> None:
    """With its address and all that it was told."""
    roles.require_administrator(actor)
    session.execute(sa.delete(ChannelNote).where(col(ChannelNote.channel_id) == channel.id))
    session.execute(sa.delete(TeamChannel).where(col(TeamChannel.id) == channel.id))
    audit.record(session, actor, "remove", "channel", channel.id)
