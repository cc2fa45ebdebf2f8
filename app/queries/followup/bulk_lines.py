"""Actions to be changed together: those that were ticked, or the first of a list, of the viewer's own programmes."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import references
from app.domain.permissions import Role, Viewer
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.people import Organisation, Post
from app.models.recommendations import Theme
from app.queries.followup import action_search, worklist
from app.queries.followup.filters import Filters
from app.queries.scope import ranges, visible


@dataclass(frozen=True, slots=True)
class BulkCandidate:
    """A line to tick."""

    ref: str
    titles: Titles
    state: State
    due_on: dt.date | None
    is_published: bool
    version: int
    post: Titles | None
    organisation: Titles | None


def ticked(session: Session, viewer: Viewer, refs: Collection[str], limit: int) -> list[BulkCandidate]:
    """Only those of one's own programmes, by deadline; found by their references, not among all of the programme."""
    named = list(dict.fromkeys(map(references.canonical, refs)))[:limit]
    mine = ranges.unindexed(col(Action.programme_id)).in_(visible.programme_ids(session, viewer, Role.SECRETARIAT))
    query = _LINES.where(col(Action.ref).in_(named), mine).order_by(
        col(Action.due_on).asc().nulls_last(), col(Action.id)
    )
    return [BulkCandidate(*row) for row in session.execute(query)]


def listed(session: Session, viewer: Viewer, filters: Filters, today: dt.date, limit: int) -> list[BulkCandidate]:
    """The first of the list with these filters."""
    if filters.text:
        lines = action_search.page(session, viewer, filters, "", today).lines
        return ticked(session, viewer, [line.ref for line in lines], limit)
    asked, values = worklist.asked_for(session, viewer, filters, "", today)
    picked = worklist.picked_of(asked, limit)
    if picked is None:
        return []
    refs = sa.select(col(Action.ref)).join(picked, picked.c.id == col(Action.id)).order_by(*ranges.order(picked))
    return ticked(session, viewer, session.scalars(refs, values).all(), limit)


def themes(session: Session) -> list[tuple[int, Titles]]:
    query = sa.select(col(Theme.id), col(Theme.titles)).order_by(col(Theme.slug)).limit(_MOST_THEMES)
    return [(row[0], row[1]) for row in session.execute(query)]


_MOST_THEMES = 200
_LINES: Any = (
    sa.select(
        *(col(getattr(Action, name)) for name in ("ref", "titles", "state", "due_on")),
        col(Action.published_at).is_not(None),
        col(Action.version),
        col(Post.titles),
        col(Organisation.titles),
    )
    .outerjoin(Post, col(Post.id) == col(Action.owner_post_id))
    .outerjoin(Organisation, col(Organisation.id) == col(Post.organisation_id))
)
