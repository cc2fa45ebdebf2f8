"""What managers hear of beside what posts owe: which posts there are, who is seated, who asks for more time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.extensions import RequestFacts, may_decide, may_endorse
from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.domain.workflow import Part
from app.models.actions import Action, ActionSupport
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.meetings import Programme
from app.models.people import Holding, Person, Post
from app.queries.mailing.digest_rows import AskedTime
from app.queries.scope.ranges import said
from app.queries.scope.seats import SEATED

_MANAGER = frozenset({Part.MANAGER})


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """More time asked for: about which action, and what decides who may say something to it."""

    action_id: int
    asked: AskedTime
    facts: RequestFacts
    is_endorsed: bool

    def waits_for(self, viewer: Viewer) -> bool:
        return may_decide(viewer, _MANAGER, self.facts) or (
            not self.is_endorsed and may_endorse(viewer, _MANAGER, self.facts)
        )


@dataclass(frozen=True)
class BodyFacts:
    """By organisation its posts in order; by post its words and the open requests; which posts have nobody."""

    posts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[int, Titles] = field(default_factory=dict)
    unheld: frozenset[int] = frozenset()
    requests: dict[int, list[OpenRequest]] = field(default_factory=lambda: defaultdict(list))

    def of(self, bodies: Collection[int]) -> list[int]:
        return [post_id for body in sorted(bodies) for post_id in self.posts[body]]


def facts(session: Session, bodies: Sequence[int]) -> BodyFacts:
    """Two statements, however many organisations; none for none."""
    found = BodyFacts()
    if not bodies:
        return found
    seated = (
        sa.exists()
        .where(col(Holding.post_id) == col(Post.id), SEATED)
        .where(col(Person.id) == col(Holding.person_id), col(Person.is_active))
    )
    columns = (col(Post.organisation_id), col(Post.id), col(Post.titles), seated)
    rows = session.execute(sa.select(*columns).where(col(Post.organisation_id).in_(bodies)).order_by(col(Post.id)))
    unheld = set()
    for body, post_id, titles, is_seated in rows:
        found.posts[body].append(post_id)
        found.titles[post_id] = titles
        if not is_seated:
            unheld.add(post_id)
    return BodyFacts(found.posts, found.titles, frozenset(unheld), _requests(session, bodies))


def _requests(session: Session, bodies: Sequence[int]) -> dict[int, list[OpenRequest]]:
    """By post, whoever has waited longest first."""
    found: dict[int, list[OpenRequest]] = defaultdict(list)
    for row in session.execute(_ASKED.where(col(Post.organisation_id).in_(bodies))):
        found[row.post_id].append(_request(row))
    return found


def _request(row: Any) -> OpenRequest:
    about = RequestFacts(
        person_id=row.person_id,
        post_id=row.post_id,
        organisation_id=row.organisation_id,
        is_priority=row.is_priority,
        extensions=row.extensions,
        managers_decide=row.managers_decide,
    )
    return OpenRequest(row.action_id, AskedTime(row.titles, row.to_on), about, row.endorsed_at is not None)


_EXTENDED = sa.case(
    (col(ExtensionRequest.part_of_id).is_(None), col(Action.extensions)),
    else_=sa.func.coalesce(col(ActionSupport.extensions), 0),
)
_ASKED: Any = (
    sa.select(
        *(
            col(getattr(ExtensionRequest, name))
            for name in ("action_id", "post_id", "person_id", "to_on", "endorsed_at")
        ),
        col(Post.organisation_id),
        col(Post.titles),
        col(Action.is_priority),
        _EXTENDED.label("extensions"),
        col(Programme.managers_decide),
    )
    .join(Post, col(Post.id) == col(ExtensionRequest.post_id))
    .join(Action, col(Action.id) == col(ExtensionRequest.action_id))
    .join(Programme, col(Programme.id) == col(Action.programme_id))
    .outerjoin(
        ActionSupport,
        sa.and_(
            col(ActionSupport.action_id) == col(ExtensionRequest.action_id),
            col(ActionSupport.organisation_id) == col(ExtensionRequest.part_of_id),
        ),
    )
    .where(said("extension_request", IS_OPEN_REQUEST))
    .order_by(col(ExtensionRequest.asked_at), col(ExtensionRequest.id))
)
