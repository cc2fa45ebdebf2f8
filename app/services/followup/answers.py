"""The three answers of a holder, wherever they are given, and what to do for a key that has grown old."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import answers, permissions
from app.domain.answers import Answer
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.workflow import OPEN, BlockReason, Verb
from app.models.actions import Action
from app.models.notifications import UpdateLink
from app.models.updates import Update
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.services.followup import updates
from app.services.followup.transitions import NO_WORDS, Words
from app.services.kernel import limits, outbox
from app.services.kernel.audit import Actor
from app.services.kernel.limits import Limit

_RENEWALS = Limit("renewal", 3, dt.timedelta(days=1))


@dataclass(frozen=True)
class Obstacle:
    reason: BlockReason | None = None
    who_can_unblock: str = ""


@dataclass(frozen=True)
class Document:
    title: str = ""
    location: str = ""


def give(
    session: Session,
    actor: Actor,
    action: Action,
    answer: Answer | None,
    *,
    words: Words = NO_WORDS,
    obstacle: Obstacle = Obstacle(),
    document: Document = Document(),
) -> Update:
    """Carry an answer out."""
    if answer is None:
        permissions.require(actor.viewer, facts(session, action), Verb.REPORT)
        raise Refused(N_("Choose one answer: on track, blocked or done"), "s")
    verb = answers.verb(answer, action.state)
    if verb == Verb.SUBMIT:
        return updates.submit(
            session, actor, action, words=words, evidence_title=document.title, evidence_location=document.location
        )
    if verb == Verb.ON_TRACK:
        return updates.on_track(session, actor, action, words=words)
    if verb == Verb.REPORT:
        return updates.report(session, actor, action, words=words)
    reason, unblocker = obstacle.reason, obstacle.who_can_unblock
    return updates.block(session, actor, action, block_reason=reason, who_can_unblock=unblocker, words=words)


def may_renew(session: Session, link: UpdateLink, client: str) -> bool:
    """Whether asking once more could bring a mail; counts nothing."""
    return all(limits.allows(session, _RENEWALS, subject) for subject in (_network(client), f"link {link.id}"))


def renew(session: Session, link: UpdateLink, client: str) -> None:
    """Mail a fresh key to whoever holds the post of an old one, a few times a day; whoever asks learns nothing."""
    network = limits.spend(session, _RENEWALS, _network(client))
    action = session.get_one(Action, link.action_id)
    holder = recipients.holder(session, link.post_id)
    if not (limits.spend(session, _RENEWALS, f"link {link.id}") and network and holder):
        return
    if action.state in OPEN and action.owner_post_id == link.post_id:
        today = clock.today(settings().zone)
        outbox.enqueue(session, "link_renewed", holder, f"l{link.id}-{today}", about=("action", link.action_id))


def _network(client: str) -> str:
    return f"network {limits.network(client)}"
