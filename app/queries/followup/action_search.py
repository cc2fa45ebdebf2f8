"""The list of actions looked through for words of a title, or for a reference."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import references
from app.domain.permissions import Viewer
from app.domain.references import Reference
from app.models.actions import Action
from app.models.base import table_of
from app.models.recommendations import Recommendation
from app.queries.followup import worklist
from app.queries.followup.filters import ALL, OPEN_ONES, Filters
from app.queries.followup.worklist import PER_PAGE, Listed
from app.queries.scope import cursors, name_search, ranges, visible

SCANNED = 2000  # lines that one press looks through for words, which no index holds
_ACT = table_of(Action)


class Found(NamedTuple):
    """Lines that hold the words; `is_cut`: so many were looked through that the others wait for the next page."""

    lines: list[Listed]
    next: str
    is_cut: bool


def page(session: Session, viewer: Viewer, filters: Filters, after: str, today: dt.date) -> Found:
    """A page of the list, or of those of it that hold the words that were typed."""
    if filters.text:
        return _search(session, viewer, filters, after, today)
    lines = worklist.page(session, viewer, filters, after, today)
    return Found(lines[:PER_PAGE], worklist.following(lines), is_cut=False)


def _search(session: Session, viewer: Viewer, filters: Filters, after: str, today: dt.date) -> Found:
    """Those of the list with all the words in title or reference, among the next SCANNED of it: two statements.

    A whole reference is found whatever the state, unless one was chosen: by its index.
    """
    if reference := references.parse(filters.text):
        return Found(_referred(session, viewer, filters, reference), "", is_cut=False)
    asked, values = worklist.asked_for(session, viewer, filters, after, today)
    picked = worklist.picked_of(asked, SCANNED)
    if picked is None:
        return Found([], "", is_cut=False)
    named = name_search.conditions(filters.text, _ACT.c.titles, _ACT.c.ref)
    query = worklist.lines_of(picked).where(*named).limit(PER_PAGE + 1)
    lines = [Listed(*row) for row in session.execute(query, values)]
    if len(lines) > PER_PAGE:
        return Found(lines[:PER_PAGE], worklist.following(lines), is_cut=False)
    last = sa.select(picked.c.key, picked.c.id).order_by(*ranges.order(picked)).offset(SCANNED - 1)
    end = session.execute(last, values).first()
    return Found(lines, cursors.encode(end[0] or ranges.LAST, end[1]) if end else "", is_cut=end is not None)


def _referred(session: Session, viewer: Viewer, filters: Filters, reference: Reference) -> list[Listed]:
    """The action of a reference, or the actions of a recommendation."""
    parent = sa.select(col(Recommendation.id)).where(col(Recommendation.ref) == str(reference)).scalar_subquery()
    of = _ACT.c.recommendation_id == parent if reference.action is None else _ACT.c.ref == str(reference)
    named = sa.select(_ACT.c.id, _ACT.c.due_on.label("key")).where(of, visible.in_workspace(viewer))
    if filters.state not in (OPEN_ONES, ALL):
        named = named.where(_ACT.c.state == filters.state)
    query = worklist.lines_of(named.limit(PER_PAGE).subquery())
    return [Listed(*row) for row in session.execute(query)]
