"""What a proposer says of a verified action, by the mailed key or on paper, and what the secretariat answers to it."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.on_behalf import CameBy, Received
from app.domain.workflow import Evidence, Verb
from app.models.actions import Action
from app.models.proposers import Proposer, Voice
from app.models.updates import Update, Via
from app.queries.followup import voices
from app.queries.followup.voices import VoiceKey
from app.services.followup.transitions import NO_WORDS, Words, carry_out, require_secretariat
from app.services.kernel import proposer_news
from app.services.kernel.audit import Actor

RECORDED = N_("You recorded what the proposer said: somebody else decides that it is not upheld")


def answer(session: Session, key: VoiceKey, *, is_so: bool | None, text: str = "", lang: str = "") -> Update:
    """By the key in a mail, once; its words wait for their release as the programme's policy says."""
    if is_so is None:
        raise Refused(N_("Choose one answer: it is so in practice, or it is not"), "is_so")
    actor = Actor(key.viewer, Via.MAIL_LINK)
    answered = _Answered(key.proposer, is_so, Words(public_summary=text, lang=lang))
    return _say(session, actor, key.action, answered)


@dataclass(frozen=True)
class Spoken:
    """What a form says of a word that did not come by the key."""

    proposer_id: int | None
    is_so: bool | None
    came_by: CameBy | None
    came_on: dt.date | None
    words: Words = NO_WORDS


def record(session: Session, actor: Actor, action: Action, said: Spoken) -> Update:
    """What a proposer said by letter, on the phone or in a meeting: written down by the secretariat, in their words."""
    require_secretariat(actor, action.programme_id)
    if said.proposer_id is None:
        raise Refused(N_("Choose who said it"), "proposer_id")
    if said.is_so is None:
        raise Refused(N_("Choose one answer: it is so in practice, or it is not"), "is_so")
    received = _received(action, said)
    proposer = voices.proposer(session, action.recommendation_id, said.proposer_id)
    on_paper = Actor(actor.viewer, Via.ON_BEHALF, received)
    answered = _Answered(proposer, said.is_so, said.words)
    return _say(session, on_paper, action, answered)


def _received(action: Action, said: Spoken) -> Received:
    """How it came, and when: not before what it is about was verified."""
    if said.came_by is None:
        raise Refused(N_("Say how it came"), "came_by")
    if said.came_on is None:
        raise Refused(N_("Give the day on which it came"), "came_on")
    if said.came_on > clock.today(settings().zone):
        raise Refused(N_("This day has not come yet: give the day on which it came"), "came_on")
    verified_on = action.verified_at and clock.day(action.verified_at, settings().zone)
    if verified_on and said.came_on < verified_on:
        raise Refused(N_("It was verified on %(day)s: what is said of it can't be older"), "came_on", day=verified_on)
    return Received(None, said.came_by, said.came_on)


def not_uphold(session: Session, actor: Actor, action: Action, *, words: Words, version: int | None = None) -> Update:
    """It is verified again, with a public reason; the dispute stays listed beside it. Upheld, it is reopened."""

    def check() -> None:
        if action.evidence is not Evidence.DISPUTED:
            raise Refused(N_("Nobody disputes it any more"))
        if actor.person_id in voices.recorders(session, action):
            raise Refused(RECORDED)

    def verified(item: Action) -> None:
        item.evidence = Evidence.VERIFIED

    update = carry_out(
        session, actor, action, Verb.NOT_UPHELD, words=words, check=check, change=verified,
        version=version,
    )  # fmt: skip
    proposer_news.tell(session, action)
    return update


@dataclass(frozen=True)
class _Answered:
    proposer: Proposer
    is_so: bool
    words: Words


def _say(session: Session, actor: Actor, action: Action, said: _Answered) -> Update:
    verification_id = voices.verification(session, action)

    def check() -> None:
        if voices.answer(session, said.proposer.id, verification_id or 0) is not None:
            raise Refused(N_("They have answered already: once for each verification"))

    def contested(item: Action) -> None:
        item.evidence = item.evidence if said.is_so else Evidence.DISPUTED

    verb = Verb.CONFIRM if said.is_so else Verb.DISPUTE
    about = {"proposer_id": said.proposer.id}
    update = carry_out(session, actor, action, verb, words=said.words, check=check, change=contested, data=about)
    session.add(Voice(proposer_id=said.proposer.id, verification_id=verification_id or 0, update_id=update.id))
    session.flush()
    return update
