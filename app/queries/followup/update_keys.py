"""What the key in a mail opens: one action, or one milestone of it, as the one post that got the mail; nothing else."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple, NoReturn

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import keys, permissions, workflow
from app.domain.errors import Gone, NotFound
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.domain.workflow import TERMINAL, Verb
from app.models.actions import Action, ActionSupport, Milestone
from app.models.base import table_of
from app.models.notifications import Purpose, UpdateLink
from app.models.people import Holding, Organisation, Person, Post
from app.models.updates import Update
from app.queries.followup import evidence_files
from app.queries.followup.actions import JUDGED, Judged, facts
from app.queries.scope import locks
from app.queries.scope.seats import SEATED
from app.statements import Statement


class Expired(Gone):
    """It lived as long as it was meant to; whoever holds the post may ask for another."""


@dataclass(frozen=True)
class OpenedKey:
    """`viewer` holds the key's post alone: deciding, verifying and publishing need a sign-in."""

    action: Action
    post: Titles
    organisation: Titles
    viewer: Viewer
    post_id: int
    created_at: dt.datetime
    expires_at: dt.datetime
    milestone: Milestone | None = None

    @property
    def is_owners(self) -> bool:
        return self.action.owner_post_id == self.post_id


class _Link(NamedTuple):
    """The row of a key, and the language of whoever it was mailed to."""

    person_id: int
    post_id: int
    milestone_id: int | None
    purpose: Purpose
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None
    locale: str

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.person_id, post_ids=frozenset({self.post_id}), lang=self.locale)


def find(session: Session, token: str) -> UpdateLink:
    """The link of a key, dead or alive; raises NotFound for one that never was."""
    link: UpdateLink | None = session.scalars(_FIND, {"hash": keys.hashed(token)}).first()
    if link is None:
        raise NotFound
    return link


def of_action(session: Session, token: str, *, lock: bool = False) -> OpenedKey:
    """What a key opens that is about a whole action; a milestone's leads to the milestone alone."""
    key = opened(session, token, lock=lock)
    if key.milestone is not None:
        raise NotFound
    return key


def of_milestone(
    session: Session, token: str, milestone_id: int | None = None, *, lock: bool = False
) -> tuple[OpenedKey, Milestone]:
    """What a key opens that is about one milestone: its own, or the one asked for of those of the owner's action."""
    key = opened(session, token, lock=lock)
    if key.milestone is None and milestone_id is not None and key.is_owners:
        key = replace(key, milestone=_milestone(session, milestone_id, key.action.id))
    if key.milestone is None or milestone_id not in {None, key.milestone.id}:
        raise NotFound
    return key, key.milestone


def behind(session: Session, key: OpenedKey, update_id: int) -> OpenedKey:
    """The key as it opened what was answered by it: of an action's, perhaps one of its milestones."""
    update = session.get(Update, update_id)
    if key.milestone is not None or update is None or update.action_id != key.action.id or not update.milestone_id:
        return key
    return replace(key, milestone=_milestone(session, update.milestone_id, key.action.id))


def opened(session: Session, token: str, *, lock: bool = False) -> OpenedKey:
    """What a living key opens. Raises Gone when it was revoked, the action is closed or the post is another's now.

    With `lock` the action stays as it is; whether the act is theirs is for the service to judge, by what stands then.
    """
    given: dict[str, object] = {"hash": keys.hashed(token)}
    if lock:
        locks.parents(session, _above, given)
    found = session.execute(_what_it_opens(lock=lock), given, execution_options=locks.FRESH if lock else {}).first()
    action, post, organisation, *row = found or _nothing(session, token)
    link = _Link(*row)
    if not lock:
        _require_part(session, link, action)
    _require_living(link, action)
    milestone = _milestone(session, link.milestone_id, action.id) if link.milestone_id else None
    return OpenedKey(action, post, organisation, link.viewer, link.post_id, link.created_at, link.expires_at, milestone)


