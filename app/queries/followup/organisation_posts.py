"""What each post of an organisation owes: counts that stop early, one statement for a page of posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.texts import Titles
from app.domain.workflow import AWAITED, State
from app.models.actions import IS_AWAITED, Action, ActionSupport
from app.models.extensions import IS_OPEN_REQUEST, ExtensionRequest
from app.models.people import Holding, Organisation, Person, Post
from app.queries.scope import cursors, ranges
from app.queries.scope.seats import WRITTEN_TO
from app.statements import Statement

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class PostDuties:
    """One post; each count stops at one more than `ranges.MOST`. `holder`: who is written to, if anybody."""

    id: int
    slug: str
    titles: Titles
    organisation: Titles
    holder: str | None
    owed: int
    late: int
    silent: int
    blocked: int
    requests: int
    supported: int


@dataclass(frozen=True, slots=True)
class PostPage:
    rows: list[PostDuties]
    next: str


def of_bodies(session: Session, bodies: Sequence[int], given: dict[str, object], after: str = "") -> PostPage:
    """A page of the posts of these organisations; `given` says what day it is and since when silence counts."""
    point = cursors.number(after)
    values = given | ranges.put("body", bodies) | {"after": point[1] if point else 0}
    found = [PostDuties(*row) for row in _duties(len(bodies)).rows(session, values)]
    return PostPage(found[:PER_PAGE], cursors.following(found, PER_PAGE, lambda last: (last.id, last.id)))


def _counted(query: Any) -> Any:
    """So many of a post, asked for each by the index that begins with it."""
    few = query.limit(ranges.MOST + 1).correlate(Post).subquery()
    return sa.select(sa.func.count()).select_from(few).correlate(Post).scalar_subquery()


HEARD: Any = sa.func.coalesce(col(Action.last_word_at), col(Action.assigned_at))
TODAY: Any = sa.bindparam("today", type_=sa.Date())
SILENT: Any = sa.bindparam("silent")
STATES = tuple(sorted(AWAITED))


def _mine(*further: Any) -> Any:
    return sa.select(col(Action.id)).where(col(Action.owner_post_id) == col(Post.id), *further)


_HOLDER = (
    sa.select(col(Person.name))
    .select_from(Holding)
    .join(Person, col(Person.id) == col(Holding.person_id))
    .where(col(Holding.post_id) == col(Post.id), WRITTEN_TO)
    .limit(1)
    .correlate(Post)
    .scalar_subquery()
)
_REQUESTS = sa.select(col(ExtensionRequest.id)).where(
    col(ExtensionRequest.post_id) == col(Post.id), ranges.said("extension_request", IS_OPEN_REQUEST)
)
_SUPPORTED = sa.select(col(ActionSupport.action_id)).where(
    col(ActionSupport.post_id) == col(Post.id), col(ActionSupport.state).in_([one.value for one in STATES])
)
_AWAITED = col(Action.state).in_(STATES)
_COUNTS = (
    _mine(_AWAITED),
    _mine(_AWAITED, col(Action.due_on) < TODAY),
    _mine(ranges.said("action", IS_AWAITED), HEARD < SILENT),
    _mine(col(Action.state) == State.BLOCKED),
    _REQUESTS,
    _SUPPORTED,
)


@lru_cache(maxsize=16)
def _duties(bodies: int) -> Statement:
    named = (col(getattr(Post, name)) for name in ("id", "slug", "titles"))
    return Statement(
        sa.select(*named, col(Organisation.titles), _HOLDER, *map(_counted, _COUNTS))
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(col(Post.organisation_id).in_(ranges.places("body", bodies)), col(Post.id) > sa.bindparam("after"))
        .order_by(col(Post.id))
        .limit(PER_PAGE + 1)
    )
