"""Replies to reminders: words that wait for their writer, who makes them a note by one tap, or throws them away.

A reply never changes a state, and nobody is answered who has not proven who they are: a forged sender hears nothing.
"""

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.answers import Answer
from app.domain.errors import NotAllowed, Refused
from app.domain.messages import N_
from app.domain.permissions import Viewer
from app.domain.replies import ReplyState, language
from app.domain.workflow import OPEN
from app.mail.inbound import automatic, senders, written
from app.mail.inbound.mime import InboundMail
from app.mail.inbound.outcomes import TakenAs
from app.models.actions import Action
from app.models.people import Person, Post
from app.models.replies import PendingReply, ReplyLine
from app.models.updates import Update, Via
from app.queries.followup import replies as waiting
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.services.followup import answers
from app.services.followup.transitions import Words
from app.services.kernel import audit, outbox
from app.services.kernel.audit import SERVICE, Actor

LIFE = dt.timedelta(days=14)
_MOST_WAITING = 5  # of one person: more is a loop, or somebody's joke
_GONE = N_("This reply waits no more")


def take(session: Session, mail: InboundMail, message_id: int, digest: str) -> TakenAs:
    """`digest`: of all of its bytes, by which it is known when it is brought twice."""
    if not settings().reply_address:
        return TakenAs.OFF
    if automatic.is_automatic(mail):
        return TakenAs.AUTOMATIC
    line = session.get(ReplyLine, message_id)
    if line is None:
        return TakenAs.UNKNOWN
    refused = _not_theirs(session, mail, line)
    if refused:
        return refused
    text = written.own_words(mail)
    if not text:
        return TakenAs.EMPTY
    return _waits(session, line, text, digest)


def confirm(session: Session, actor: Actor, action: Action, reply_id: int) -> Update:
    """It becomes a note of the post that the mail went to; it came by mail, so its words wait for their release.

    Whatever the door at which it is confirmed.
    """
    reply = _own(session, actor.viewer, action, reply_id)
    words = Words(note=reply.text, public_summary=reply.text, lang=reply.lang)
    for_post = replace(actor, via=Via.MAIL_LINK, viewer=replace(actor.viewer, post_ids=frozenset({reply.post_id})))
    update = answers.give(session, for_post, action, Answer.REPORT, words=words)
    _settle(reply, ReplyState.CONFIRMED)
    reply.update_id = update.id
    audit.record(session, actor, "confirm", "reply", reply.id, action.programme_id)
    return update


def discard(session: Session, actor: Actor, action: Action, reply_id: int) -> None:
    reply = _own(session, actor.viewer, action, reply_id)
    _settle(reply, ReplyState.DISCARDED)
    audit.record(session, actor, "discard", "reply", reply.id, action.programme_id)


def expire(session: Session, now: dt.datetime) -> int:
    """What nobody confirmed is forgotten; how many there were."""
    query = sa.select(PendingReply).where(
        col(PendingReply.state) == ReplyState.WAITING, col(PendingReply.expires_at) <= now
    )
    ended = session.scalars(query.with_for_update()).all()
    for reply in ended:
        _settle(reply, ReplyState.EXPIRED)
        audit.record(session, SERVICE, "expire", "reply", reply.id)
    session.execute(sa.delete(ReplyLine).where(col(ReplyLine.expires_at) <= now - LIFE))
    return len(ended)


def _not_theirs(session: Session, mail: InboundMail, line: ReplyLine) -> TakenAs | None:
    """Why it is not taken as the word of whoever got the mail."""
    person, post = session.get_one(Person, line.person_id), session.get_one(Post, line.post_id)
    own = {person.email.lower(), (post.mailbox or person.email).lower()}
    if senders.writer(mail) not in own:
        return TakenAs.FOREIGN
    if not senders.is_proven(mail, settings().authserv_id):
        return TakenAs.UNPROVEN
    if line.expires_at <= clock.now():
        return TakenAs.LATE
    action = session.get_one(Action, line.action_id)
    concerned = facts(session, action)
    is_theirs = line.post_id in {concerned.owner_post_id, *concerned.supporting_post_ids}
    is_seated = recipients.is_seated(session, line.post_id, person.id)
    return None if action.state in OPEN and is_theirs and is_seated else TakenAs.MOVED_ON


def _waits(session: Session, line: ReplyLine, text: str, digest: str) -> TakenAs:
    session.get_one(Person, line.person_id, with_for_update=True)  # one reply after the other
    if session.scalars(sa.select(col(PendingReply.id)).where(col(PendingReply.digest) == digest)).first():
        return TakenAs.KNOWN
    others = sa.select(sa.func.count()).where(
        col(PendingReply.person_id) == line.person_id, col(PendingReply.state) == ReplyState.WAITING
    )
    if session.scalars(others).one() >= _MOST_WAITING:
        return TakenAs.TOO_MANY
    now, person = clock.now(), session.get_one(Person, line.person_id)
    reply = PendingReply(
        **line.model_dump(exclude={"expires_at"}),
        digest=digest,
        text=text,
        lang=language(text, person.locale),
        received_at=now,
        expires_at=now + LIFE,
    )
    session.add(reply)
    session.flush()
    audit.record(session, SERVICE, "receive", "reply", reply.id, session.get_one(Action, line.action_id).programme_id)
    about = "action", line.action_id
    outbox.enqueue(session, "reply_waiting", line.person_id, f"r{reply.id}", about=about, reply_id=reply.id)
    return TakenAs.WAITING


def _own(session: Session, viewer: Viewer, action: Action, reply_id: int) -> PendingReply:
    """Locked. Raises Refused for one that is settled, and for another's; NotAllowed for whoever owes nothing of it."""
    concerned = facts(session, action)
    if viewer.post_ids.isdisjoint({concerned.owner_post_id, *concerned.supporting_post_ids}):
        raise NotAllowed
    query = sa.select(PendingReply).where(
        col(PendingReply.id) == reply_id,
        col(PendingReply.action_id) == action.id,
        *waiting.of(viewer, clock.now()),
    )
    found = session.scalars(query.with_for_update()).first()
    if found is None:
        raise Refused(_GONE)
    return found


def _settle(reply: PendingReply, state: ReplyState) -> None:
    """Its words are in the note now, or nowhere."""
    reply.state, reply.ended_at, reply.text = state, clock.now(), ""