def _milestone(session: Session, milestone_id: int, action_id: int) -> Milestone:
    """As it stands now: whoever locked its action changes it."""
    query = sa.select(Milestone).where(col(Milestone.id) == milestone_id, col(Milestone.action_id) == action_id)
    found: Milestone | None = session.scalars(query, execution_options=locks.FRESH).first()
    if found is None:
        raise NotFound
    return found


def require(session: Session, token: str) -> None:
    """Raises what `opened` would, and reads no more than that takes."""
    row = _WHETHER_IT_OPENS.first(session, {"hash": keys.hashed(token)}) or _nothing(session, token)
    link, action = _Link(*row[: len(_LINK)]), Judged(*row[len(_LINK) :])
    _require_part(session, link, action)
    _require_living(link, action)


def _nothing(session: Session, token: str) -> NoReturn:
    find(session, token)
    raise Gone


def _require_part(session: Session, link: _Link, action: Action | Judged) -> None:
    if not permissions.parts(link.viewer, facts(session, action)):
        raise Gone


def _require_living(link: _Link, action: Action | Judged) -> None:
    if link.revoked_at is not None or link.purpose == Purpose.EXTEND or action.state in TERMINAL:
        raise Gone
    if link.expires_at <= clock.now():
        raise Expired


def possible(session: Session, key: OpenedKey) -> frozenset[Verb]:
    """What may be done now by whoever has the key."""
    return workflow.possible(key.action.state, permissions.parts(key.viewer, facts(session, key.action)))


_LINKS, _ACTIONS, _POSTS, _BODIES, _HOLDINGS, _PEOPLE = (
    table_of(model) for model in (UpdateLink, Action, Post, Organisation, Holding, Person)
)
_LINK = (*(_LINKS.c[name] for name in _Link._fields[:-1]), _PEOPLE.c.locale)
_THIS = _LINKS.c.token_hash == sa.bindparam("hash")
_FIND: Any = sa.select(UpdateLink).where(_THIS)
_NOW_HELD = (
    # The key to a question opens that question alone (`question_keys`).
    _LINKS.join(_ACTIONS, sa.and_(_ACTIONS.c.id == _LINKS.c.action_id, _LINKS.c.question_id.is_(None)))
    .join(_POSTS, _POSTS.c.id == _LINKS.c.post_id)
    .join(_BODIES, _BODIES.c.id == _POSTS.c.organisation_id)
    .join(_HOLDINGS, sa.and_(_HOLDINGS.c.post_id == _POSTS.c.id, SEATED))
    .join(_PEOPLE, sa.and_(_PEOPLE.c.id == _HOLDINGS.c.person_id, _PEOPLE.c.id == _LINKS.c.person_id))
)
_WHETHER_IT_OPENS = Statement(sa.select(*_LINK, *JUDGED).select_from(_NOW_HELD).where(_THIS, _PEOPLE.c.is_active))


@cache
def _above() -> Any:
    return locks.above(sa.select(_ACTIONS.c.id).select_from(_NOW_HELD).where(_THIS))


@cache
def _what_it_opens(*, lock: bool) -> Any:
    query = sa.select(Action, _POSTS.c.titles, _BODIES.c.titles, *_LINK).select_from(_NOW_HELD)
    query = query.where(_THIS, _PEOPLE.c.is_active)
    return query.with_for_update(of=Action, **locks.ROW) if lock else query


def part_due_on(session: Session, key: OpenedKey) -> dt.date | None:
    """The date of the part, for a post that supports the action; the action has its own."""
    found = part(session, key)
    return found.due_on if found else None


def part(session: Session, key: OpenedKey) -> ActionSupport | None:
    """The part of a post that supports the action; None for the post that owns it."""
    query = sa.select(ActionSupport).where(
        col(ActionSupport.action_id) == key.action.id, col(ActionSupport.post_id) == key.post_id
    )
    return None if key.is_owners else session.scalars(query.limit(1)).first()


def needs_evidence(session: Session, action: Action) -> bool:
    """Whether "done" will ask for a document."""
    return action.is_priority and not evidence_files.is_shown(session, action.id)
