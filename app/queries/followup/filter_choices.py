"""What the filters of the list of actions offer: bodies and meetings of which the viewer has actions, a few of them.

Where there are more, words of the name find the others.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.permissions import Viewer
from app.domain.texts import Titles
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.people import Organisation
from app.queries.followup import worklist
from app.queries.scope import name_search, ranges, visible

MOST = 60
_NEAREST = 100  # of somebody's own actions, whose bodies and meetings are offered before any word was typed
Offer = tuple[str, Titles]


def bodies(session: Session, viewer: Viewer, words: str = "") -> list[Offer]:
    """The organisations that lead such actions, one more than MOST where there are others."""
    query = _offered(session, viewer, Organisation, col(Action.lead_organisation_id), words)
    return _rows(session, query, col(Organisation.slug))


def meetings(session: Session, viewer: Viewer, words: str = "") -> list[Offer]:
    """The latest meetings of such actions, one more than MOST where there are others."""
    if programmes := visible.programme_ids(session, viewer):
        picked = ranges.first([_held(programme, words) for programme in programmes], MOST + 1, latest=True)
        query: Any = sa.select(col(Meeting.slug), col(Meeting.titles)).join(picked, picked.c.id == col(Meeting.id))
        return _rows(session, query, *ranges.order(picked, latest=True))
    query = _offered(session, viewer, Meeting, col(Action.meeting_id), words)
    return _rows(session, query, col(Meeting.held_on).desc(), col(Meeting.id).desc())


def _held(programme: int, words: str) -> Any:
    """Those of a programme by date: the index is walked until there are enough with an action."""
    has_actions = sa.exists().where(col(Action.meeting_id) == col(Meeting.id)).correlate(Meeting)
    named = name_search.conditions(words, col(Meeting.titles), col(Meeting.slug))
    keys: Any = sa.select(col(Meeting.id).label("id"), col(Meeting.held_on).label("key"))
    return keys.where(col(Meeting.programme_id) == programme, has_actions, *named)


def _offered(session: Session, viewer: Viewer, table: Any, key: Any, words: str) -> Any:
    """Of programmes by asking each; of one's own actions those of the nearest, or with the words of the name."""
    query = sa.select(col(table.slug), col(table.titles)).where(
        *name_search.conditions(words, table.titles, table.slug)
    )
    nearest = None if words else worklist.scope(viewer, (), _NEAREST)
    if nearest is None or visible.programme_ids(session, viewer):
        return query.where(sa.exists().where(key == col(table.id), visible.in_workspace(viewer)).correlate(table))
    return query.where(col(table.id).in_(sa.select(key).where(col(Action.id).in_(nearest))))


def _rows(session: Session, query: Any, *order: Any) -> list[Offer]:
    return [(row[0], row[1]) for row in session.execute(query.order_by(*order).limit(MOST + 1)).all()]
