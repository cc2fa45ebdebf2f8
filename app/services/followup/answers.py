"""The three answers of a holder, wherever given; the keys that a receipt shows, and a fresh one for an old one."""

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
from app.queries.followup import receipts
from app.queries.followup.actions import facts
from app.queries.followup.update_keys import OpenedKey
from app.queries.mailing import recipients
from app.services.followup import evidence, parts, questions, updates
from app.services.followup.evidence import Document
from app.services.followup.transitions import NO_WORDS, Words
from app.services.kernel import limits, outbox, update_links
from app.services.kernel.audit import Actor
from app.services.kernel.limits import Limit
from app.services.kernel.update_links import Bound

_RECEIPT_DAY = dt.timedelta(days=1)  # that a key shown by a receipt lives
_RENEWALS = Limit("renewal", 3, dt.timedelta(days=1))


@dataclass(frozen=True)
class Obstacle:
    reason: BlockReason | None = None
    who_can_unblock: str = ""


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
    """Carry an answer out, with the document that came with it; that of a supporting post is of its part."""
    if parts.is_of_part(session, actor, action):
        return parts.answer(session, actor, action, answer, words=words, document=document)
    if answer is None:
        permissions.require(actor.viewer, facts(session, action), Verb.REPORT)
        raise Refused(N_("Choose one answer: on track, blocked or done"), "s")
    verb = answers.verb(answer, action.state)
    if verb == Verb.SUBMIT:
        return updates.submit(session, actor, action, words=words, document=document)
    update = _said(session, actor, action, verb, words, obstacle)
    if document.name:
        evidence.add(session, actor, action, document, update)
    return update


def _said(session: Session, actor: Actor, action: Action, verb: Verb, words: Words, obstacle: Obstacle) -> Update:
    if verb == Verb.ON_TRACK:
        return updates.on_track(session, actor, action, words=words)
    if verb == Verb.REPORT:
        return updates.report(session, actor, action, words=words)
    reason, unblocker = obstacle.reason, obstacle.who_can_unblock
    return updates.block(session, actor, action, block_reason=reason, who_can_unblock=unblocker, words=words)


def acknowledge(session: Session, actor: Actor, action: Action) -> Update:
    """Receipt of the action, or of the part of it that a supporting post has."""
    if parts.is_of_part(session, actor, action):
        return parts.acknowledge(session, actor, action)
    return updates.acknowledge(session, actor, action)


def open_others(session: Session, token: str, key: OpenedKey, update: Update) -> None:
    """For a day, and never longer than the key that was answered: one that was forwarded opens nothing for longer."""
    until = min(key.expires_at, clock.now() + _RECEIPT_DAY)
    rows = [
        update_links.kept(receipts.key_to(token, update.id, other.id), _bound(key, other.id), until)
        for other in receipts.others(session, key)
    ]
    update_links.keep(session, rows)


def _bound(key: OpenedKey, action_id: int) -> Bound:
    return Bound(key.viewer.person_id or 0, key.post_id, action_id)


def may_renew(session: Session, link: UpdateLink, client: str) -> bool:
    """Whether asking once more could bring a mail; counts nothing."""
    return all(limits.allows(session, _RENEWALS, subject) for subject in (_network(client), f"link {link.id}"))


def renew(session: Session, link: UpdateLink, client: str) -> None:
    """Mail a fresh key to whoever holds the post of an old one, a few times a day; whoever asks learns nothing."""
    network = limits.spend(session, _RENEWALS, _network(client))
    if limits.spend(session, _RENEWALS, f"link {link.id}") and network:
        period = f"l{link.id}-{clock.today(settings().zone)}"
        (questions.ask_again if link.question_id else _mail_another)(session, link, period)


def _mail_another(session: Session, link: UpdateLink, period: str) -> None:
    action, holder = session.get_one(Action, link.action_id), recipients.holder(session, link.post_id)
    if holder is None:
        return
    concerned = facts(session, action)
    if action.state in OPEN and link.post_id in {concerned.owner_post_id, *concerned.supporting_post_ids}:
        outbox.enqueue(
            session, "link_renewed", holder, period, about=("action", action.id), post_id=link.post_id,
            milestone_id=link.milestone_id,
        )  # fmt: skip


def _network(client: str) -> str:
    return f"network {limits.network(client)}"
