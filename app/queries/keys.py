"""What the key in a mail opens: one action, as the one post that got the mail; nothing else of what the person may."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import permissions, workflow
from app.domain.errors import Gone, NotFound
from app.domain.permissions import ActionFacts, Viewer
from app.domain.titles import Titles
from app.domain.workflow import OPEN, TERMINAL, State, Verb
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.notifications import Purpose, UpdateLink
from app.models.people import Holding, Organisation, Person, Post
from app.models.updates import Update
from app.queries import locks
from app.queries.actions import facts


class Expired(Gone):
    """It lived as long as it was meant to; whoever holds the post may ask for another."""


@dataclass(frozen=True)
class Opened:
    """`viewer` holds the link's post alone: deciding, verifying and publishing need a sign-in."""

    link: UpdateLink
    action: Action
    post: Titles
    organisation: Titles
    viewer: Viewer
    facts: ActionFacts

    @property
    def possible(self) -> frozenset[Verb]:
        return workflow.possible(self.action.state, permissions.parts(self.viewer, self.facts))


@dataclass(frozen=True, slots=True)
class Other:
    ref: str
    titles: Titles
    due_on: dt.date | None


def find(session: Session, token: str) -> UpdateLink:
    """The link of a key, dead or alive; raises NotFound for one that never was."""
    link: UpdateLink | None = session.scalars(_LINK, {"hash": _hashed(token)}).first()
    if link is None:
        raise NotFound
    return link


def opened(session: Session, token: str, *, lock: bool = False) -> Opened:
    """What a living key opens. Raises Gone when it was revoked, the action is closed or the post is another's now."""
    given: dict[str, object] = {"hash": _hashed(token)}
    if lock:
        locks.parents(session, _PARENT, given)
    found = session.execute(_what_it_opens(lock=lock), given, execution_options=locks.FRESH if lock else {}).first()
    if found is None:
        find(session, token)
        raise Gone
    link, action, post, organisation, locale = found
    if link.revoked_at is not None or link.purpose == Purpose.EXTEND:
        raise Gone
    about = facts(session, action)
    viewer = Viewer(link.person_id, post_ids=frozenset({link.post_id}), lang=locale)
    if action.state in TERMINAL or not permissions.parts(viewer, about):
        raise Gone
    if link.expires_at <= clock.now():
        raise Expired
    return Opened(link, action, post, organisation, viewer, about)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_PARENT: Any = (
    sa.select(col(Action.recommendation_id))
    .join(UpdateLink, col(UpdateLink.action_id) == col(Action.id))
    .where(col(UpdateLink.token_hash) == sa.bindparam("hash"))
)
_LINK: Any = sa.select(UpdateLink).where(col(UpdateLink.token_hash) == sa.bindparam("hash"))


@cache
def _what_it_opens(*, lock: bool) -> Any:
    query = (
        sa.select(UpdateLink, Action, col(Post.titles), col(Organisation.titles), col(Person.locale))
        .select_from(UpdateLink)
        .join(Action, col(Action.id) == col(UpdateLink.action_id))
        .join(Post, col(Post.id) == col(UpdateLink.post_id))
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .join(Holding, sa.and_(col(Holding.post_id) == col(Post.id), col(Holding.until_on).is_(None)))
        .join(Person, sa.and_(col(Person.id) == col(Holding.person_id), col(Person.id) == col(UpdateLink.person_id)))
        .where(col(UpdateLink.token_hash) == sa.bindparam("hash"), col(Person.is_active))
    )
    return query.with_for_update(of=Action, **locks.ROW) if lock else query


def receipt(session: Session, key: Opened, update_id: int) -> Update:
    """An act of this person on this action."""
    update = session.get(Update, update_id)
    if update is None or (update.action_id, update.person_id) != (key.link.action_id, key.link.person_id):
        raise NotFound
    return update


def others(session: Session, key: Opened, limit: int = 5) -> list[Other]:
    """The other actions that the same post still owes, the nearest first."""
    query = (
        sa.select(col(Action.ref), col(Action.titles), col(Action.due_on))
        .where(
            col(Action.owner_post_id) == key.link.post_id,
            col(Action.state).in_(OPEN - {State.SUBMITTED, State.DECLINED}),
            col(Action.id) != key.link.action_id,
        )
        .order_by(col(Action.due_on), col(Action.id))
        .limit(limit)
    )
    return [Other(*row) for row in session.execute(query)]


def needs_evidence(session: Session, action: Action) -> bool:
    """Whether "done" will ask for a document."""
    if not action.is_priority:
        return False
    pieces = sa.select(col(EvidenceItem.id)).where(col(EvidenceItem.action_id) == action.id).limit(1)
    return session.scalars(pieces).first() is None
