"""What a post said by letter, phone, mail or in a meeting, recorded by the secretariat: it counts as its own act."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.answers import SAID_OF_PART
from app.domain.errors import Problems, Refused
from app.domain.messages import N_
from app.domain.on_behalf import RECORDABLE, CameBy, Received
from app.domain.permissions import ActionFacts
from app.domain.workflow import ASKS_AGAIN, Verb
from app.models.actions import Action
from app.models.updates import Update, Via
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.services.followup import evidence, parts, updates
from app.services.followup.answers import Obstacle
from app.services.followup.evidence import Document
from app.services.followup.transitions import NO_WORDS, Words, require_secretariat
from app.services.kernel import outbox
from app.services.kernel.audit import Actor


@dataclass(frozen=True)
class Arrival:
    """Of which post it is, how it came and when, as it was typed."""

    post_id: int | None = None
    came_by: CameBy | None = None
    came_on: dt.date | None = None


@dataclass(frozen=True)
class Said:
    """What was said."""

    verb: Verb | None = None
    words: Words = NO_WORDS
    obstacle: Obstacle = field(default_factory=Obstacle)
    document: Document = field(default_factory=Document)


def record(session: Session, actor: Actor, action: Action, arrival: Arrival, said: Said) -> Update:
    """Carry it out as if the post had said it here, on the day it came; whoever holds the post hears of it."""
    require_secretariat(actor, action.programme_id)
    received, post_id = _received(session, action, arrival, said), arrival.post_id or 0
    update = _carry_out(session, _standing_for(actor, received, post_id), action, said)
    if (holder := recipients.holder(session, post_id)) not in (None, actor.person_id):
        about, period = ("action", action.id), f"u{update.id}"
        outbox.enqueue(
            session, "recorded_on_behalf", holder or 0, period, about=about,
            update_id=update.id, post_id=post_id,
        )  # fmt: skip
    return update


def _standing_for(actor: Actor, received: Received, post_id: int) -> Actor:
    """The same person with nothing but the rights of that post, so that no verb goes further than its holder could."""
    post = frozenset({post_id})
    viewer = replace(actor.viewer, grants=frozenset(), post_ids=post, organisation_ids_managed=frozenset())
    return Actor(viewer, Via.ON_BEHALF, received)


def _carry_out(session: Session, post: Actor, action: Action, said: Said) -> Update:
    """The same services that the holder would have called; of a supporting post for its part."""
    if parts.is_of_part(session, post, action) and said.verb:
        return parts.say(session, post, action, SAID_OF_PART[said.verb], words=said.words, document=said.document)
    if said.verb is Verb.SUBMIT:
        return updates.submit(session, post, action, words=said.words, document=said.document)
    update = _words(session, post, action, said)
    if said.document.name:
        evidence.add(session, post, action, said.document, update)
    return update


def _words(session: Session, post: Actor, action: Action, said: Said) -> Update:
    words, obstacle = said.words, said.obstacle
    if said.verb is Verb.ACKNOWLEDGE:
        return updates.acknowledge(session, post, action, words=words)
    if said.verb is Verb.DECLINE:
        return updates.decline(session, post, action, reason=words.note, public_summary=words.public_summary)
    if said.verb is Verb.BLOCK:
        reason, unblocker = obstacle.reason, obstacle.who_can_unblock
        return updates.block(session, post, action, block_reason=reason, who_can_unblock=unblocker, words=words)
    if said.verb is Verb.UNBLOCK:
        return updates.unblock(session, post, action, words=words)
    if said.verb is Verb.ON_TRACK:
        return updates.on_track(session, post, action, words=words)
    return updates.report(session, post, action, words=words)


def _received(session: Session, action: Action, arrival: Arrival, said: Said) -> Received:
    """The arrival, if it holds; raises with everything that is missing or can't be."""
    wrong = [
        *_wrong_words(facts(session, action), arrival, said),
        *_wrong_day(session, action, arrival),
    ]
    if len(wrong) == 1:
        raise wrong[0]
    if wrong or arrival.post_id is None or arrival.came_by is None or arrival.came_on is None:
        raise Problems(wrong)
    return Received(arrival.post_id, arrival.came_by, arrival.came_on)


def _wrong_words(about: ActionFacts, arrival: Arrival, said: Said) -> Iterator[Refused]:
    if said.verb not in RECORDABLE:
        yield Refused(N_("Choose what was said"), "said")
    if arrival.post_id is None or arrival.post_id not in {about.owner_post_id, *about.supporting_post_ids}:
        yield Refused(N_("Choose the post whose word it is"), "post_id")
    elif arrival.post_id != about.owner_post_id and said.verb and said.verb not in SAID_OF_PART:
        yield Refused(N_("Only the post that owns the action can say this"), "post_id")
    if arrival.came_by is None:
        yield Refused(N_("Say how it came"), "came_by")
    if arrival.came_by is CameBy.LETTER and not said.document.name:
        yield Refused(N_("Name the letter"), "evidence_title")


def _wrong_day(session: Session, action: Action, arrival: Arrival) -> Iterator[Refused]:
    came_on = arrival.came_on
    if came_on is None:
        yield Refused(N_("Give the day on which it came"), "came_on")
    elif came_on > clock.today(settings().zone):
        yield Refused(N_("This day has not come yet: give the day on which it came"), "came_on")
    elif (asked_on := _asked_on(session, action, arrival.post_id)) and came_on < asked_on:
        yield Refused(N_("The post was asked on %(day)s: its word can't be older"), "came_on", day=asked_on)


def _asked_on(session: Session, action: Action, post_id: int | None) -> dt.date | None:
    """Since when word is owed: the assignment, or the last return or reopening; of a part, since it was asked for."""
    if post_id != action.owner_post_id:
        asked = [part.asked_at for part in parts.of(session, action.id) if part.post_id == post_id]
        return clock.day(min((at for at in asked if at), default=None), settings().zone)
    again = sa.select(sa.func.max(col(Update.at))).where(
        col(Update.action_id) == action.id, col(Update.verb).in_(sorted(ASKS_AGAIN))
    )
    known = [at for at in (action.assigned_at, session.scalars(again).one()) if at]
    return clock.day(max(known), settings().zone) if known else None
