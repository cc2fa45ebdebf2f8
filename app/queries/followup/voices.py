"""What a proposer's key opens, what is public of the action it asks about, and what proposers said of it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import keys, on_behalf
from app.domain.errors import Gone, NotFound
from app.domain.messages import Message
from app.domain.on_behalf import CameBy
from app.domain.permissions import Viewer
from app.domain.workflow import Evidence, State, Verb
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.proposers import Proposer, Voice, VoiceLink
from app.models.recommendations import Recommendation
from app.models.updates import Update, Via
from app.queries.scope import locks

_SHOWN = 20
_SPOKEN = frozenset({Verb.CONFIRM, Verb.DISPUTE})


class Answered(Gone):
    """They have answered already: once for each verification."""


@dataclass(frozen=True)
class VoiceKey:
    """A living key: this proposer is asked about this verification of a public action."""

    action: Action
    recommendation: Recommendation
    proposer: Proposer
    verification_id: int

    @property
    def viewer(self) -> Viewer:
        return Viewer(None, lang=self.proposer.locale, proposes_id=self.recommendation.id)


@dataclass(frozen=True)
class Told:
    """What is public of what was done: words in their order, documents by name and place."""

    words: list[tuple[dt.datetime, str]]
    documents: list[tuple[str, str]]


@dataclass(frozen=True)
class Heard:
    """What a proposer said of an action, for the workspace."""

    name: str
    at: dt.datetime
    verb: Verb
    summary: str
    via: Via
    came_by: CameBy | None
    came_on: dt.date | None

    @property
    def came(self) -> Message | None:
        return on_behalf.told(self.came_by, self.came_on) if self.via is Via.ON_BEHALF else None


@dataclass(frozen=True)
class Voices:
    """What proposers said of an action, and who of them has said nothing of its verification."""

    heard: list[Heard]
    silent: list[Proposer]


NO_VOICES = Voices([], [])


def opened(session: Session, token: str, *, lock: bool = False) -> VoiceKey:
    """What the key opens. Raises NotFound, Answered or Gone; with `lock` recommendation and action stay as they are."""
    link = _link(session, token)
    action = session.get_one(Action, link.action_id)
    if lock:
        locks.hold_parent(session, action)
        locks.take(session, action)
        session.refresh(link)
    if answer(session, link.proposer_id, link.verification_id) is not None:
        raise Answered
    proposer = session.get_one(Proposer, link.proposer_id)
    is_asked = verification(session, action) == link.verification_id and action.is_public
    if link.revoked_at or link.expires_at <= clock.now() or proposer.removed_at or not is_asked:
        raise Gone
    parent = session.get_one(Recommendation, action.recommendation_id)
    return VoiceKey(action, parent, proposer, link.verification_id)


def receipt(session: Session, token: str) -> tuple[Update, Action]:
    """What was said with the key; nothing of it is shown once the action is no longer public."""
    link = _link(session, token)
    action, update = session.get_one(Action, link.action_id), answer(session, link.proposer_id, link.verification_id)
    if update is None or not action.is_public:
        raise Gone
    return update, action


def answer(session: Session, proposer_id: int, verification_id: int) -> Update | None:
    query = sa.select(Update).join(Voice, col(Voice.update_id) == col(Update.id))
    this = (col(Voice.proposer_id) == proposer_id, col(Voice.verification_id) == verification_id)
    return session.scalars(query.where(*this)).first()


def verification(session: Session, action: Action) -> int | None:
    """The act that verified it, while it is verified."""
    if action.state is not State.VERIFIED:
        return None
    acts = sa.select(sa.func.max(col(Update.id))).where(
        col(Update.action_id) == action.id, col(Update.verb) == Verb.VERIFY
    )
    return session.scalars(acts).one()


def told(session: Session, action_id: int) -> Told:
    """Released words of those who owe it, and released documents: not a byte more than its public page."""
    words = (
        sa.select(col(Update.at), col(Update.public_summary))
        .where(col(Update.action_id) == action_id, col(Update.released_at).is_not(None))
        .where(col(Update.public_summary) != "", col(Update.verb).not_in(sorted(_SPOKEN)))
        .order_by(col(Update.at).desc(), col(Update.id).desc())
        .limit(_SHOWN)
    )
    documents = (
        sa.select(col(EvidenceItem.title), col(EvidenceItem.location))
        .where(col(EvidenceItem.action_id) == action_id, col(EvidenceItem.released_at).is_not(None))
        .order_by(col(EvidenceItem.id))
        .limit(_SHOWN)
    )
    said = [(at, summary) for at, summary in session.execute(words)]
    return Told(said[::-1], [(title, location) for title, location in session.execute(documents)])


def heard(session: Session, action: Action) -> list[Heard]:
    """In the order of time, whoever said it."""
    query = (
        sa.select(
            col(Proposer.name),
            col(Update.at),
            col(Update.verb),
            col(Update.public_summary),
            col(Update.via),
            col(Update.came_by),
            col(Update.came_on),
        )
        .join(Voice, col(Voice.update_id) == col(Update.id))
        .join(Proposer, col(Proposer.id) == col(Voice.proposer_id))
        .where(col(Update.action_id) == action.id)
        .order_by(col(Update.id))
    )
    return [Heard(*row) for row in session.execute(query)]


def recorders(session: Session, action: Action) -> set[int]:
    """Who wrote down a dispute of the verification in force for somebody else."""
    if action.evidence is not Evidence.DISPUTED:
        return set()
    query = (
        sa.select(col(Update.person_id))
        .join(Voice, col(Voice.update_id) == col(Update.id))
        .where(col(Voice.verification_id) == verification(session, action), col(Update.verb) == Verb.DISPUTE)
    )
    return {one for one in session.scalars(query) if one is not None}


def silent(session: Session, action: Action) -> list[Proposer]:
    """Who proposed it and has not yet said anything of the verification in force."""
    verification_id = verification(session, action)
    if verification_id is None:
        return []
    spoken = set(
        session.scalars(sa.select(col(Voice.proposer_id)).where(col(Voice.verification_id) == verification_id))
    )
    return [one for one in proposers(session, action.recommendation_id) if one.id not in spoken]


def proposers(session: Session, recommendation_id: int) -> list[Proposer]:
    query = sa.select(Proposer).where(
        col(Proposer.recommendation_id) == recommendation_id, col(Proposer.removed_at).is_(None)
    )
    return list(session.scalars(query.order_by(col(Proposer.id))))


def proposer(session: Session, recommendation_id: int, proposer_id: int) -> Proposer:
    """One of a recommendation; raises NotFound for any other, and for one that was removed."""
    found = session.get(Proposer, proposer_id)
    if found is None or found.recommendation_id != recommendation_id or found.removed_at:
        raise NotFound
    return found


def _link(session: Session, token: str) -> VoiceLink:
    link = session.scalars(sa.select(VoiceLink).where(col(VoiceLink.token_hash) == keys.hashed(token))).first()
    if link is None:
        raise NotFound
    return link
